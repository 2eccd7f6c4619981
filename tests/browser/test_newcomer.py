"""A newcomer sets up a company from nothing, in a real browser."""

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer
from guanxi.people.first import ensure_first_account
from guanxi.people.models import Department, Person

pytestmark = pytest.mark.browser
SYSTEM = system_actor("tests")
OWN = "Bamboo-7-Lantern"
DEPARTMENTS = "总经办\n销售中心\n    华东销售部\n    华南销售部\n市场部"
STAFF = "姓名\t部门\t手机\n王芳\t华东销售部\t138 0013 8001\n李强\t华南销售部\t139 0013 9002\n"


@pytest.fixture
def first(transactional_db):
    for module in registry.modules():
        if module.day_one:
            module.day_one()
    return ensure_first_account()


def sign_in(page, name, password):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录").click()


def choose_password(page, old, new):
    page.locator("[name=oldpassword]").fill(old)
    page.locator("[name=password1]").fill(new)
    page.locator("[name=password2]").fill(new)
    page.locator("main form button.btn-primary, form button.btn-primary").first.click()


def test_a_newcomer_sets_up_a_company_from_nothing(page, first, picture):
    page.set_default_timeout(20_000)
    name, password = first
    sign_in(page, name, password)
    choose_password(page, password, OWN)
    expect(page).to_have_url("/setup/")
    picture(page, "guide")

    name_company(page)
    paste_departments(page, picture)
    first_password = paste_colleagues(page, picture)
    page.get_by_role("button", name="跳过 编号规则").click()
    expect(page.get_by_text("已跳过")).to_be_visible()
    picture(page, "half")
    make_customer(page)

    page.context.clear_cookies()
    sign_in(page, "13800138001", first_password)
    choose_password(page, first_password, "Willow-8-Harbour")
    expect(page).to_have_url("/")
    expect(page.locator("h1")).to_contain_text("王芳")


def name_company(page):
    page.get_by_role("link", name="公司信息").click()
    page.get_by_label("公司名称").fill("江南机电有限公司")
    page.get_by_label("简称").fill("江南机电")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".brand-name")).to_have_text("江南机电")


def paste_departments(page, picture):
    page.locator("main").get_by_role("link", name="部门", exact=True).click()
    page.locator("[name=list]").fill(DEPARTMENTS)
    picture(page, "departments")
    page.get_by_role("button", name="添加部门").click()
    expect(page).to_have_url("/setup/")
    assert Department.rows(SYSTEM).get(name="华南销售部").parent.name == "销售中心"


def paste_colleagues(page, picture):
    page.get_by_role("link", name="同事账号").click()
    page.locator("[name=list]").fill(STAFF)
    page.get_by_role("button", name="添加并生成首次密码").click()
    row = page.get_by_role("row").filter(has_text="王芳")
    first_password = row.locator("samp").last.inner_text()
    picture(page, "passwords")
    page.get_by_role("link", name="已转交，继续").click()
    assert Person.rows(SYSTEM).filter(signs_in=True).count() == 3
    return first_password


def make_customer(page):
    page.goto("/customers/new/")
    page.get_by_label("客户名称").fill("华维精密仪器有限公司")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("华维精密仪器有限公司")
    assert Customer.rows(SYSTEM).get().number == "KH-00001"
