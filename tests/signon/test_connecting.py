"""Whose account is whose: connected in the profile or recognised, taken apart, journaled; passwords
beside it; nobody locked out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.change import change
from guanxi.kernel.models import Change
from guanxi.people.models import User
from guanxi.signon.accounts import What, forget_accounts
from guanxi.signon.jobs import tidy
from guanxi.signon.models import Account, Happening, Policy
from guanxi.testing.houses.people import Somebody
from guanxi.testing.people import SELL, SYSTEM
from guanxi.testing.people import browser as signed_in
from tests.signon.conftest import CHEN, KINDS, PASSWORD, Browser, connected, fresh

pytestmark = pytest.mark.django_db
CONNECT = "/profile/accounts/{}/connect/"


CONFIRM, YES = "/profile/accounts/confirm/", {"password": PASSWORD}


def connect(person, house, uid=CHEN.uid):
    """As far as the page that asks."""
    browser = Browser(signed_in(person))
    back = browser.choose(browser.leave(house, way=CONNECT), uid)
    return browser, browser.come_back(back)


@pytest.mark.parametrize("kind", KINDS)
def test_an_account_is_connected_in_the_profile_after_a_yes(provider, chen, kind):
    house = provider(kind)
    browser, asked = connect(chen, house)
    assert asked.status_code == 200
    assert Account.objects.count() == 0, "following a link connects nothing"
    assert house.name in asked.content.decode()
    answer = browser.client.post(CONFIRM, YES)
    assert answer["Location"] == "/profile/"
    account = Account.objects.get()
    assert (account.person_id, account.how) == (chen.pk, "self")
    assert browser.client.post(CONFIRM, YES).status_code == 409, "once"
    profile = browser.client.get("/profile/").content.decode()
    assert f'action="/profile/accounts/{account.pk}/disconnect/"' in profile
    again = Browser()
    again.sign_in(house)
    assert again.who == "user-陈立"


def test_a_browser_left_open_is_not_enough(provider, chen):
    house = provider("wecom")
    browser, asked = connect(chen, house)
    assert 'name="password"' in asked.content.decode()
    answer = browser.client.post(CONFIRM, {"password": "falsch"})
    assert (answer.status_code, Account.objects.count()) == (422, 0)
    assert "当前密码不对" in answer.content.decode()
    for _unused in range(6):
        answer = browser.client.post(CONFIRM, {"password": "falsch"})
    assert "次数" in answer.content.decode()
    assert browser.client.post(CONFIRM, YES).status_code == 422, (
        "not even the right one, for a while"
    )
    assert Account.objects.count() == 0


def test_who_came_with_one_account_connects_another_without_a_password(provider, chen):
    """They may never have known it."""
    first, second = provider("wecom"), provider("feishu")
    connected(first, chen)
    browser = Browser()
    browser.sign_in(first)
    back = browser.choose(browser.leave(second, way=CONNECT), CHEN.uid)
    assert 'name="password"' not in browser.come_back(back).content.decode()
    assert browser.client.post(CONFIRM).status_code == 303
    assert Account.objects.filter(provider=second, person=chen).exists()


def test_connecting_and_taking_apart_stand_in_the_journal(provider, chen, company):
    house = provider("feishu")
    browser, _asked = connect(chen, house)
    browser.client.post(CONFIRM, YES)
    browser.client.post(f"/profile/accounts/{Account.objects.get().pk}/disconnect/")
    found = Change.objects.filter(object="people.person", record_id=chen.pk).order_by("id")
    noted = [
        (one.verb, one.actor, one.payload.diff["account"]) for one in found if "connect" in one.verb
    ]
    told = {"house": house.name, "name": "陈立", "how": "self"}
    assert noted == [("connect", "陈立", [None, told]), ("disconnect", "陈立", [told, None])]
    assert fresh(chen).version == chen.version, "the record itself is as it was"
    page = signed_in(company.boss).get(f"/persons/{chen.pk}/").content.decode()
    assert "关联了登录账号" in page
    assert "解除了登录账号的关联" in page
    assert [one.what for one in Happening.objects.order_by("id")] == ["connected", "disconnected"]


def test_a_link_somebody_sends_connects_nothing(provider, chen, company):
    """The way back belongs to the session, the yes to a form of ours."""
    house = provider("oidc")
    attacker = Browser(signed_in(company.ben))
    back = attacker.choose(attacker.leave(house, way=CONNECT), CHEN.uid)
    victim = Browser(signed_in(chen))
    assert victim.come_back(back).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(pk=chen.user_id))
    assert strict.post(CONFIRM, YES).status_code == 403
    assert Account.objects.count() == 0


def test_somebody_elses_account_and_a_second_one_are_refused(provider, chen, company, houses):
    house = provider("wecom")
    connected(house, company.anna)
    _browser, asked = connect(chen, house)
    assert "已经关联了其他人" in asked.context["sentence"]
    houses.people["zweite"] = Somebody("zweite", "另一个")
    connected(house, chen, uid="erste")
    _browser, asked = connect(chen, house, "zweite")
    assert "已经关联了一个" in asked.context["sentence"]


def test_two_who_say_yes_to_one_account_do_not_both_get_it(provider, chen, company):
    house = provider("wecom")
    browser, _asked = connect(chen, house)
    connected(house, company.anna)
    answer = browser.client.post(CONFIRM, YES)
    assert answer.status_code == 409
    assert "已经关联了其他人" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        connected(house, chen)


ALIKE = [
    ("oidc", "by_email", "email"),
    ("oidc", "by_mobile", "mobile"),
    ("oidc", "by_number", "number"),
    ("wecom", "by_number", "number"),
    ("dingtalk", "by_email", "email"),
    ("dingtalk", "by_mobile", "mobile"),
    ("dingtalk", "by_number", "number"),
    ("feishu", "by_email", "email"),
    ("feishu", "by_mobile", "mobile"),
    ("feishu", "by_number", "number"),
]


@pytest.mark.parametrize(("kind", "way", "how"), ALIKE)
def test_people_are_recognised_where_it_is_allowed(provider, chen, houses, kind, way, how):
    claim = {"number_claim": "employee_number"} if way == "by_number" else {}
    house = provider(kind, **claim)
    if kind == "wecom":
        houses.people["a-017"] = Somebody("a-017", "陈立")
    uid = "a-017" if kind == "wecom" else CHEN.uid
    browser = Browser()
    assert browser.sign_in(house, uid).status_code == 403, "not without the administrator's word"
    setattr(house, way, True)
    house.save()
    assert browser.sign_in(house, uid).status_code == 302
    assert browser.who == "user-陈立"
    account = Account.objects.get()
    assert (account.how, account.person_id) == (how, chen.pk)


def test_what_the_house_does_not_vouch_for_recognises_nobody(provider, chen, houses):
    house = provider("oidc", by_email=True, by_mobile=True)
    houses.people["falsch"] = Somebody("falsch", "冒名", CHEN.email, CHEN.mobile, verified=False)
    browser = Browser()
    assert browser.sign_in(house, "falsch").status_code == 403
    assert (browser.who, Account.objects.count()) == (None, 0)


def test_a_mail_people_enter_themselves_recognises_nobody(provider, chen, houses):
    """DingTalk's `email` beside the company's `org_email`."""
    house = provider("dingtalk", by_email=True)
    me = {"userid": CHEN.uid, "name": "冒名", "email": CHEN.email, "org_email": ""}
    houses.instead["/topapi/v2/user/get"] = (200, {"errcode": 0, "result": me})
    browser = Browser()
    assert browser.sign_in(house).status_code == 403
    assert browser.who is None


def test_old_lines_of_the_log_go(provider, chen):
    house = provider("wecom")
    connected(house, chen)
    Browser().sign_in(house)
    old = Happening.objects.create(book=1, at=timezone.now() - timedelta(days=366), what="failed")
    assert tidy(None) == 1
    assert Happening.objects.filter(pk=old.pk).exists() is False
    assert Happening.objects.count() == 1


def test_a_second_account_with_the_same_mail_is_not_taken_for_the_person(provider, chen, houses):
    house = provider("feishu", by_email=True)
    connected(house, chen)
    houses.people["zweite"] = Somebody("zweite", "同邮箱", CHEN.email)
    browser = Browser()
    assert "还没有人关联" in browser.sign_in(house, "zweite").context["sentence"]
    assert browser.who is None


def test_two_with_the_same_number_are_taken_for_neither(provider, chen, company, houses):
    twin = fresh(company.person("双胞", SELL))
    with change(SYSTEM, twin):
        twin.number = CHEN.number.lower()
    browser = Browser()
    browser.sign_in(provider("feishu", by_number=True))
    assert browser.who is None


def test_ones_own_account_is_taken_apart_and_nobody_elses(provider, chen, company):
    house = provider("wecom")
    account = connected(house, chen)
    address = f"/profile/accounts/{account.pk}/disconnect/"
    assert signed_in(company.ben).post(address).status_code == 404
    assert signed_in(chen).post(address).status_code == 303
    assert Account.objects.count() == 0
    browser = Browser()
    assert browser.sign_in(house).status_code == 403


def test_an_administrator_takes_apart_an_account(provider, chen, company):
    house = provider("wecom")
    account = connected(house, chen)
    thief = Browser()
    thief.sign_in(house)
    page = f"/persons/{chen.pk}/account/"
    act = f"/persons/{chen.pk}/accounts/{account.pk}/disconnect/"
    assert signed_in(company.anna).post(act).status_code == 404
    boss = signed_in(company.boss)
    assert act in boss.get(page).content.decode()
    assert (
        boss.post(f"/persons/{company.ben.pk}/accounts/{account.pk}/disconnect/").status_code == 404
    )
    assert boss.post(act).status_code == 303
    assert Account.objects.count() == 0
    assert thief.client.get("/profile/").status_code != 200, "who came in by it is out"
    line = Happening.objects.get(what="disconnected")
    assert (line.what, line.person, line.by) == (What.DISCONNECTED, "陈立", "总管")


def by_password(name):
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return "_auth_user_id" in client.session, answer.content.decode()


def with_password(person):
    user = User.objects.get(pk=person.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user.username


def test_passwords_are_refused_where_the_settings_say_so(provider, chen, company):
    house = provider("wecom")
    connected(house, chen)
    assert by_password("user-陈立")[0] is True, "allowed as long as nobody says otherwise"
    Policy.objects.create(book=1, own_passwords=False)
    is_in, text = by_password("user-陈立")
    assert (is_in, "这里用「wecom 登录」登录，不用密码。" in text) == (False, True)
    wrong = Client().post("/accounts/login/", {"login": "user-陈立", "password": "falsch"})
    assert "用户名或密码不对。" in wrong.content.decode(), "who guesses learns nothing"
    house.active = False
    house.save()
    assert by_password("user-陈立")[0] is True, "a way that is closed is no reason"


def test_nobody_is_locked_out(provider, chen, company):
    """Administrators keep their password, and so does who has no other way."""
    house = provider("wecom")
    connected(house, company.boss, uid="boss")
    Policy.objects.create(book=1, own_passwords=False)
    assert by_password(with_password(company.boss))[0] is True
    assert by_password(with_password(company.ben))[0] is True
    account = connected(house, chen)
    assert signed_in(chen).post(f"/profile/accounts/{account.pk}/disconnect/").status_code == 409
    assert Account.objects.filter(pk=account.pk).exists()


def test_whoever_only_looks_as_somebody_connects_nothing(provider, chen, company):
    house = provider("wecom")
    boss = signed_in(company.boss)
    assert boss.post(f"/persons/{chen.pk}/view-as/").status_code in (200, 303)
    answer = boss.get(CONNECT.format(house.pk))
    assert answer.status_code != 302 or "wwlogin" not in answer["Location"]


def test_accounts_go_with_the_person_and_with_the_house(provider, chen, company):
    house = provider("wecom")
    connected(house, chen)
    forget_accounts(registry.spec("people.person"), [chen.pk])
    assert Account.objects.count() == 0
    connected(house, chen)
    house.delete()
    assert Account.objects.count() == 0
