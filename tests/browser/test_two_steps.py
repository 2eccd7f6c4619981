"""Two-step sign-in and one's own sessions in a real browser, with the pictures of the manual."""

import re
import time

import pytest
from playwright.sync_api import expect

from guanxi.people import totp
from tests.browser.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser
#: A morning of whole half-minutes; and the same key in every picture.
NOW, SECRET = 1_788_226_200, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Clock:
    def __init__(self):
        self.now = time.time()

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(totp, "time", found)
    return found


def code(secret):
    return totp.code_at(secret, totp.step_now())


def set_up(page):
    """By the key that stands beside the picture, as who can't scan it does; the codes kept."""
    page.goto("/profile/")
    page.get_by_role("link", name="去设置").click()
    secret = page.locator(".factor-key").inner_text().replace(" ", "")
    page.get_by_label("手机应用上的验证码").fill(code(secret))
    page.get_by_label("再输一次登录密码").fill(PASSWORD)
    page.get_by_role("button", name="启用两步验证").click()
    expect(page.locator("h1")).to_have_text("两步验证已启用")
    return secret, page.locator(".recovery-codes code").all_inner_texts()


def first_step(page):
    page.goto("/customers/")
    page.get_by_label("用户名、手机号或邮箱").fill("wangfang")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/accounts/code/"))


def sign_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_set_up_signed_in_with_a_code_then_with_a_recovery_code(signed_in, clock, picture):
    page = signed_in
    secret, codes = set_up(page)
    picture(page, "codes")
    assert len(codes) == 10
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_text("剩余恢复码 10 个")).to_be_visible()
    sign_out(page)

    first_step(page)
    picture(page, "asked")
    page.get_by_label("手机应用上的验证码").fill(code(secret))
    page.get_by_role("button", name="验证并登录").click()
    expect(page.get_by_text("已经用过")).to_be_visible()
    clock.now += totp.PERIOD
    page.get_by_label("手机应用上的验证码").fill(code(secret))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/customers/"))
    sign_out(page)

    first_step(page)
    page.get_by_role("link", name="用恢复码").click()
    page.get_by_label("恢复码").fill(codes[7])
    page.get_by_role("button", name="验证并登录").click()
    expect(page).to_have_url(re.compile("/customers/"))
    expect(page.get_by_text("还剩 9 个")).to_be_visible()


def test_who_must_sets_it_up_before_all_else(signed_in, clock, picture):
    page = signed_in
    page.goto("/security/")
    page.get_by_label("密码之后的第二步验证").select_option("所有人必须启用")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("/profile/second-factor/"))
    picture(page, "forced")
    expect(page.get_by_text("公司要求启用")).to_be_visible()
    page.goto("/customers/")
    expect(page.locator("h1")).to_have_text("设置两步验证")
    secret = page.locator(".factor-key").inner_text().replace(" ", "")
    page.get_by_label("手机应用上的验证码").fill(code(secret))
    page.get_by_label("再输一次登录密码").fill(PASSWORD)
    page.get_by_role("button", name="启用两步验证").click()
    page.get_by_role("link", name="我已保存").click()
    expect(page).to_have_url(re.compile("/customers/"))


def test_other_browsers_are_seen_and_signed_out(signed_in, chromium, live_server, picture):
    page = signed_in
    window = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    other = sign_in(window.new_page())
    page.goto("/profile/")
    mine = page.locator("#sessions")
    expect(mine.get_by_role("listitem")).to_have_count(2)
    expect(mine.get_by_text("当前浏览器")).to_have_count(1)
    picture(page)
    mine.get_by_role("button", name="退出其他所有设备").click()
    expect(page.locator("#sessions").get_by_role("listitem")).to_have_count(1)
    other.goto("/customers/")
    expect(other).to_have_url(re.compile("/accounts/login/"))
    page.goto("/customers/")
    expect(page).to_have_url(re.compile("/customers/"))
    window.close()


@pytest.mark.manual
def test_pictures_of_the_chapter(desk, clock, shot, monkeypatch):
    clock.now = NOW
    monkeypatch.setattr(totp, "new_secret", lambda: SECRET)
    desk.goto("/profile/second-factor/")
    shot(desk, "two-step-setup")
    secret, _codes = set_up(desk)
    desk.goto("/profile/")
    desk.locator("#sessions").scroll_into_view_if_needed()
    shot(desk, "two-step-profile")
    desk.goto("/security/")
    desk.get_by_text("必须启用的角色").click()
    shot(desk, "two-step-settings")
    sign_out(desk)
    first_step(desk)
    shot(desk, "two-step-code")
    assert secret == SECRET
