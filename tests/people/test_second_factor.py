"""Two-step sign-in: set up, asked for, used once, recovered from, reset; who must, is led there."""

import contextlib
import re
import time

import pytest
from django.core.cache import cache
from django.test import Client

from guanxi.cli.program import main
from guanxi.kernel.actor import system_actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.journal import changes_of
from guanxi.kernel.outbox import deliver
from guanxi.kernel.sealing import Sealed
from guanxi.kernel.undo import undo_change
from guanxi.notices.events import CODE_USED, FACTOR_RESET
from guanxi.notices.models import Notice
from guanxi.people import totp
from guanxi.people.accounts import close_signin, reset_factor
from guanxi.people.models import Person, RecoveryCode, SecondFactor, Security, SignedIn, User
from guanxi.people.organisation import touch
from guanxi.people.rights import roles_of
from guanxi.people.specs import PERSON
from guanxi.testing.people import api_client

SYSTEM = system_actor("tests")
LOGIN, CODE, PAGE = "/accounts/login/", "/accounts/code/", "/profile/second-factor/"
PASSWORD = "Kaixin-2026-tian"
RECOVERY = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>")
#: RFC 6238, appendix B, with SHA-1: the last six digits.
STANDARD = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}

pytestmark = pytest.mark.django_db


class Clock:
    """The time the codes are made of."""

    def __init__(self, now):
        self.now = now

    def time(self):
        return self.now

    def later(self, seconds=totp.PERIOD):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    found = Clock(time.time())
    monkeypatch.setattr(totp, "time", found)
    return found


@pytest.fixture
def lin(firm, clock):
    role = firm.role("销售", {("people", "view"): "all"})
    return firm.signs_in(firm.person("林晓雯", role), "linxiaowen")


@pytest.fixture
def boss(firm):
    return firm.administrator()


def decide(**values):
    Security.objects.update_or_create(book=1, defaults=values)
    touch()


def sign_in(client, name="linxiaowen", **more):
    return client.post(LOGIN, {"login": name, "password": PASSWORD, **more})


def is_in(client):
    return client.get("/profile/tokens/").status_code == 200


def secret_of(person):
    return Sealed(SecondFactor.objects.get(user_id=person.user_id).secret).open()


def code(person, steps=0):
    return totp.code_at(secret_of(person), totp.step_now() + steps)


def set_up(client):
    """Does what the page says; returns the recovery codes it shows."""
    key = client.get(PAGE).context["app"]["key"].replace(" ", "")
    typed = totp.code_at(key, totp.step_now())
    answer = client.post(PAGE, {"act": "set_up", "code": typed, "password": PASSWORD})
    assert answer.status_code == 200, answer.context["fields"]
    return RECOVERY.findall(answer.content.decode())


@pytest.fixture
def secured(lin, clock):
    """Lin with a second step, and a moment later; the browser it was set up with, the codes."""
    client = Client()
    sign_in(client)
    lin.client, lin.codes = client, set_up(client)
    clock.later()
    return lin


def test_the_codes_are_those_of_the_standard(clock):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at, expected in STANDARD.items():
        clock.now = at
        assert totp.code_at(secret, totp.step_now()) == expected
        assert totp.step_of(secret, expected) == totp.step_now()


def test_setting_up_needs_the_password_and_the_right_code(lin, client):
    sign_in(client)
    page = client.get(PAGE)
    assert "no-store" in page["Cache-Control"]
    key = page.context["app"]["key"].replace(" ", "")
    assert f"secret={key}" in page.context["app"]["address"]
    assert "<svg" in page.content.decode()
    right = totp.code_at(key, totp.step_now())
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for sent, field in (
        ({"code": wrong, "password": PASSWORD}, "code"),
        ({"code": "", "password": PASSWORD}, "code"),
        ({"code": right, "password": "nope"}, "password"),
        ({"code": right}, "password"),
    ):
        answer = client.post(PAGE, {"act": "set_up", **sent})
        assert answer.status_code == 422
        assert [one["name"] for one in answer.context["fields"] if one.get("error")] == [field]
        assert answer.context["app"]["key"].replace(" ", "") == key, "scanned already"
    assert not SecondFactor.objects.exists()
    cache.clear()
    assert len(set_up(client)) == 10
    row = SecondFactor.objects.get()
    assert key not in row.secret
    assert Sealed(row.secret).open() == key
    assert is_in(client)
    events = [one.event for one in changes_of(PERSON, lin)]
    assert events[0] == "people.person.second_factor_set_up"


def test_setting_it_up_signs_out_everywhere_else(lin, client):
    other = Client()
    sign_in(other)
    sign_in(client)
    set_up(client)
    assert SignedIn.objects.filter(ended_at=None).count() == 1
    assert not is_in(other)
    assert is_in(client)


