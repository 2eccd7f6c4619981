"""The operation manual, its common part (S01-13 to S01-39), in Chinese, in a real browser.

Each test names the row of the manual it walks. `shot` keeps the pictures of docs/zh/操作手册.md.
"""

import re

import pytest
from playwright.sync_api import expect

from guanxi.modules.customers.models import CustomerSource
from guanxi.testing.steps import SYSTEM, act, query, row, shown, source, toast

pytestmark = [pytest.mark.browser, pytest.mark.manual]
SOURCES = "/customer-sources/"
HUAWEI = "华维精密仪器有限公司"
#: One character each for a person, two units for the browser, four bytes for the database.
EMOJI, RARE = "😀", "𠮷"


def test_s01_13_24_39_part_of_a_name_finds_rows_below_the_conditions(desk, shot):
    desk.goto(SOURCES)
    desk.get_by_label("客户来源名称").fill("微信")
    query(desk)
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(shown(desk)).to_have_text(["企业微信"])
    conditions = desk.get_by_role("search", name="查询条件").bounding_box()
    assert conditions["y"] < desk.locator("#rows").bounding_box()["y"]
    shot(desk, "query")
    desk.get_by_label("客户来源名称").fill("没有这个来源")
    query(desk)
    expect(desk.get_by_text("没有符合条件的")).to_be_visible()
    desk.get_by_role("link", name="清空", exact=True).first.click()
    expect(row(desk, "展会")).to_be_visible()


def test_s01_15_20_validity_shows_valid_invalid_or_all(desk, office, shot):
    gone = source("旧展会")
    desk.goto(SOURCES)
    desk.goto(f"{SOURCES}{gone.pk}/invalidate/")
    desk.get_by_role("button", name="失效", exact=True).click()
    expect(desk).to_have_url(re.compile(f"{SOURCES}$"))
    expect(row(desk, "旧展会")).to_have_count(0)
    choice = desk.get_by_label("失效否")
    assert choice.locator("option").all_inner_texts() == ["有效", "失效", "全部"]
    choice.select_option(label="失效")
    query(desk)
    expect(shown(desk)).to_have_text(["旧展会"])
    choice.select_option(label="全部")
    query(desk)
    expect(shown(desk)).to_contain_text(["展会", "旧展会"])
    shot(desk, "validity")


def test_s01_15_an_invalid_row_can_be_viewed_and_restored_only(desk, office, shot):
    gone = source("旧展会")
    desk.goto(f"{SOURCES}{gone.pk}/invalidate/")
    desk.get_by_role("button", name="失效", exact=True).click()
    expect(toast(desk)).to_contain_text("旧展会")
    desk.goto(f"{SOURCES}?void=all")
    acts = row(desk, "旧展会").locator(".row-acts a")
    expect(acts).to_have_text(["查看", "恢复"])
    act(desk, "旧展会", "查看").click()
    expect(desk.get_by_text("只能查看").first).to_be_visible()
    expect(desk.get_by_role("link", name="修改", exact=True)).to_have_count(0)
    shot(desk, "invalid")
    for address in ("edit", "field/name", "invalidate", "delete"):
        answer = desk.goto(f"{SOURCES}{gone.pk}/{address}/")
        assert answer.status == 409, address
        expect(desk.get_by_text("已失效，只能查看")).to_be_visible()
    desk.get_by_role("link", name="返回").click()
    desk.get_by_role("button", name="恢复").click()
    expect(toast(desk)).to_contain_text("旧展会")
    expect(desk.get_by_role("link", name="修改", exact=True)).to_be_visible()


def test_s01_25_36_37_a_row_is_added_saved_and_the_form_closed(desk, office, shot):
    desk.goto(SOURCES)
    desk.get_by_role("link", name="追加客户来源").click()
    expect(desk.locator("h1")).to_have_text("追加客户来源")
    desk.get_by_label("客户来源名称").fill("行业年会")
    desk.get_by_label("备注").fill("每年九月")
    shot(desk, "add")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("行业年会")
    desk.get_by_role("link", name="关闭", exact=True).click()
    expect(desk).to_have_url(re.compile(f"{SOURCES}$"))
    expect(shown(desk).last).to_have_text("行业年会")


def test_s01_14_a_required_field_is_marked_at_the_upper_left_and_refused_when_empty(desk, shot):
    desk.goto(f"{SOURCES}new/")
    control = desk.get_by_label("客户来源名称")
    mark = desk.locator("label", has_text="客户来源名称").locator(".required")
    at, box = mark.bounding_box(), control.bounding_box()
    assert at["y"] + at["height"] <= box["y"]
    assert abs(at["x"] - box["x"]) < 4
    expect(desk.locator("label", has_text="备注").locator(".required")).to_have_count(0)
    desk.get_by_label("备注").fill("名称还没填")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("客户来源名称")
    expect(control).to_be_focused()
    expect(desk.get_by_label("备注")).to_have_value("名称还没填")
    shot(desk, "required")


