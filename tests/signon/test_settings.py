"""The administrator's pages: entered, tried out, switched, deleted; the secret is never seen again."""

from urllib.parse import urlsplit

import pytest

from guanxi.kernel.sealing import Sealed
from guanxi.people.models import Person
from guanxi.signon.models import Account, Happening, Policy, Provider
from guanxi.testing.houses.people import AGENT, CLIENT, SECRET
from guanxi.testing.people import SYSTEM
from guanxi.testing.people import browser as signed_in
from tests.signon.conftest import CHEN, KINDS, Browser, connected

pytestmark = pytest.mark.django_db
HERE = "/security/accounts/"


@pytest.fixture
def boss(company):
    return signed_in(company.boss)


@pytest.fixture
def entered(houses):
    """What somebody types for a house."""

    def make(kind, **more):
        values = {
            "name": "公司账号",
            "client_id": CLIENT[kind],
            "secret": SECRET,
            "address": houses.issuer if kind == "oidc" else houses.base,
            "active": "on",
        }
        return values | ({"agent_id": AGENT} if kind == "wecom" else {}) | more

    return make


def faults(answer):
    fields = [one for section in answer.context["sections"] for one in section["fields"]]
    return {one["name"]: one["error"] for one in fields if one.get("error")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_house_is_entered_tried_and_used_without_a_restart(boss, entered, chen, kind):
    answer = boss.post(f"{HERE}new/{kind}/", entered(kind))
    house = Provider.objects.get()
    assert answer["Location"] == f"{HERE}{house.pk}/"
    page = boss.get(answer["Location"]).content.decode()
    assert f"http://testserver/accounts/with/{house.pk}/back/" in page
    assert SECRET not in page
    assert SECRET not in house.secret
    assert Sealed(house.secret).open() == SECRET
    said = boss.get(boss.post(f"{HERE}{house.pk}/try/")["Location"]).content.decode()
    assert "有回应，设置正确" in said
    connected(house, chen)
    browser = Browser()
    assert "公司账号" in browser.client.get("/accounts/login/").content.decode()
    browser.sign_in(house)
    assert browser.who == "user-陈立"


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_the_test_says_that_the_secret_is_wrong(boss, entered, kind):
    answer = boss.post(f"{HERE}new/{kind}/", entered(kind, secret="falsch", test="1"))
    text = boss.get(answer["Location"]).content.decode()
    assert "不接受设置里的应用编号或密钥" in text
    assert "请告诉管理员" not in text
    assert "falsch" not in text


def test_the_test_says_that_there_is_no_openid_connect(boss, entered, houses):
    sent = entered("oidc", address=f"{houses.base}/elsewhere", test="1")
    answer = boss.post(f"{HERE}new/oidc/", sent)
    assert "没有 OpenID Connect" in boss.get(answer["Location"]).content.decode()


def test_what_is_missing_or_wrong_is_said_at_its_field_and_stays(boss, company):
    sent = {
        "name": "",
        "client_id": "",
        "address": "ftp://x",
        "number_claim": "",
        "by_number": "on",
    }
    answer = boss.post(f"{HERE}new/oidc/", sent)
    assert answer.status_code == 400
    assert set(faults(answer)) == {"name", "client_id", "address", "number_claim"}
    assert 'value="ftp://x"' in answer.content.decode()
    answer = boss.post(f"{HERE}new/wecom/", {"name": "企业微信", "client_id": "ww1"})
    assert set(faults(answer)) == {"agent_id", "secret"}
    assert Provider.objects.count() == 0
    assert boss.get(f"{HERE}new/kakao/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "http://93.184.215.14/realms/x",
        "javascript:alert(1)",
        "https://user:pass@sso.example.com",
        "https://[::1",
        "//sso.example.com",
        "https://127.0.0.1/?x=1",
    ],
)
def test_an_address_is_https_or_of_the_own_network(boss, entered, address):
    answer = boss.post(f"{HERE}new/oidc/", entered("oidc", address=address))
    assert set(faults(answer)) == {"address"}