def test_after_the_password_the_code_is_asked_for(secured, client):
    answer = sign_in(client, next="/customers/")
    assert answer["Location"] == CODE
    assert not is_in(client)
    assert client.get(LOGIN)["Location"] == CODE, "the sign-in that waits goes on"
    assert client.post(CODE, {"code": "000000"}).status_code == 422
    assert not is_in(client)
    spaced = f" {code(secured)[:3]} {code(secured)[3:]} "
    answer = client.post(CODE, {"code": spaced})
    assert answer["Location"].endswith("/customers/") or answer["Location"] == "/"
    assert is_in(client)
    assert client.get(CODE)["Location"] == "/"


def test_a_code_opens_once_and_for_about_a_minute(secured, client, clock):
    taken = code(secured)
    sign_in(client)
    client.post(CODE, {"code": taken})
    assert is_in(client)
    other = Client()
    sign_in(other)
    answer = other.post(CODE, {"code": taken})
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()
    assert other.post(CODE, {"code": code(secured, -1)}).status_code == 422, "older than the last"
    clock.later(90)
    assert other.post(CODE, {"code": taken}).status_code == 422
    assert other.post(CODE, {"code": code(secured, -2)}).status_code == 422
    assert other.post(CODE, {"code": code(secured, 1)}).status_code == 302, "a clock a bit fast"


def test_the_code_it_was_set_up_with_does_not_open_again(lin, client):
    sign_in(client)
    set_up(client)
    other = Client()
    sign_in(other)
    assert other.post(CODE, {"code": code(lin)}).status_code == 422


def test_a_recovery_code_opens_once_and_its_owner_is_told(secured, client):
    sign_in(client)
    url = f"{CODE}?with=recovery"
    assert client.post(url, {"code": "aaaa-bbbb-cccc-dddd"}).status_code == 422
    typed = secured.codes[3].upper().replace("-", " ")
    assert client.post(url, {"code": typed}).status_code == 302
    assert "还剩 9 个" in client.get("/profile/").content.decode()
    other = Client()
    sign_in(other)
    assert other.post(url, {"code": secured.codes[3]}).status_code == 422
    assert other.post(CODE, {"code": secured.codes[4]}).status_code == 422, "not the app's field"
    deliver()
    assert Notice.objects.get(kind=CODE_USED).person_id == secured.pk
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(one in stored for one in secured.codes)


def test_new_recovery_codes_void_the_old_ones(secured, client):
    assert secured.client.post(PAGE, {"act": "codes", "password": "x"}).status_code == 422
    answer = secured.client.post(PAGE, {"act": "codes", "password": PASSWORD})
    fresh = RECOVERY.findall(answer.content.decode())
    assert len({*fresh, *secured.codes}) == 20
    sign_in(client)
    assert client.post(f"{CODE}?with=recovery", {"code": secured.codes[0]}).status_code == 422
    assert client.post(f"{CODE}?with=recovery", {"code": fresh[0]}).status_code == 302


def test_guesses_are_throttled_for_the_person_in_every_browser(secured):
    for _guess in range(5):
        client = Client()
        sign_in(client)
        assert client.post(CODE, {"code": "000000"}).status_code == 422
    client = Client()
    sign_in(client)
    assert client.post(CODE, {"code": code(secured)}).status_code == 429
    assert client.post(f"{CODE}?with=recovery", {"code": secured.codes[0]}).status_code == 429
    assert not is_in(client)
    cache.clear()
    assert client.post(CODE, {"code": code(secured)}).status_code == 302


def test_nobody_gets_round_the_second_step(secured, client):
    sign_in(client)
    for url in ("/", "/customers/", PAGE, "/accounts/password/change/", "/profile/tokens/"):
        assert client.get(url)["Location"].startswith(LOGIN), url
    bare = Client()
    bare.force_login(User.objects.get(pk=secured.user_id))
    assert not is_in(bare), "a session that came by another way"
    assert Client().get(CODE)["Location"] == LOGIN
    assert client.post(CODE, {"leave": "1"})["Location"] == LOGIN
    assert client.get(CODE)["Location"] == LOGIN


def test_what_happens_to_the_sign_in_while_the_code_is_asked_for(secured, boss, client):
    sign_in(client)
    reset_factor(SYSTEM, Person.rows(SYSTEM).get(pk=secured.pk))
    assert client.get(CODE)["Location"] == "/", "the password was right, and is all there is now"
    assert is_in(client)
    client = Client()
    sign_in(client)
    set_up(client)
    other = Client()
    sign_in(other)
    close_signin(SYSTEM, Person.rows(SYSTEM).get(pk=secured.pk))
    assert other.get(CODE)["Location"] == LOGIN
    assert other.get(LOGIN).status_code == 200, "no circle"


