"""Where somebody is signed in: listed, ended one by one, ended by what happens to the sign-in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from guanxi.kernel.actor import system_actor
from guanxi.kernel.acts import invalidate_record, restore_record
from guanxi.people.accounts import close_signin, open_signin, reset_password
from guanxi.people.devices import device
from guanxi.people.models import ApiToken, Person, SignedIn
from guanxi.people.sessions import KEPT, SEEN, STEP, forget_sessions
from guanxi.people.tokens import make_token, open_token
from guanxi.testing.people import api_client

SYSTEM = system_actor("tests")
LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
PASSWORD, NEW = "Kaixin-2026-tian", "Xin-mima-2027-ok"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(firm):
    role = firm.role("销售", {("people", "view"): "all"})
    return firm.signs_in(firm.person("林晓雯", role), "linxiaowen")


def browser(agent=CHROME, name="linxiaowen", password=PASSWORD):
    client = Client(headers={"User-Agent": agent})
    client.post(LOGIN, {"login": name, "password": password})
    return client


def is_in(client):
    return client.get("/profile/tokens/").status_code == 200


def stored(person):
    return Person.rows(SYSTEM).get(pk=person.pk)


def lines(client):
    return client.get("/profile/").context["sessions"]


def test_each_browser_is_a_line_on_ones_own_page(lin):
    desk, phone = browser(), browser(PHONE)
    shown = lines(desk)
    assert [(one["device"], one["here"]) for one in shown] == [
        ("Chrome · Windows", True),
        ("微信 · iPhone", False),
    ]
    assert {one["address"] for one in shown} == {"127.0.0.1"}
    assert SignedIn.objects.count() == 2, "a page more is no sign-in more"
    key = SignedIn.objects.get(agent=PHONE).key
    assert key not in desk.get("/profile/").content.decode()
    assert is_in(phone)


def test_ending_one_signs_out_there_and_nowhere_else(lin):
    desk, phone = browser(), browser(PHONE)
    row = SignedIn.objects.get(agent=PHONE)
    assert desk.get(f"/profile/sessions/{row.pk}/end/").status_code == 405
    assert desk.post(f"/profile/sessions/{row.pk}/end/").status_code == 303
    assert not is_in(phone)
    assert is_in(desk)
    row.refresh_from_db()
    assert (row.ended_by, row.key) == ("林晓雯", "")
    assert desk.post(f"/profile/sessions/{row.pk}/end/").status_code == 404, "ended already"


def test_ending_all_others_leaves_this_one(lin):
    desk, phone, tablet = browser(), browser(PHONE), browser("Mozilla/5.0 (iPad) Safari/604")
    assert desk.post("/profile/sessions/end/").status_code == 303
    assert [is_in(one) for one in (desk, phone, tablet)] == [True, False, False]
    assert len(lines(desk)) == 1


def test_nobody_ends_somebody_elses(firm, lin):
    theirs = browser()
    firm.administrator()
    row = SignedIn.objects.get()
    assert browser(name="guanli").post(f"/profile/sessions/{row.pk}/end/").status_code == 404
    assert is_in(theirs)


def test_signing_out_ends_the_line(lin):
    client = browser()
    client.post("/accounts/logout/")
    row = SignedIn.objects.get()
    assert row.ended_at is not None
    assert not Session.objects.filter(session_key=row.key).exists()


def test_the_last_use_is_noted_now_and_then(lin):
    client = browser()
    SignedIn.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    client.get("/profile/")
    assert SignedIn.objects.get().seen_at < timezone.now() - timedelta(hours=1), "not each time"
    session = client.session
    session[SEEN] -= STEP
    session.save()
    client.get("/profile/")
    assert timezone.now() - SignedIn.objects.get().seen_at < timedelta(minutes=1)


def test_a_new_password_of_ones_own_ends_the_others_and_keeps_tokens(lin):
    desk, phone = browser(), browser(PHONE)
    _made, token = make_token(lin, name="ERP", scope="read", days=30)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert desk.post(CHANGE, sent).status_code == 302
    assert is_in(desk)
    assert not is_in(phone)
    assert open_token(token) is not None
    shown = lines(desk)
    assert [one["here"] for one in shown] == [True], "the same line under its new key"


def test_who_ends_where_they_are_is_signed_out_with_a_page(firm, lin):
    client = browser()
    row = SignedIn.objects.get()
    assert client.post(f"/profile/sessions/{row.pk}/end/").status_code == 303
    assert not is_in(client)
    admin = firm.administrator()
    boss = browser(name="guanli")
    url = f"/persons/{admin.pk}/account/"
    answer = boss.post(url, {"act": "reset", "version": stored(admin).version})
    assert answer.status_code == 200
    given = answer.context["password"]
    assert given in answer.content.decode()
    assert not is_in(boss)
    assert browser(name="guanli", password=given).get("/")["Location"] == CHANGE


def reset(person):
    reset_password(SYSTEM, stored(person))


def off_and_on(person):
    close_signin(SYSTEM, stored(person))
    open_signin(SYSTEM, stored(person))


def void_and_back(person):
    invalidate_record(SYSTEM, stored(person))
    restore_record(SYSTEM, stored(person))


@pytest.mark.parametrize("act", [reset, off_and_on, void_and_back])
def test_what_an_administrator_takes_does_not_come_back(lin, act):
    client, program = browser(), api_client(lin)
    assert program.get("/api/v1/persons").status_code == 200
    act(lin)
    assert not is_in(client)
    assert program.get("/api/v1/persons").status_code == 401
    assert ApiToken.objects.get().revoked_at is not None
    assert SignedIn.objects.get().ended_at is not None


def test_an_administrator_sees_and_ends_a_persons_sessions(firm, lin):
    desk, phone = browser(), browser(PHONE)
    firm.administrator()
    boss = browser(name="guanli")
    url = f"/persons/{lin.pk}/account/"
    page = boss.get(url)
    assert len(page.context["sessions"]) == 2
    assert "访问令牌也永久作废" in page.content.decode()
    row = SignedIn.objects.get(agent=PHONE)
    assert boss.post(url, {"act": "end_session", "session": row.pk}).status_code == 303
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert boss.post(url, {"act": "end_session", "session": "nonsense"}).status_code == 303
    assert is_in(desk)
    assert boss.post(url, {"act": "end_sessions"}).status_code == 303
    assert not is_in(desk)
    assert is_in(boss)
    log = boss.get("/security/sign-ins/")
    assert [line["name"] for line in log.context["lines"]].count("林晓雯") == 2
    assert browser(name="linxiaowen").get("/security/sign-ins/").status_code == 404


def test_old_rows_are_forgotten_and_sessions_with_them(lin):
    browser(), browser(PHONE)
    SignedIn.objects.filter(agent=PHONE).update(seen_at=timezone.now() - KEPT * 2)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    assert forget_sessions() == 1
    assert not Session.objects.exists()
    assert SignedIn.objects.get().agent == CHROME


@pytest.mark.parametrize(
    "agent, words",
    [
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/140.0", "Edge · Windows"),
        (PHONE, "微信 · iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile wxwork/4.1 MicroMessenger/7",
            "企业微信 · Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari · macOS"),
        ("curl/8.5.0", "curl"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_devices_in_words(agent, words):
    assert device(agent) == words
