"""The operation manual's screens around communications, from the menu to the saved row."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.manual]
#: address, entry of the menu, required field, picture
DICTIONARIES = [
    ("/relation-types/", "关系类型", "关系类型名称", "relations"),
    ("/communication-types/", "交流类型", "交流类型名称", "channels"),
    ("/hot-topics/", "热点分类", "热点分类名称", "topics"),
]


def test_s01_46_to_57_74_75_dictionaries_of_communications(fixed_day, signed_in, shot):
    for address, entry, field, picture in DICTIONARIES:
        named = re.compile(rf"^\*?{field}$")
        signed_in.goto("/")
        signed_in.locator("#menu").get_by_role("link", name=entry, exact=True).click()
        expect(signed_in).to_have_url(re.compile(f"{address}$"))
        expect(signed_in.get_by_label(named)).to_be_visible()
        expect(signed_in.get_by_label("失效否")).to_be_visible()
        shot(signed_in, picture)
        signed_in.keyboard.press("n")
        signed_in.get_by_label(named).fill("长" * 51)
        signed_in.get_by_label("备注").fill("长" * 501)
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text("最多 50 个字")
        expect(signed_in.get_by_role("alert")).to_contain_text("最多 500 个字")
        signed_in.get_by_label(named).fill("手册里的一条")
        signed_in.get_by_label("备注").fill("")
        shot(signed_in, f"{picture}-add")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.locator("h1")).to_contain_text("手册里的一条")
        signed_in.get_by_role("link", name="修改", exact=True).click()
        signed_in.get_by_label(named).fill("")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text(field)


def test_s01_58_to_73_custom_information(fixed_day, signed_in, shot):
    signed_in.goto("/")
    menu = signed_in.locator("#menu")
    menu.get_by_role("link", name="交流自定义信息", exact=True).click()
    expect(signed_in).to_have_url(re.compile("/communication-information/$"))
    signed_in.keyboard.press("n")
    expect(signed_in).to_have_url(re.compile("/communication-information/new/"))
    title = signed_in.get_by_label(re.compile(r"^\*?自定义标题$"))
    title.fill("长" * 17)
    signed_in.get_by_role("button", name="保存", exact=True).click()
    expect(signed_in.get_by_role("alert")).to_contain_text("最多 16 个字")
    title.fill("样品反馈")
    signed_in.get_by_label(re.compile(r"^\*?类型$")).select_option(label="下拉列表")
    shot(signed_in, "information-add")
    signed_in.get_by_role("button", name="保存", exact=True).click()
    signed_in.goto("/communication-information/")
    shot(signed_in, "information")
    signed_in.get_by_role("link", name="设置", exact=True).click()
    signed_in.get_by_role("link", name="追加选项").first.click()
    signed_in.get_by_label(re.compile(r"^\*?选项名称$")).fill("满意")
    signed_in.get_by_role("button", name="保存", exact=True).click()
    signed_in.goto("/communication-information/")
    signed_in.get_by_role("link", name="开启").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="开启").click()
    expect(signed_in.locator("#rows").get_by_role("link", name="关闭")).to_be_visible()
    signed_in.goto("/communications/new/")
    expect(signed_in.get_by_label("样品反馈")).to_be_visible()


def test_s01_83_communications(fixed_day, signed_in, office, shot):
    customer = office.customers["华维精密仪器有限公司"]
    signed_in.goto(f"/customers/{customer.pk}/")
    form = signed_in.locator("form.composer[data-guard]")
    form.get_by_label("交流内容").fill("对方要两台样机，周五寄出")
    form.get_by_label("下一步").fill("寄样机")
    shot(signed_in, "talk-inline")
    form.get_by_role("button", name="记一笔").click()
    expect(signed_in.locator("#timeline")).to_contain_text("周五寄出")
    shot(signed_in, "talk-timeline")
    signed_in.goto("/")
    signed_in.locator("#menu").get_by_role("link", name="交流信息", exact=True).click()
    expect(signed_in.locator("#rows")).to_contain_text("周五寄出")
    shot(signed_in, "talks")
    signed_in.goto(f"/communications/new/?customer={customer.pk}")
    signed_in.get_by_label("价格", exact=True).check()
    shot(signed_in, "talk-add")
    signed_in.get_by_label("交流内容").fill("谈了价格")
    signed_in.get_by_role("button", name="保存", exact=True).click()
    expect(signed_in.locator(".record-facts")).to_contain_text("价格")
