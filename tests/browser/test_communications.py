"""交流信息 and 交流自定义信息 in a real browser, as the manual describes them."""

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor

pytestmark = pytest.mark.browser
HUAWEI = "华维精密仪器有限公司"


def test_a_talk_is_written_down_on_the_phone_in_four_taps(signed_in, office, picture):
    """S01-83: from the customer's page, on phone width: open, phrase, save."""
    signed_in.set_viewport_size({"width": 390, "height": 844})
    customer = office.customers[HUAWEI]
    signed_in.goto(f"/customers/{customer.pk}/")
    signed_in.locator(".record-acts").get_by_role("link", name="记一笔").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_label("交流内容")).to_be_focused()
    dialog.get_by_role("button", name="已加微信并发送资料").click()
    expect(dialog.get_by_label("交流内容")).to_have_value("已加微信并发送资料")
    picture(signed_in, "form")
    dialog.get_by_role("button", name="保存").click()
    expect(signed_in.get_by_role("link", name="已加微信并发送资料").first).to_be_visible()
    picture(signed_in, "after")
    rows = registry.spec("activities.communication").model.rows(system_actor("tests"))
    made = rows.get(customer=customer)
    assert str(made.type) == "电话"
    customer = type(customer).rows(system_actor("tests")).get(pk=customer.pk)
    assert customer.last_contact_on is not None


def test_custom_information_is_set_switched_on_and_filled_in(signed_in, office, picture):
    """S01-58 to S01-73: add, options, 开启, field on the form, view-only options."""
    signed_in.goto("/communication-information/new/")
    signed_in.get_by_label("自定义标题").fill("样品反馈")
    signed_in.get_by_role("button", name="保存").first.click()
    expect(signed_in.locator("#id_kind_error")).to_be_visible()
    signed_in.get_by_label("类型").select_option(label="下拉列表")
    signed_in.get_by_role("button", name="保存").first.click()
    signed_in.goto("/communication-information/")
    picture(signed_in, "list")
    signed_in.get_by_role("link", name="设置", exact=True).click()
    signed_in.get_by_role("link", name="追加选项").first.click()
    signed_in.get_by_label("选项名称").fill("满意")
    signed_in.get_by_role("button", name="保存").first.click()
    signed_in.goto("/communication-information/")
    signed_in.get_by_role("link", name="开启").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="开启").click()
    expect(signed_in.locator("#rows").get_by_role("link", name="关闭")).to_be_visible()
    signed_in.goto("/communications/new/")
    expect(signed_in.get_by_label("样品反馈")).to_be_visible()
    picture(signed_in, "form")
    option = registry.spec("custom.customoption").model.rows(system_actor("tests")).get()
    answer = signed_in.goto(f"/custom-options/{option.pk}/edit/")
    assert answer is not None and answer.status == 409
    signed_in.goto(f"/custom-options/?field={option.field_id}")
    expect(signed_in.get_by_role("link", name="修改")).to_have_count(0)
    expect(signed_in.get_by_role("link", name="追加选项")).to_have_count(0)
    picture(signed_in, "locked")


def test_a_talk_is_written_down_above_the_timeline(signed_in, office, picture):
    """S01-83: inline on the customer's page; the entry stands in the timeline at once."""
    customer = office.customers[HUAWEI]
    signed_in.goto(f"/customers/{customer.pk}/")
    form = signed_in.locator("form.composer[data-guard]")
    expect(form.get_by_role("button", name="记一笔")).to_be_hidden()
    form.get_by_label("交流内容").click()
    form.get_by_role("button", name="记一笔").click()
    expect(form.locator(".error")).to_be_visible()
    form.get_by_label("交流内容").fill("样机周五寄出")
    form.get_by_label("下一步").fill("寄样机")
    form.get_by_role("button", name="记一笔").click()
    entry = signed_in.locator("#timeline .entry", has_text="样机周五寄出")
    expect(entry).to_contain_text("寄样机")
    picture(signed_in)
    signed_in.locator("#timeline .filters").get_by_role("link", name="变更").click()
    expect(entry).to_have_count(0)


def test_comment_and_talk_are_tabs_of_one_card(signed_in, office):
    """What was typed in one stays while the other is sent."""
    signed_in.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    talk, comment = signed_in.get_by_label("交流内容"), signed_in.get_by_label("评论").last
    expect(comment).to_be_hidden()
    talk.fill("谈到一半")
    signed_in.locator(".composer-tabs").get_by_text("评论").click()
    expect(talk).to_be_hidden()
    comment.fill("先问问生产")
    signed_in.get_by_role("button", name="发送").click()
    expect(signed_in.locator("#timeline .entry", has_text="先问问生产")).to_be_visible()
    expect(comment).to_be_visible()
    signed_in.locator(".composer-tabs").get_by_text("记一笔").click()
    expect(talk).to_have_value("谈到一半")


def test_a_talk_is_written_down_without_a_script(plain, office):
    """S01-83: the same with plain forms; topics are ticked on the whole form."""
    customer = office.customers[HUAWEI]
    plain.goto(f"/customers/{customer.pk}/")
    form = plain.locator("form.composer[data-guard]")
    form.get_by_role("button", name="记一笔").click()
    plain.get_by_label("交流内容").fill("电话里谈了价格")
    plain.get_by_role("button", name="保存").click()
    entry = plain.locator("#timeline .entry", has_text="电话里谈了价格")
    entry.get_by_role("link").first.click()
    plain.get_by_role("link", name="修改").first.click()
    plain.get_by_label("价格", exact=True).check()
    plain.get_by_role("button", name="保存").first.click()
    expect(plain.locator(".record-facts")).to_contain_text("价格")
