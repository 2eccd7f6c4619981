"""Signing in through the real pages of the sign-in library: our forms, backend and throttle."""

import pytest
from django.db import connection
from django.test import Client

from guanxi.kernel.actor import system_actor
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.record import open_door
from guanxi.people.accounts import (
    close_signin,
    edit_myself,
    give_signin,
    open_signin,
    propose_username,
    reset_password,
)
from guanxi.people.models import Person, User
from guanxi.people.passwords import readable_password
from guanxi.people.signin import user_by_any_name

SYSTEM = system_actor("tests")
LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
PASSWORD = "Kaixin-2026-tian"
WRONG = "用户名或密码不对。"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(firm):
    role = firm.role("销售", {("people", "view"): "all"})
    person = firm.person("林晓雯", role, mobile="138 1234 5678", email="Lin.Xiaowen@example.com")
    return firm.signs_in(person, "linxiaowen")


def stored(person):
    return Person.rows(SYSTEM).get(pk=person.pk)


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def is_in(client):
    return client.get("/profile/").status_code == 200


NAMES = [
    "linxiaowen",
    "LinXiaowen",
    " linxiaowen ",
    "ｌｉｎｘｉａｏｗｅｎ",
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+86 138 1234 5678",
    "+8613812345678",
    "008613812345678",
    "１３８１２３４５６７８",
    "lin.xiaowen@example.com",
    "LIN.XIAOWEN@EXAMPLE.COM",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_way_to_write_the_name_works(lin, client, name):
    assert sign_in(client, name).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("name", ["1381234567", "2345678", "lin", "林晓雯", "", "%", "@", "+"])
def test_pieces_of_a_name_name_nobody(lin, name):
    assert user_by_any_name(name) is None


def test_wrong_password_unknown_user_and_closed_sign_in_look_the_same(firm, lin):
    closed = firm.signs_in(firm.person("离职", mobile="139 0000 1111"), "lizhi")
    close_signin(SYSTEM, stored(closed))
    void = firm.signs_in(firm.person("失效"), "shixiao")
    invalidate_record(SYSTEM, stored(void))
    pages = []
    for name, password in (
        ("linxiaowen", "nope"),
        ("nobody-here", PASSWORD),
        ("lizhi", PASSWORD),
        ("13900001111", PASSWORD),
        ("shixiao", PASSWORD),
    ):
        answer = sign_in(Client(), name, password)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert WRONG in text
        assert PASSWORD not in text
        token = answer.context["csrf_token"]
        pages.append(text.replace(name, "NAME").replace(str(token), ""))
    bodies = {page.split("<body", 1)[1].split("csrfmiddlewaretoken")[0] for page in pages}
    assert len(bodies) == 1


def test_a_password_is_hashed_for_unknown_names_too(lin, client, monkeypatch):
    """Otherwise the time would tell which names exist."""
    hashed = []
    real = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda user, raw: hashed.append(raw) or real(user, raw)
    )
    sign_in(client, "nobody-here", "guess")
    assert hashed == ["guess"]


def test_two_people_who_sign_in_can_not_share_a_phone(firm, lin):
    other = firm.signs_in(firm.person("另一位"), "other")
    with pytest.raises(Invalid) as refusal:
        edit_myself(firm.actor(other), {"mobile": "+8613812345678"})
    assert "mobile" in refusal.value.errors
    unsigned = firm.person("同号", mobile="13812345678")
    assert user_by_any_name("13812345678") == lin.user
    with pytest.raises(Invalid):
        give_signin(SYSTEM, unsigned, username="tonghao")
    close_signin(SYSTEM, stored(lin))
    give_signin(SYSTEM, stored(unsigned), username="tonghao")
    with pytest.raises(Invalid):
        open_signin(SYSTEM, stored(lin))


def test_two_open_sign_ins_with_one_phone_name_nobody(firm, lin):
    other = firm.signs_in(firm.person("另一位"), "other")
    with open_door():
        Person._all.filter(pk=other.pk).update(mobile="1381234567 8", mobile_e164="+8613812345678")
    assert user_by_any_name("13812345678") is None
    assert user_by_any_name("linxiaowen") == lin.user
    assert WRONG in sign_in(Client(), "13812345678").content.decode()


def test_attempts_are_throttled_per_person_however_the_name_is_spelt(lin):
    for name in NAMES[:5]:
        assert WRONG in sign_in(Client(), name, "guess").content.decode()
    answer = sign_in(Client(), "13812345678", PASSWORD)
    assert "试得太多" in answer.content.decode()
    assert answer.wsgi_request.user.is_anonymous
    other_host = Client().post(
        LOGIN, {"login": "linxiaowen", "password": PASSWORD}, headers={"host": "127.0.0.1"}
    )
    assert "试得太多" in other_host.content.decode()


def test_the_throttle_lives_in_the_database_that_all_processes_share(lin):
    sign_in(Client(), "linxiaowen", "guess")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert any("login_failed" in key for key in keys)


def test_good_sign_ins_use_up_no_attempts(lin):
    for _ in range(8):
        assert sign_in(Client(), "linxiaowen").status_code == 302


