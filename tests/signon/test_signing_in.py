"""Signing in through each of the four houses, and everything that must not get anybody in."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.sealing import seal
from guanxi.people import totp
from guanxi.people.accounts import close_signin
from guanxi.people.models import SecondFactor, Security, SignedIn, User
from guanxi.people.organisation import touch
from guanxi.signon.flow import AT_MOST, GOOD_FOR, PENDING
from guanxi.signon.models import Account, Happening
from guanxi.testing.houses.oidc import discovery
from guanxi.testing.houses.people import SECRET, SPOILT, Somebody
from guanxi.testing.people import SYSTEM
from tests.signon.conftest import CHEN, KINDS, PASSWORD, Browser, connected, fresh

pytestmark = pytest.mark.django_db


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def why(answer):
    """The sentence the person reads, and that nobody got in."""
    assert answer.status_code in (403, 429, 502, 504)
    return answer.context["sentence"]


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_has_connected_an_account_comes_in_with_it(provider, chen, browser, kind):
    house = provider(kind)
    account = connected(house, chen)
    answer = browser.sign_in(house, next="/customers/?q=华维")
    assert answer.status_code == 302
    assert unquote(answer["Location"]) == "/customers/?q=华维"
    assert browser.who == "user-陈立"
    account.refresh_from_db()
    assert account.used_at is not None
    assert account.name == ("ChenLi" if kind == "wecom" else "陈立")
    line = Happening.objects.get(what="signed_in")
    assert (line.person, line.provider, line.address) == ("陈立", house.name, "127.0.0.1")


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_made_nobody(provider, chen, browser, houses, kind):
    """Not even where people are recognised by what they have in common."""
    house = provider(
        kind, by_email=True, by_mobile=True, by_number=True, number_claim="employee_number"
    )
    houses.people["neu"] = Somebody("neu", "新人", "neu@example.com", "13900139009", "Z-1")
    users = User.objects.count()
    answer = browser.sign_in(house, "neu")
    assert "还没有人关联这个账号" in why(answer)
    assert (browser.who, User.objects.count(), Account.objects.count()) == (None, users, 0)
    line = Happening.objects.get()
    assert (line.what, line.why) == ("failed", "unknown")


def test_the_state_is_good_once(provider, chen, browser, houses):
    house = provider("oidc")
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    assert browser.come_back(back).status_code == 302
    browser.client.logout()
    houses.asked.clear()
    assert "另一个窗口" in why(browser.come_back(back))
    assert (browser.who, houses.asked) == (None, []), "the house is not even asked"


def test_a_state_used_up_is_not_given_back_by_a_fault(provider, chen, browser, houses):
    house = provider("oidc")
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    houses.spoil = "signature"
    assert "签名" in why(browser.come_back(back))
    houses.spoil = ""
    assert "另一个窗口" in why(browser.come_back(back))


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_belongs_to_the_browser_that_asked(provider, chen, browser, kind):
    """Nobody is led into an account by a link somebody else sends."""
    house = provider(kind)
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    other = Browser(Client())
    assert "另一个窗口" in why(other.come_back(back))
    assert other.who is None


def test_a_state_belongs_to_one_house(provider, chen, browser):
    one, other = provider("oidc"), provider("wecom")
    connected(other, chen)
    state = query_of(browser.leave(one))["state"]
    answer = browser.client.get(f"/accounts/with/{other.pk}/back/?code=x&state={state}")
    assert "另一个窗口" in why(answer)


def test_a_state_grows_old(provider, chen, browser):
    house = provider("wecom")
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    session = browser.client.session
    for kept in session[PENDING].values():
        kept["at"] -= GOOD_FOR + 1
    session.save()
    assert "另一个窗口" in why(browser.come_back(back))


def test_a_session_keeps_a_few_attempts_only(provider, browser):
    house = provider("wecom")
    states = [query_of(browser.leave(house))["state"] for _unused in range(AT_MOST + 2)]
    assert list(browser.client.session[PENDING]) == states[-AT_MOST:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_that_is_too_old_gets_nobody_in(provider, chen, browser, houses, kind):
    house = provider(kind)
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    for code in houses.codes.values():
        code.at -= 600
    assert "太长时间" in why(browser.come_back(back))
    assert browser.who is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_is_good_once(provider, chen, browser, houses, kind):
    house = provider(kind)
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    for code in houses.codes.values():
        code.used = True
    assert "请重新开始" in why(browser.come_back(back))
    assert browser.who is None


WORDS = {
    "signature": "签名",
    "none": "签名",
    "hmac": "签名",
    "key": "签名",
    "issuer": "其他地方",
    "audience": "另一个程序",
    "azp": "另一个程序",
    "nonce": "另一次登录",
    "expired": "已失效",
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_an_id_token_that_is_not_right_gets_nobody_in(provider, chen, browser, houses, spoil):
    house = provider("oidc")
    connected(house, chen)
    houses.spoil = spoil
    assert WORDS[spoil] in why(browser.sign_in(house))
    assert browser.who is None
    assert Happening.objects.get().what == "failed"


def test_the_answer_of_another_issuer_is_refused(provider, chen, browser):
    house = provider("oidc")
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    parts = urlsplit(back)
    query = "&".join(
        "iss=https%3A%2F%2Felsewhere.example" if one.startswith("iss=") else one
        for one in parts.query.split("&")
    )
    assert "其他地方" in why(browser.come_back(f"{parts.path}?{query}"))


def test_another_issuer_at_the_address_is_refused(provider, browser, houses):
    house = provider("oidc")
    path = urlsplit(f"{houses.issuer}/.well-known/openid-configuration").path
    houses.instead[path] = (200, {"issuer": "https://elsewhere.example"})
    answer = browser.client.get(f"/accounts/with/{house.pk}/")
    assert "其他地方" in why(answer)


def test_what_leaves_for_openid_connect(provider, browser):
    query = query_of(browser.leave(provider("oidc")))
    assert query["response_type"] == "code"
    assert query["scope"] == "openid profile email"
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len({query["state"], query["nonce"]}) == 2
    assert query["redirect_uri"].startswith("http://testserver/accounts/with/")


def test_a_provider_that_wants_the_secret_in_the_form(provider, chen, browser, houses):
    house = provider("oidc")
    connected(house, chen)
    path = urlsplit(f"{houses.issuer}/.well-known/openid-configuration").path
    _status, found = discovery(houses)
    houses.instead[path] = (
        200,
        found | {"token_endpoint_auth_methods_supported": ["client_secret_post"]},
    )
    browser.sign_in(house)
    sent = [body for at, _query, body in houses.asked if at.endswith("/token")]
    assert [one["client_secret"] for one in sent] == [SECRET]
    assert browser.who == "user-陈立"


def test_wecom_is_asked_in_another_way_inside_its_app(provider, chen, company):
    house = provider("wecom", by_mobile=True)
    inside = Browser(agent="Mozilla/5.0 (iPhone) MicroMessenger/7.0.1 wxwork/4.1.20")
    address = inside.leave(house)
    assert urlsplit(address).path == "/connect/oauth2/authorize"
    assert address.endswith("#wechat_redirect")
    assert query_of(address)["scope"] == "snsapi_privateinfo"
    assert inside.come_back(inside.choose(address, CHEN.uid)).status_code == 302
    assert Account.objects.get().how == "mobile"
    outside = urlsplit(Browser().leave(house))
    assert outside.path == "/wwlogin/sso/login"
    assert query_of(outside.geturl())["login_type"] == "CorpApp"


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_who_is_not_of_the_company_over_there_stays_outside(provider, company, browser, kind):
    house = provider(kind)
    answer = browser.sign_in(house, "luren")
    assert browser.who is None
    assert ("公司" in why(answer)) or ("权限" in why(answer))


def test_who_has_left_the_company_at_dingtalk_stays_outside(provider, chen, browser, houses):
    house = provider("dingtalk")
    connected(house, chen)
    houses.people[CHEN.uid] = Somebody(CHEN.uid, CHEN.name, member=False)
    assert "60121" in why(browser.sign_in(house))
    assert browser.who is None


@pytest.mark.parametrize("kind", KINDS)
def test_saying_no_over_there_is_said_so(provider, company, browser, kind):
    house = provider(kind)
    assert "没有同意" in why(browser.sign_in(house, "nobody"))


def test_people_who_may_not_sign_in_do_not(provider, chen, browser):
    house = provider("feishu", by_number=True)
    connected(house, chen)
    close_signin(SYSTEM, fresh(chen))
    assert "不能登录" in why(browser.sign_in(house))
    Account.objects.all().delete()
    assert "还没有人关联" in why(browser.sign_in(house)), "nor is anybody recognised who may not"
    assert browser.who is None


def test_the_invalidated_do_not_come_in(provider, chen, browser):
    house = provider("feishu")
    connected(house, chen)
    invalidate_record(SYSTEM, fresh(chen))
    assert "不能登录" in why(browser.sign_in(house))


def test_what_is_switched_off_opens_nothing(provider, chen, browser):
    house = provider("wecom")
    connected(house, chen)
    back = browser.choose(browser.leave(house), CHEN.uid)
    house.active = False
    house.save()
    assert "已停用" in why(browser.come_back(back))
    assert "已停用" in why(browser.client.get(f"/accounts/with/{house.pk}/"))
    assert "wecom 登录" not in browser.client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "next",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_elsewhere_afterwards(provider, chen, browser, next):
    house = provider("wecom")
    connected(house, chen)
    assert browser.sign_in(house, next=next)["Location"] == "/"


FAULTS = {
    "/cgi-bin/gettoken": [
        ((200, {"errcode": 60020, "errmsg": "not allow to access from your ip"}), "IP"),
        ((200, {"errcode": 40001, "errmsg": "invalid credential"}), "密钥"),
        ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "一分钟"),
        ((200, {"errcode": "x"}), "看不懂"),
        ((200, {}), "看不懂"),
        ((502, {}), "没有回应"),
        ((302, {}), "转到"),
        ((429, {}), "一分钟"),
    ],
    "/cgi-bin/auth/getuserinfo": [
        ((200, {"errcode": 50001, "errmsg": "redirect_uri unauthorized"}), "回调地址"),
        ((200, {"errcode": 0, "userid": ["x"]}), "公司"),
    ],
}


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [(path, *one) for path, several in FAULTS.items() for one in several],
)
def test_every_fault_is_said_in_words(provider, chen, browser, houses, path, said, words):
    house = provider("wecom")
    connected(house, chen)
    houses.instead[path] = said
    assert words in why(browser.sign_in(house))
    assert browser.who is None


def test_a_house_that_is_down_and_one_that_keeps_one_waiting(provider, chen, browser, monkeypatch):
    house = provider("oidc", address="http://127.0.0.1:9/realms/x")
    answer = browser.client.get(f"/accounts/with/{house.pk}/")
    assert (answer.status_code, "没有回应" in why(answer)) == (502, True)

    def wait(*_unused, **_more):
        raise TimeoutError

    monkeypatch.setattr("guanxi.kernel.outside._connect", wait)
    answer = browser.client.get(f"/accounts/with/{house.pk}/")
    assert (answer.status_code, "太久" in why(answer)) == (504, True)
    User.objects.update(language="en")
    browser.client.cookies["guanxi_language"] = "en"
    assert "took too long" in why(browser.client.get(f"/accounts/with/{house.pk}/"))


def test_the_address_of_the_state_tells_nothing_to_who_guesses(provider, company, browser):
    house = provider("wecom")
    for address in ("", "?code=x", "?state=x", "?code=x&state=", "?error=access_denied&state=x"):
        assert "请重新开始" in why(browser.client.get(f"/accounts/with/{house.pk}/back/{address}"))
    assert browser.client.get("/accounts/with/99999/back/").status_code == 404
    assert Happening.objects.count() == 0


def test_the_same_last_steps_as_for_everybody(provider, chen, browser):
    """Idle sessions end, a closed sign-in ends at once; no password is asked to be changed that was
    not asked for."""
    house = provider("wecom")
    connected(house, chen)
    old = timezone.now() - timedelta(days=400)
    User.objects.filter(pk=chen.user_id).update(must_change_password=True, password_changed_at=old)
    Security.objects.update_or_create(book=1, defaults={"password_days": 90, "idle_minutes": 20})
    touch()
    browser.sign_in(house)
    assert browser.client.get("/profile/").status_code == 200
    assert User.objects.get(pk=chen.user_id).must_change_password is True
    session = browser.client.session
    session["seen"] = int(time.time()) - 21 * 60
    session.save()
    assert browser.client.get("/profile/")["Location"].startswith("/accounts/login/")
    browser.sign_in(house)
    close_signin(SYSTEM, fresh(chen))
    assert browser.client.get("/profile/")["Location"].startswith("/accounts/login/")


def test_the_second_step_is_asked_for_after_another_house_too(provider, chen, browser):
    house = provider("wecom")
    connected(house, chen)
    secret = totp.new_secret()
    made = {"secret": seal(secret), "last_step": 0, "made_at": timezone.now()}
    SecondFactor.objects.create(user_id=chen.user_id, **made)
    User.objects.filter(pk=chen.user_id).update(has_second_factor=True, must_change_password=True)
    answer = browser.sign_in(house, next="/customers/")
    assert answer["Location"] == "/accounts/code/"
    assert browser.who is None
    assert browser.client.get("/customers/")["Location"].startswith("/accounts/login/")
    typed = totp.code_at(secret, totp.step_now())
    answer = browser.client.post("/accounts/code/", {"code": typed})
    assert answer["Location"] == "/customers/"
    assert browser.who == "user-陈立"
    assert browser.client.get("/customers/").status_code == 200, "and no password to be changed"
    assert SignedIn.objects.filter(user_id=chen.user_id).count() == 1


def test_with_a_password_the_old_one_has_to_be_changed_still(provider, chen, browser):
    User.objects.filter(pk=chen.user_id).update(must_change_password=True)
    browser.client.post("/accounts/login/", {"login": "user-陈立", "password": PASSWORD})
    assert browser.client.get("/profile/")["Location"].startswith("/accounts/password/change/")
