"""A newcomer sets up a company from nothing, in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guanxi.demo import customers, deals
from guanxi.jobs.worker import drain
from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer
from guanxi.people.first import ensure_first_account
from guanxi.people.models import Department, Holiday, Person
from guanxi.testing.beginning import begin_with
from guanxi.testing.people import make_day_one

pytestmark = pytest.mark.browser
SYSTEM = system_actor("tests")
OWN = "Bamboo-7-Lantern"
DEPARTMENTS = "总经办\n销售中心\n    华东销售部\n    华南销售部\n市场部"
STAFF = "姓名\t部门\t手机\n王芳\t华东销售部\t138 0013 8001\n李强\t华南销售部\t139 0013 9002\n"


@pytest.fixture
def first(transactional_db):
    begin_with(make_day_one)
    return ensure_first_account()


@pytest.fixture(autouse=True)
def small_demo(monkeypatch):
    for name, count in (("ORGANISATIONS", 12), ("BRANCHES", 1), ("INDIVIDUALS", 3)):
        monkeypatch.setattr(customers, name, count)
    monkeypatch.setattr(deals, "DEALS", 8)


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
    import_customers(page, picture)
    page.get_by_role("button", name="跳过 编号规则").click()
    expect(page.get_by_text("已跳过")).to_be_visible()
    picture(page, "half")
    look_at_holidays(page, picture)
    demo_in_and_out(page, picture)
    page.goto("/setup/")
    expect(page.locator(".setup-done")).to_contain_text("7 / 7")
    picture(page, "settled")
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


def import_customers(page, picture):
    """The table as a newcomer has it: written by a Chinese Excel, industries nobody entered yet."""
    table = "客户名称,手机,省市,行业\n华维仪器有限公司,13800010001,浙江省宁波市,机械制造\n"
    table += "江南纺织有限公司,13800010002,江苏省无锡市,纺织\n"
    page.locator("main").get_by_role("link", name="客户", exact=True).click()
    sent = {"name": "客户.csv", "mimeType": "text/csv", "buffer": table.encode("gbk")}
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="试运行").click()
    drain()
    page.get_by_role("button", name="导入 2 行").click()
    drain()
    page.get_by_role("link", name="查看导入的数据").click()
    expect(page.get_by_role("link", name="江南纺织有限公司", exact=True)).to_be_visible()
    picture(page, "imported")
    assert Customer.rows(SYSTEM).count() == 2
    page.goto("/setup/")
    expect(page.locator(".setup-step").filter(has_text="导入手头的")).to_contain_text("已完成")


def look_at_holidays(page, picture):
    """Next year's calendar as it was published: a swapped day is typed into the table."""
    year = timezone.localdate().year + 1
    page.get_by_role("link", name="节假日与调休").click()
    page.get_by_role("link", name=str(year)).click()
    page.get_by_role("button", name="添加一天").click()
    row = page.locator("[data-parts-row]").last
    row.locator("input[type=date]").fill(f"{year}-02-14")
    row.locator("input[type=text]").fill("春节调休")
    row.locator("input[type=checkbox][name$=works]").check()
    picture(page, "holidays")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("已改动 1 天")
    assert Holiday.rows(SYSTEM).get(day=f"{year}-02-14").works
    page.goto("/setup/")
    expect(page.locator(".setup-step").filter(has_text="节假日与调休")).to_contain_text("已完成")


def demo_in_and_out(page, picture):
    """A look at the invented company; afterwards only one's own rows are left."""
    page.locator("main").get_by_role("link", name="演示数据", exact=True).click()
    page.get_by_role("button", name="生成演示数据").click()
    expect(page.get_by_role("button", name="取消")).to_be_visible()
    drain()
    remove = page.get_by_role("button", name="清除演示数据")
    expect(remove).to_be_visible()
    expect(page.get_by_role("cell", name="zhouzihan")).to_be_visible()
    picture(page, "demo")
    assert Customer.rows(SYSTEM).count() > 2
    remove.click()
    expect(page.get_by_role("button", name="取消")).to_be_visible()
    drain()
    expect(page.get_by_role("button", name="生成演示数据")).to_be_visible()
    assert sorted(Customer.rows(SYSTEM).values_list("name", flat=True)) == [
        "华维仪器有限公司",
        "江南纺织有限公司",
    ]
    assert Person.rows(SYSTEM).filter(signs_in=True).count() == 3


def make_customer(page):
    page.goto("/customers/new/")
    page.get_by_label("客户名称").fill("华维精密仪器有限公司")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("华维精密仪器有限公司")
    assert Customer.rows(SYSTEM).get(name="华维精密仪器有限公司").number.startswith("KH-")