def test_taking_a_change_back_in_the_journal_opens_nothing(secured, client):
    first = next(one for one in changes_of(PERSON, secured) if one.event.endswith("_set_up"))
    with contextlib.suppress(Refused):
        undo_change(SYSTEM, first)
    assert sign_in(client)["Location"] == CODE
    assert client.get("/customers/")["Location"].startswith(LOGIN)


def test_switching_it_off_needs_the_password_and_is_journaled(secured, client):
    assert secured.client.post(PAGE, {"act": "remove", "password": ""}).status_code == 422
    assert SecondFactor.objects.exists()
    assert secured.client.post(PAGE, {"act": "remove", "password": PASSWORD}).status_code == 303
    assert not SecondFactor.objects.exists()
    assert changes_of(PERSON, secured)[0].event == "people.person.second_factor_removed"
    assert sign_in(client)["Location"] == "/"
    assert is_in(client)


def test_switched_off_by_the_settings_nobody_is_asked(secured, client):
    decide(second_factor="off")
    assert sign_in(client)["Location"] == "/"
    assert is_in(client)
    assert client.post(PAGE, {"act": "set_up"}).status_code == 409
    decide(second_factor="free")
    assert not is_in(client), "this browser never took the second step"
    assert is_in(secured.client)


@pytest.mark.parametrize("asked", ["all", "roles"])
def test_who_must_is_led_to_setting_it_up_before_all_else(lin, boss, client, asked):
    decide(second_factor=asked, second_factor_roles=roles_of(lin.pk))
    sign_in(client)
    for url in ("/", "/customers/", "/profile/", "/profile/tokens/"):
        assert client.get(url)["Location"].startswith(PAGE), url
    page = client.get(f"{PAGE}?next=/customers/")
    assert page.context["forced"]
    assert 'class="side' not in page.content.decode()
    set_up(client)
    assert is_in(client)
    other = Client()
    sign_in(other, "guanli")
    assert is_in(other) is (asked == "roles")


def test_api_tokens_work_without_a_code(secured):
    decide(second_factor="all")
    assert api_client(secured).get("/api/v1/persons").status_code == 200


def test_an_administrator_resets_it_and_the_person_is_told(secured, boss, client):
    sign_in(client, "guanli")
    url = f"/persons/{secured.pk}/account/"
    assert "两步验证" in client.get(url).content.decode()
    version = Person.rows(SYSTEM).get(pk=secured.pk).version
    assert client.post(url, {"act": "reset_factor", "version": version}).status_code == 303
    assert not is_in(secured.client), "whoever is in must sign in anew"
    assert sign_in(secured.client)["Location"] == "/"
    change = changes_of(PERSON, secured)[0]
    assert (change.event, change.person_id) == ("people.person.second_factor_reset", boss.pk)
    deliver()
    assert Notice.objects.get(kind=FACTOR_RESET).person_id == secured.pk
    again = client.post(url, {"act": "reset_factor", "version": version + 1})
    assert again.status_code == 409


def test_only_who_administers_resets(firm, secured, client):
    other = firm.signs_in(
        firm.person("同事", firm.role("看", {("people", "view"): "all"})), "tongshi"
    )
    sign_in(client, other.user.username)
    assert (
        client.post(f"/persons/{secured.pk}/account/", {"act": "reset_factor"}).status_code == 404
    )
    assert SecondFactor.objects.exists()


def test_the_command_lets_a_locked_out_administrator_in(secured, client, capsys):
    assert main(["user", "unlock", "林晓雯"]) == 0
    assert "两步验证" in capsys.readouterr().out
    assert sign_in(client)["Location"] == "/"
    assert main(["user", "unlock", "林晓雯"]) == 1


def test_a_lost_key_still_lets_recovery_codes_open(secured, client, settings):
    settings.FIELD_KEYS = ("z" * 40,)
    sign_in(client)
    answer = client.post(CODE, {"code": "123456"})
    assert "恢复码" in answer.context["fields"][0]["error"]
    assert client.post(f"{CODE}?with=recovery", {"code": secured.codes[0]}).status_code == 302


def test_the_settings_are_kept_and_checked(boss, lin, client):
    sign_in(client, "guanli")
    sent = {"idle_minutes": "0", "password_days": "0"}
    for wrong in ({"second_factor": "nonsense"}, {"second_factor": "roles"}):
        answer = client.post("/security/", sent | wrong)
        assert answer.status_code == 422
        assert answer.context["asked"]["error"]
    one = roles_of(lin.pk)[0]
    answer = client.post("/security/", sent | {"second_factor": "roles", f"role_{one}": "1"})
    assert answer.status_code == 303
    row = Security.objects.get()
    assert (row.second_factor, row.second_factor_roles) == ("roles", [one])
    page = client.get("/security/")
    assert [box["id"] for box in page.context["roles"] if box["checked"]] == [one]
    assert page.context["count"] == {"on": 0, "all": 2}