def test_a_secret_is_not_told_to_another_house(boss, provider, houses):
    house = provider("wecom")
    sent = {
        "name": "企业微信",
        "client_id": house.client_id,
        "agent_id": AGENT,
        "address": house.address,
    }
    assert boss.post(f"{HERE}{house.pk}/", sent).status_code == 303
    assert Sealed(Provider.objects.get().secret).open() == SECRET, "empty keeps the one there is"
    moved = boss.post(f"{HERE}{house.pk}/", sent | {"address": "http://127.0.0.2"})
    assert set(faults(moved)) == {"secret"}
    moved = boss.post(f"{HERE}{house.pk}/", sent | {"address": "http://127.0.0.2", "secret": "neu"})
    assert moved.status_code == 303


def test_what_connected_accounts_depend_on_stays(boss, provider, chen):
    house = provider("wecom")
    connected(house, chen)
    sent = {
        "name": "x",
        "client_id": "another",
        "agent_id": AGENT,
        "address": house.address,
        "secret": "x",
    }
    assert set(faults(boss.post(f"{HERE}{house.pk}/", sent))) == {"client_id"}


def test_switched_off_and_on_and_deleted(boss, provider, chen):
    house = provider("wecom")
    connected(house, chen)
    boss.post(f"{HERE}{house.pk}/switch/")
    assert Provider.objects.get().active is False
    boss.post(f"{HERE}{house.pk}/switch/")
    assert Provider.objects.get().active is True
    asked = boss.get(f"{HERE}{house.pk}/delete/").content.decode()
    assert "1 个已关联的账号" in asked
    boss.post(f"{HERE}{house.pk}/delete/")
    assert (Provider.objects.count(), Account.objects.count()) == (0, 0)
    assert Person.rows(SYSTEM).filter(pk=chen.pk).exists()
    log = boss.get(f"{HERE}log/").content.decode()
    assert log.count("修改了设置") >= 3


def test_only_administrators_come_here(company, provider):
    house = provider("wecom")
    anna = signed_in(company.anna)
    for path in ("", "log/", "new/wecom/", f"{house.pk}/", f"{house.pk}/delete/"):
        assert anna.get(f"{HERE}{path}").status_code == 404
    for path in (
        "",
        f"{house.pk}/",
        f"{house.pk}/try/",
        f"{house.pk}/switch/",
        f"{house.pk}/delete/",
    ):
        assert anna.post(f"{HERE}{path}").status_code == 404
    assert Provider.objects.get().active is True
    assert "第三方登录" not in anna.get("/").content.decode()


def test_passwords_beside_it(boss, provider):
    provider("wecom")
    boss.post(HERE, {"refuse": "on"})
    assert Policy.objects.get().own_passwords is False
    assert 'name="refuse"' in boss.get(HERE).content.decode()
    boss.post(HERE, {})
    assert Policy.objects.get().own_passwords is True


def test_the_log_says_why_somebody_did_not_come_in(boss, provider, houses):
    house = provider("wecom")
    houses.instead["/cgi-bin/gettoken"] = (
        200,
        {"errcode": 60020, "errmsg": "not allow, from ip: 1.2.3.4"},
    )
    Browser().sign_in(house)
    page = boss.get(f"{HERE}log/?what=failed").content.decode()
    assert "60020 not allow" in page
    assert "IP" in page
    assert "60020" not in boss.get(f"{HERE}log/?what=connected").content.decode()
    assert boss.get(f"{HERE}log/?what=x&before=y").status_code == 200
    assert Happening.objects.get().address == "127.0.0.1"


def test_nothing_of_a_secret_is_logged(provider, chen, houses, caplog):
    house = provider("oidc")
    connected(house, chen)
    browser = Browser()
    back = browser.choose(browser.leave(house), CHEN.uid)
    houses.spoil = "signature"
    browser.come_back(back)
    code = urlsplit(back).query.partition("code=")[2].partition("&")[0]
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("guanxi"))
    assert "signature" in ours
    assert code not in ours
    assert SECRET not in ours
    line = Happening.objects.get()
    assert code not in f"{line.detail}{line.account}"