def test_next_leads_only_into_this_installation(lin):
    assert sign_in(Client(), "linxiaowen", next="/profile/?a=1").url == "/profile/?a=1"
    for evil in (
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        assert sign_in(Client(), "linxiaowen", next=evil).url == "/"


def test_only_the_needed_addresses_exist(client, lin):
    for path in (
        "signup/",
        "email/",
        "inactive/",
        "password/reset/",
        "confirm-email/",
        "reauthenticate/",
    ):
        assert client.get(f"/accounts/{path}").status_code == 404
    assert client.get("/accounts/").status_code == 404
    assert client.get(LOGIN).status_code == 200
    sign_in(client, "linxiaowen")
    assert client.get("/accounts/email/").status_code == 404


def test_signing_out_takes_a_post(client, lin):
    sign_in(client, "linxiaowen")
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/accounts/logout/").url == LOGIN
    assert not is_in(client)


ENDS = {
    "closed": lambda person: close_signin(SYSTEM, stored(person)),
    "invalidated": lambda person: invalidate_record(SYSTEM, stored(person)),
    "reset": lambda person: reset_password(SYSTEM, stored(person)),
}


@pytest.mark.parametrize("way", ENDS)
def test_a_session_ends_with_the_sign_in(client, firm, lin, way):
    firm.administrator()
    sign_in(client, "linxiaowen")
    assert is_in(client)
    ENDS[way](lin)
    answer = client.get("/profile/")
    assert answer.status_code == 303
    assert answer["Location"] == f"{LOGIN}?next=%2Fprofile%2F"


def test_a_script_is_led_to_the_sign_in_page_and_back_to_its_page(client, lin):
    answer = client.get(
        "/profile/",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/customers/?page=2"},
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"{LOGIN}?next=%2Fcustomers%2F%3Fpage%3D2"


def test_a_one_time_password_must_be_changed_first(client, firm):
    person = firm.person("新人", firm.role("看", {("people", "view"): "all"}))
    password = give_signin(SYSTEM, person, username="xinren")
    sign_in(client, "xinren", password)
    for path in ("/profile/", "/organisation/", "/persons/", "/"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer["Location"].startswith(CHANGE)
    given = {"oldpassword": password}
    for wrong in (password, "12345678", "short7", "xinren99"):
        answer = client.post(CHANGE, {**given, "password1": wrong, "password2": wrong})
        assert answer.status_code == 200, wrong
        assert answer.context["form"].errors
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(CHANGE, {"oldpassword": "wrong", **chosen}).status_code == 200
    assert client.post(f"{CHANGE}?next=/profile/", {**given, **chosen}).url == "/profile/"
    assert is_in(client)
    assert not User.objects.get(username="xinren").must_change_password
    assert not sign_in(Client(), "xinren", password).wsgi_request.user.is_authenticated


def test_password_faults_are_told_in_chinese(client, lin):
    sign_in(client, "linxiaowen")
    sent = {"oldpassword": PASSWORD, "password1": "a1", "password2": "a1"}
    text = client.post(CHANGE, sent).content.decode()
    assert "密码太短了，至少要 8 位。" in text


def test_the_language_is_chosen_before_the_sign_in(client, lin):
    assert "登录" in client.get(LOGIN).content.decode()
    answer = client.post("/profile/language/", {"language": "en", "next": LOGIN})
    assert answer["Location"] == LOGIN
    assert "Sign in" in client.get(LOGIN).content.decode()
    client.post("/profile/language/", {"language": "xx", "next": "//evil.example/"})
    assert "Sign in" in client.get(LOGIN).content.decode()
    assert client.get("/profile/language/").status_code == 405


def test_user_names_are_proposed_from_pinyin(firm):
    assert propose_username("张伟") == "zhangwei"
    firm.signs_in(firm.person("张伟"), "zhangwei")
    assert propose_username("章薇") == "zhangwei2"
    assert propose_username("单晓燕") == "shanxiaoyan"
    assert propose_username("O’Neil 3") == "oneil3"
    assert propose_username("…").startswith("user")


@pytest.mark.parametrize(
    "name", ["", "a", "1abc", "13812345678", "a@b.cn", "张伟", "a b", "x" * 31]
)
def test_user_names_that_mean_something_else_are_refused(firm, name):
    with pytest.raises(Invalid) as refusal:
        give_signin(SYSTEM, firm.person("某人"), username=name)
    assert "username" in refusal.value.errors
    assert not User.objects.exists()


def test_a_user_name_is_given_once_in_any_case(firm, lin):
    with pytest.raises(Invalid):
        give_signin(SYSTEM, firm.person("某人"), username="LinXiaowen")
    with pytest.raises(Refused):
        give_signin(SYSTEM, stored(lin), username="second")


def test_one_time_passwords_pass_the_rules_and_differ(firm):
    made = {readable_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 14 and not set(password) & set("0o1il") for password in made)


def test_changing_a_number_changes_what_one_signs_in_with(firm, lin):
    edit_myself(firm.actor(lin), {"mobile": "+852 5123 4567"})
    assert user_by_any_name("13812345678") is None
    assert user_by_any_name("+85251234567") == lin.user


def test_an_open_sign_in_needs_the_user_and_the_person(lin, client):
    """Undoing the closing of a sign-in in the journal alone opens nothing."""
    close_signin(SYSTEM, stored(lin))
    person = stored(lin)
    with change(SYSTEM, person):
        person.signs_in = True
    sign_in(client, "linxiaowen")
    assert not is_in(client)
    open_signin(SYSTEM, stored(lin))
    sign_in(client, "linxiaowen")
    assert is_in(client)