@pytest.mark.parametrize("sign", ["字", EMOJI, RARE])
def test_s01_41_fifty_characters_pass_and_one_more_is_refused(desk, sign):
    desk.goto(f"{SOURCES}new/")
    name, remark = desk.get_by_label("客户来源名称"), desk.get_by_label("备注")
    name.fill(sign * 51)
    remark.fill(sign * 501)
    expect(name).to_have_value(sign * 51)
    desk.get_by_role("button", name="保存", exact=True).click()
    alert = desk.get_by_role("alert")
    expect(alert).to_contain_text("最多 50 个字")
    expect(alert).to_contain_text("最多 500 个字")
    name.fill(sign * 50)
    remark.fill(sign * 500)
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("h1")).to_contain_text(sign * 50)
    made = CustomerSource.rows(SYSTEM).get(name=sign * 50)
    assert made.remark == sign * 500


def test_s01_32_33_a_row_is_viewed_and_changed_from_the_list(desk, office, shot):
    source("老展会")
    desk.goto(f"{SOURCES}?name=%E8%80%81%E5%B1%95")
    act(desk, "老展会", "查看").click()
    expect(desk.locator("h1")).to_contain_text("老展会")
    shot(desk, "view")
    desk.go_back()
    act(desk, "老展会", "修改").click()
    desk.get_by_label("客户来源名称").fill("老展会二期")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk).to_have_url(re.compile(r"name=%E8%80%81%E5%B1%95"))
    expect(shown(desk)).to_have_text(["老展会二期"])


def test_s01_37_close_leaves_without_saving_and_warns_when_something_was_typed(desk, office):
    source("老展会")
    asked = []

    def answer(question):
        asked.append(question.type)
        question.accept()

    desk.on("dialog", answer)
    desk.goto(SOURCES)
    act(desk, "老展会", "修改").click()
    desk.get_by_role("link", name="关闭", exact=True).click()
    expect(row(desk, "老展会")).to_be_visible()
    assert asked == []
    act(desk, "老展会", "修改").click()
    desk.get_by_label("客户来源名称").press_sequentially("二期")
    desk.get_by_role("link", name="关闭", exact=True).click()
    expect(row(desk, "老展会")).to_be_visible()
    assert asked == ["beforeunload"]
    act(desk, "老展会", "失效").click()
    desk.get_by_role("dialog").get_by_label("原因").fill("录重了")
    desk.get_by_role("dialog").get_by_role("link", name="取消").click()
    expect(desk.locator("#ask")).to_be_visible()
    desk.locator("#ask").get_by_role("button", name="确定").click()
    expect(desk.locator("#dialog")).not_to_be_visible()
    assert not CustomerSource.rows(SYSTEM).get(name="老展会").is_void


def test_s01_35_44_one_row_is_invalidated_from_the_list_and_taken_back(desk, office, shot):
    source("老展会")
    desk.goto(f"{SOURCES}?name=%E8%80%81")
    act(desk, "老展会", "失效").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("原因").fill("不再参加")
    shot(desk, "invalidate-one")
    dialog.get_by_role("button", name="失效").click()
    expect(toast(desk)).to_contain_text("老展会")
    expect(desk).to_have_url(re.compile(r"name=%E8%80%81"))
    expect(row(desk, "老展会")).to_have_count(0)
    toast(desk).get_by_role("button", name="撤销").click()
    expect(desk.get_by_text("已撤销")).to_be_visible()
    assert not CustomerSource.rows(SYSTEM).get(name="老展会").is_void


def test_s01_22_23_pickers_open_choose_and_clear(desk, office, colleague, shot):
    desk.goto("/opportunities/new/")
    desk.evaluate(
        "for (const fold of document.querySelectorAll('details.form-section')) fold.open = true"
    )
    for label, choice, wanted in (("客户", HUAWEI, "精密"), ("负责人", colleague.name, "陈")):
        group = desk.locator(".field").filter(
            has=desk.locator("label", has_text=re.compile(f"^\\*?{label}$"))
        )
        clear = group.get_by_role("button", name=f"清除{label}")
        if clear.is_visible():
            clear.click()
        text = group.locator("[data-picker-text]")
        expect(text).to_have_value("")
        group.get_by_role("link", name=f"选择{label}").click()
        box = desk.locator("#picker")
        box.get_by_role("searchbox").fill(wanted)
        box.get_by_role("button", name="查询").click()
        expect(box.locator("[data-row]")).to_have_count(1)
        shot(desk, f"picker-{'person' if label == '负责人' else 'record'}")
        box.get_by_role("link", name=choice).click()
        expect(text).to_have_value(choice)
        clear.click()
        expect(text).to_have_value("")
        expect(group.locator("[data-picker-value]")).to_have_value("")


def test_s01_21_a_date_is_chosen_in_the_calendar(desk, office):
    desk.goto("/opportunities/new/")
    day = desk.get_by_label("预计成交")
    assert day.get_attribute("type") == "date"
    day.fill("2026-10-08")
    expect(day).to_have_value("2026-10-08")
