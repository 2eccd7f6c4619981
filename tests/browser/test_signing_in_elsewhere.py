"""Signing in with other houses in a real browser: set up, connected, used; the houses simulated."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.testing.houses.people import AGENT, CLIENT, SECRET, Somebody
from guanxi.testing.outer import outer_world
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser
WANG = Somebody("wangfang", "王芳", "wangfang@example.com")


@pytest.fixture
def houses():
    with outer_world() as world:
        world.houses.people = {WANG.uid: WANG}
        yield world.houses


def add(page, house, place, **more):
    page.goto("/security/accounts/")
    page.get_by_role("link", name=house, exact=True).click()
    for name, text in {"secret": SECRET, **more}.items():
        page.locator(f"[name={name}]").fill(text)
    if page.locator("[name=address]").is_hidden():
        page.get_by_text("私有部署").click()
    page.locator("[name=address]").fill(place)
    page.get_by_label("启用").check()
    page.get_by_role("button", name="保存并测试").click()
    expect(page.get_by_text("有回应，设置正确")).to_be_visible()
    expect(page.locator(".way-back code")).to_have_text(re.compile("/accounts/with/[0-9]+/back/$"))


def test_sign_in_with_wecom_and_openid_connect(signed_in, houses, picture):
    page = signed_in
    add(page, "企业微信", houses.base, client_id=CLIENT["wecom"], agent_id=AGENT)
    add(page, "OpenID Connect", houses.issuer, client_id=CLIENT["oidc"], name="公司统一登录")
    picture(page, "settings")
    for button in ("企业微信", "公司统一登录"):
        page.goto("/profile/")
        page.get_by_role("link", name=f"关联 {button}").click()
        page.get_by_role("link", name="王芳").click()
        expect(page.get_by_role("heading", name="关联账号")).to_be_visible()
        page.get_by_label("再输一次登录密码").fill(PASSWORD)
        page.get_by_role("button", name="关联").click()
        expect(page.get_by_role("button", name=f"解除关联 {button}")).to_be_visible()
    picture(page, "profile")

    for button in ("企业微信", "公司统一登录"):
        page.context.clear_cookies()
        page.goto("/customers/?q=华维")
        expect(page).to_have_url(re.compile("/accounts/login/"))
        picture(page, f"sign-in-{button}")
        page.get_by_role("link", name=button).click()
        page.get_by_role("link", name="王芳").click()
        expect(page).to_have_url(re.compile("/customers/"))
        expect(page.get_by_role("link", name="华维精密仪器有限公司").first).to_be_visible()


def test_a_phone_says_no_and_comes_back(page, office, houses, signed_in):
    signed_in.set_viewport_size({"width": 390, "height": 844})
    add(signed_in, "企业微信", houses.base, client_id=CLIENT["wecom"], agent_id=AGENT)
    signed_in.context.clear_cookies()
    signed_in.goto("/accounts/login/")
    signed_in.get_by_role("link", name="企业微信").click()
    signed_in.get_by_role("link", name="拒绝").click()
    expect(signed_in.get_by_role("alert")).to_contain_text("没有同意登录")
    signed_in.get_by_role("link", name="回到登录页").click()
    expect(signed_in.get_by_role("button", name="登录", exact=True)).to_be_visible()
