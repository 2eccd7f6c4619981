"""The operation manual's screens around communications, from the menu to the saved row."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.testing.steps import SYSTEM, act, query, row, shown, toast

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
        signed_in.get_by_label(named).fill("手册里的一条")
        shot(signed_in, f"{picture}-add")
        signed_in.get_by_label(named).fill("长" * 51)
        signed_in.get_by_label("备注").fill("长" * 501)
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text("最多 50 个字")
        expect(signed_in.get_by_role("alert")).to_contain_text("最多 500 个字")
        signed_in.get_by_label(named).fill("手册里的一条")
        signed_in.get_by_label("备注").fill("")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.locator("h1")).to_contain_text("手册里的一条")
        signed_in.get_by_role("link", name="修改", exact=True).click()
        signed_in.get_by_label(named).fill("")
        signed_in.get_by_role("button", name="保存", exact=True).click()
        expect(signed_in.get_by_role("alert")).to_contain_text(field)


TITLE = re.compile(r"^\*?自定义标题$")
KIND = re.compile(r"^\*?类型$")
OPTION = re.compile(r"^\*?选项名称$")
INFORMATION = "/communication-information/"


@pytest.fixture
def information(office):
    """One of each type, switched off."""
    kinds = {"样品反馈": "choice", "参会人数": "integer", "让利比例": "decimal", "对手名称": "text"}
    spec = registry.spec("custom.customfield")
    made = {"object": "activities.communication"}
    return {
        name: create_record(SYSTEM, spec, made | {"name": name, "kind": kind})
        for name, kind in kinds.items()
    }


def test_s01_60_custom_information_is_added_with_a_type_chosen(desk, shot):
    desk.goto("/")
    desk.locator("#menu").get_by_role("link", name="交流自定义信息", exact=True).click()
    expect(desk).to_have_url(re.compile(f"{INFORMATION}$"))
    desk.get_by_role("link", name="追加交流自定义信息").first.click()
    title, kind = desk.get_by_label(TITLE), desk.get_by_label(KIND)
    expect(kind.locator("option:checked")).to_have_text("请选择")
    choices = ["请选择", "下拉列表", "数字", "小数", "汉字"]
    assert kind.locator("option").all_inner_texts() == choices
    title.fill("样品反馈")
    kind.select_option(label="下拉列表")
    shot(desk, "information-add")
    title.fill("长" * 17)
    desk.get_by_label("备注").fill("长" * 501)
    kind.select_option(label="请选择")
    desk.get_by_role("button", name="保存", exact=True).click()
    alert = desk.get_by_role("alert")
    for said in ("最多 16 个字", "最多 500 个字", "类型"):
        expect(alert).to_contain_text(said)
    title.fill("长" * 16)
    desk.get_by_label("备注").fill("长" * 500)
    kind.select_option(label="小数")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("长" * 16)


def test_s01_58_59_61_to_64_the_list_of_custom_information(desk, information, shot):
    desk.goto(INFORMATION)
    expect(desk.locator("#rows").get_by_role("link", name="设置")).to_have_count(1)
    shot(desk, "information")
    desk.get_by_label("自定义标题").fill("人数")
    query(desk)
    expect(shown(desk)).to_have_text(["参会人数"])
    desk.goto(INFORMATION)
    desk.get_by_label("类型", exact=True).select_option(label="小数")
    query(desk)
    expect(shown(desk)).to_have_text(["让利比例"])
    act(desk, "让利比例", "修改").click()
    expect(desk.get_by_label(TITLE)).to_have_value("让利比例")
    expect(desk.locator("[name=kind]")).to_have_count(0)
    expect(desk.locator("output", has_text="小数")).to_be_visible()
    desk.get_by_label(TITLE).fill("")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("自定义标题")
    desk.goto(INFORMATION)
    act(desk, "对手名称", "查看").click()
    expect(desk.locator(".record-facts")).to_contain_text("汉字")
    desk.goto(INFORMATION)
    act(desk, "对手名称", "失效").click()
    desk.get_by_role("dialog").get_by_role("button", name="失效").click()
    expect(row(desk, "对手名称")).to_have_count(0)
    desk.get_by_label("勾选本页全部").check()
    desk.locator("[data-bulk]").get_by_role("button", name="失效").click()
    expect(toast(desk)).to_contain_text("3")
    desk.get_by_label("失效否").select_option(label="失效")
    query(desk)
    expect(shown(desk)).to_have_count(len(information))
    expect(
        desk.locator("#rows").get_by_role("link", name=re.compile("^(设置|开启)"))
    ).to_have_count(0)


def test_s01_65_to_70_options_are_kept_while_switched_off(desk, information, shot):
    desk.goto(INFORMATION)
    desk.get_by_role("link", name="设置", exact=True).click()
    options = desk.url
    for text in ("满意", "一般", "失望"):
        desk.get_by_role("link", name="追加选项").first.click()
        desk.get_by_label(OPTION).fill("长" * 51)
        desk.get_by_role("button", name="保存", exact=True).click()
        expect(desk.get_by_role("alert")).to_contain_text("最多 50 个字")
        desk.get_by_label(OPTION).fill(text)
        desk.get_by_role("button", name="保存", exact=True).click()
        expect(desk.locator("h1")).to_contain_text(text)
        desk.goto(options)
    expect(shown(desk)).to_have_text(["满意", "一般", "失望"])
    shot(desk, "options")
    act(desk, "一般", "修改").click()
    desk.get_by_label(OPTION).fill("还可以")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(row(desk, "还可以")).to_be_visible()
    act(desk, "还可以", "失效").click()
    desk.get_by_role("dialog").get_by_role("button", name="失效").click()
    expect(row(desk, "还可以")).to_have_count(0)
    desk.get_by_label("勾选本页全部").check()
    desk.locator("[data-bulk]").get_by_role("button", name="失效").click()
    expect(toast(desk)).to_contain_text("2")
    toast(desk).get_by_role("button", name="撤销").click()
    expect(row(desk, "满意")).to_be_visible()
    act(desk, "满意", "查看").click()
    expect(desk.locator("h1")).to_contain_text("满意")
    desk.goto(INFORMATION)
    row(desk, "样品反馈").get_by_role("link", name="开启").click()
    desk.get_by_role("dialog").get_by_role("button", name="开启").click()
    expect(row(desk, "样品反馈").get_by_role("link", name="关闭")).to_be_visible()
    desk.goto(options)
    expect(row(desk, "满意").locator(".row-acts a")).to_have_text(["查看"])
    expect(desk.get_by_role("link", name="追加选项")).to_have_count(0)
    shot(desk, "options-locked")
    option = registry.spec("custom.customoption").model.rows(SYSTEM).get(name="满意")
    for address in ("edit", "invalidate", "delete"):
        assert desk.goto(f"/custom-options/{option.pk}/{address}/").status == 409, address


def test_s01_71_72_73_what_is_switched_on_is_asked_for_and_checked(desk, office, information, shot):
    create_record(
        SYSTEM,
        registry.spec("custom.customoption"),
        {"field": str(information["样品反馈"].pk), "name": "满意"},
    )
    for name in information:
        desk.goto(INFORMATION)
        row(desk, name).get_by_role("link", name="开启").click()
        desk.get_by_role("dialog").get_by_role("button", name="开启").click()
        expect(row(desk, name).get_by_role("link", name="关闭")).to_be_visible()
    customer = office.customers["华维精密仪器有限公司"]
    desk.goto(f"/communications/new/?customer={customer.pk}")
    desk.get_by_label("交流内容").fill("现场看样")
    desk.get_by_label("样品反馈").select_option(label="满意")
    desk.get_by_label("对手名称").fill("甲公司")
    shot(desk, "talk-information")
    for name, wrong, right in (("参会人数", "三个", "3"), ("让利比例", "很多", "2.5")):
        control = desk.get_by_label(name)
        control.evaluate("(box, text) => { box.type = 'text'; box.value = text; }", wrong)
        desk.get_by_role("button", name="保存", exact=True).click()
        expect(desk.get_by_role("alert")).to_contain_text(name)
        desk.get_by_label(name).fill(right)
    desk.get_by_role("button", name="保存", exact=True).click()
    facts = desk.locator(".record-facts")
    for said in ("满意", "甲公司", "3", "2.5"):
        expect(facts).to_contain_text(said)
    talk = desk.url
    desk.goto(INFORMATION)
    row(desk, "对手名称").get_by_role("link", name="关闭").click()
    desk.get_by_role("dialog").get_by_role("button", name="关闭").last.click()
    expect(row(desk, "对手名称").get_by_role("link", name="开启")).to_be_visible()
    desk.goto(talk)
    expect(facts).not_to_contain_text("甲公司")
    desk.goto(INFORMATION)
    row(desk, "对手名称").get_by_role("link", name="开启").click()
    desk.get_by_role("dialog").get_by_role("button", name="开启").click()
    expect(row(desk, "对手名称").get_by_role("link", name="关闭")).to_be_visible()
    desk.goto(talk)
    expect(facts).to_contain_text("甲公司")


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
