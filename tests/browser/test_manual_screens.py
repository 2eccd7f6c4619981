"""The operation manual screen by screen: from the tree menu, its conditions, its form, its limits."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.testing.steps import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.manual]
#: address, entry of the menu, condition in sight, required field with its longest text, picture
SCREENS = [
    ("/customer-sources/", "客户来源", "客户来源名称", 50, "sources"),
    ("/customer-intentions/", "客户意向", "客户意向名称", 50, "intentions"),
    ("/customer-statuses/", "客户状态", "客户状态名称", 50, "statuses"),
    ("/product-categories/", "产品类别", "产品类别名称", 50, "categories"),
    ("/products/", "产品信息", "产品名称", 100, "products"),
    ("/customers/", "客户信息", "客户名称", 120, "customers"),
]


def named(field):
    """The label of a field, with the mark of a required one or without."""
    return re.compile(rf"^\*?{field}$")


@pytest.fixture
def goods(office):
    """Two categories, three products under one of them."""
    category = registry.spec("catalog.productcategory")
    below = create_record(SYSTEM, category, {"name": "仪表与控制"}).pk
    create_record(SYSTEM, category, {"name": "安装服务"})
    for name, price in (("温度传感器", "860"), ("压力变送器", "1450"), ("控制柜", "32000")):
        values = {"name": name, "category": str(below), "list_price": price}
        create_record(SYSTEM, registry.spec("catalog.product"), values)


def test_s01_01_40_41_42_76_77_78_79_82_each_screen_opens_from_the_menu_and_saves(
    fixed_day, signed_in, goods, shot
):
    for address, entry, field, most, picture in SCREENS:
        signed_in.goto("/")
        signed_in.locator("#menu").get_by_role("link", name=entry, exact=True).click()
        expect(signed_in).to_have_url(re.compile(f"{address}$"))
        expect(signed_in.get_by_label(named(field))).to_be_visible()
        expect(signed_in.get_by_label("失效否")).to_be_visible()
        shot(signed_in, picture)
        signed_in.keyboard.press("n")
        expect(signed_in.locator("h1")).to_have_text(re.compile("^追加"))
        signed_in.get_by_label(named(field)).fill("手册里的一条")
        shot(signed_in, f"{picture}-add")
        signed_in.get_by_label(named(field)).fill("长" * (most + 1))
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text(f"最多 {most} 个字")
        signed_in.get_by_label(named(field)).fill("手册里的一条")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.locator("h1")).to_contain_text("手册里的一条")
        signed_in.get_by_role("link", name="修改", exact=True).click()
        signed_in.get_by_label(named(field)).fill("")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text(field)


def test_s01_82_the_page_of_a_customer(fixed_day, signed_in, office, shot):
    signed_in.goto(f"/customers/{office.customers['华维精密仪器有限公司'].pk}/")
    expect(signed_in.get_by_text("138 0013 6688")).to_be_visible()
    shot(signed_in, "customer")
