"""The same work in a browser that runs no JavaScript."""

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.values import create_record

pytestmark = pytest.mark.browser


def test_a_list_is_narrowed_counted_and_jumped_through(plain, picture):
    for number in range(30):
        values = {"name": f"联运第{number}公司"}
        create_record(system_actor("tests"), registry.spec("customers.customer"), values)
    plain.goto("/customers/?per_page=20")
    expect(plain.locator(".pager-total")).to_contain_text("共 33 条")
    picture(plain)
    for typed in ("2", "0", "二", "-1", "9", ""):
        plain.locator(".input-jump").fill(typed)
        plain.get_by_role("button", name="跳转").click()
        expect(plain.locator(".pager-now")).to_have_text("第 2 页")
        expect(plain.locator(".input-jump")).to_have_value("")
    plain.get_by_label("客户名称").fill("精密")
    plain.get_by_role("button", name="查询").click()
    expect(plain.get_by_role("link", name="华维精密仪器有限公司", exact=True)).to_be_visible()
    expect(plain.locator(".pager-total")).to_contain_text("共 1 条")


def test_an_opportunity_is_made_with_the_picker_page(plain, office, picture):
    plain.goto("/opportunities/new/")
    plain.get_by_label("标题").fill("云海冷库改造")
    plain.get_by_role("link", name="选择客户").click()
    plain.get_by_role("searchbox").last.fill("yh")
    plain.get_by_role("button", name="查询").click()
    picture(plain, "picker")
    plain.get_by_role("link", name="云海物流股份有限公司").click()
    expect(plain.locator("h1")).to_have_text("追加商机")
    picture(plain, "form")
    plain.get_by_label("标题").fill("云海冷库改造")
    plain.get_by_role("button", name="保存", exact=True).click()
    expect(plain.locator("h1")).to_contain_text("云海冷库改造")
    expect(plain.get_by_role("link", name="云海物流股份有限公司")).to_be_visible()


def test_a_name_is_typed_where_no_list_opens(plain, office):
    plain.goto("/opportunities/new/")
    plain.get_by_label("标题").fill("云海冷库改造")
    plain.locator("[name=customer__text]").fill("云海")
    plain.get_by_role("button", name="保存", exact=True).click()
    expect(plain.get_by_role("alert")).to_contain_text("请从列表中选择")
    expect(plain.locator("[name=customer__text]")).to_have_value("云海")
    plain.locator("[name=customer__text]").fill("云海物流股份有限公司")
    plain.get_by_role("button", name="保存", exact=True).click()
    expect(plain.locator("h1")).to_contain_text("云海冷库改造")
    expect(plain.get_by_role("link", name="云海物流股份有限公司")).to_be_visible()


def test_a_deal_is_won_by_its_button(plain, office, picture):
    deal = office.opportunities["华维精密仪器有限公司"]
    plain.goto(f"/opportunities/{deal.pk}/")
    plain.get_by_role("link", name="赢单", exact=True).click()
    picture(plain)
    plain.get_by_role("button", name="赢单", exact=True).click()
    expect(plain.get_by_text("已赢单")).to_be_visible()
    plain.get_by_role("button", name="撤销").click()
    expect(plain.get_by_text("已撤销")).to_be_visible()
