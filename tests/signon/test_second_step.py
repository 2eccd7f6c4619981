"""Another house's word opens no door that has a second step."""

import pytest

from guanxi.people import totp
from guanxi.people.accounts import myself
from guanxi.people.models import Security, User
from guanxi.people.organisation import touch
from guanxi.people.second_factor import set_up
from guanxi.testing.people import actor
from tests.signon.conftest import connected

pytestmark = pytest.mark.django_db
CODE, PAGE = "/accounts/code/", "/profile/second-factor/"


class Clock:
    def __init__(self):
        self.now = 1_790_000_000

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(totp, "time", found)
    return found


def test_the_code_is_asked_for_and_proves_who_switches_it_off(provider, chen, browser, clock):
    house = provider("wecom")
    connected(house, chen)
    own, person = myself(actor(chen))
    secret = totp.new_secret()
    code = totp.code_at(secret, totp.step_now())
    set_up(own, person, User.objects.get(pk=chen.user_id), secret=secret, code=code)
    assert browser.sign_in(house)["Location"] == CODE
    assert browser.who is None
    clock.now += totp.PERIOD
    typed = totp.code_at(secret, totp.step_now())
    assert browser.client.post(CODE, {"code": typed}).status_code == 302
    assert browser.who == "user-陈立"
    fields = browser.client.get(PAGE).context["fields"]
    assert [one["name"] for one in fields] == ["code"], "who came by a house may know no password"
    assert browser.client.post(PAGE, {"act": "remove", "code": typed}).status_code == 422
    clock.now += totp.PERIOD
    fresh = totp.code_at(secret, totp.step_now())
    assert browser.client.post(PAGE, {"act": "remove", "code": fresh}).status_code == 303
    assert browser.sign_in(house)["Location"] != CODE


def test_who_must_is_led_to_setting_it_up(provider, chen, browser):
    Security.objects.update_or_create(book=1, defaults={"second_factor": "all"})
    touch()
    house = provider("oidc")
    connected(house, chen)
    browser.sign_in(house)
    assert browser.client.get("/customers/")["Location"].startswith(PAGE)
