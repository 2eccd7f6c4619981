"""The operation manual's screens of plans: types, settings from which they arise, the plans."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.modules.activities.plan_models import Plan, PlanSetting
from guanxi.testing.imports import work_off_jobs
from guanxi.testing.steps import SYSTEM, act, row, shown, toast

pytestmark = [pytest.mark.browser, pytest.mark.manual]
HUAWEI = "华维精密仪器有限公司"
TYPE = re.compile(r"^\*?计划类型名称$")


def open_screen(page, entry, address):
    page.goto("/")
    page.locator("#menu").get_by_role("link", name=entry, exact=True).click()
    expect(page).to_have_url(re.compile(f"{address}$"))


def plan(office, today, days, title):
    values = {
        "customer": str(office.customers[HUAWEI].pk),
        "title": title,
        "due_on": str(today + timedelta(days=days)),
        "owner": str(office.boss.pk),
    }
    return create_record(SYSTEM, registry.spec("activities.plan"), values)


def test_s01_80_plan_types(desk, shot):
    open_screen(desk, "计划类型", "/plan-types/")
    expect(desk.get_by_label("失效否")).to_be_visible()
    shot(desk, "plan-types")
    desk.get_by_role("link", name="追加计划类型").click()
    desk.get_by_label(TYPE).fill("年度体检")
    desk.get_by_label("备注").fill("每年一次")
    shot(desk, "plan-types-add")
    desk.get_by_label(TYPE).fill("长" * 51)
    desk.get_by_label("备注").fill("长" * 501)
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("最多 50 个字")
    expect(desk.get_by_role("alert")).to_contain_text("最多 500 个字")
    desk.get_by_label(TYPE).fill("年度体检")
    desk.get_by_label("备注").fill("每年一次")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("年度体检")
    desk.goto("/plan-types/")
    act(desk, "年度体检", "修改").click()
    desk.get_by_label(TYPE).fill("")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("计划类型名称")
    desk.goto("/plan-types/?name=%E4%BD%93%E6%A3%80")
    expect(shown(desk)).to_have_text(["年度体检"])
    act(desk, "年度体检", "失效").click()
    desk.get_by_role("dialog").get_by_role("button", name="失效").click()
    expect(row(desk, "年度体检")).to_have_count(0)
    desk.goto("/plans/new/")
    offered = desk.get_by_label(re.compile(r"^\*?计划类型$")).locator("option").all_inner_texts()
    assert "回访" in offered
    assert "年度体检" not in offered


def test_s01_81_a_setting_is_made_put_in_force_and_its_plans_arise(desk, office, shot):
    open_screen(desk, "计划设置", "/plan-settings/")
    desk.get_by_role("link", name="追加计划设置").first.click()
    desk.get_by_label(re.compile(r"^\*?设置名称$")).fill("重点客户季度回访")
    desk.get_by_label(re.compile(r"^\*?计划内容$")).fill("季度回访 {customer}")
    desk.get_by_label("间隔数").fill("3")
    desk.get_by_label("提前提醒天数").fill("7")
    desk.get_by_label("客户名称", exact=True).fill("精密")
    desk.get_by_role("button", name="重新计数").click()
    expect(desk.locator(".conditions-count")).to_contain_text("目前有 1 条")
    shot(desk, "plan-settings-add")
    desk.locator("#id_whom-status").click()
    statuses = desk.locator(".several[open]")
    statuses.get_by_label("潜在").check()
    statuses.get_by_label("意向").check()
    expect(statuses.locator("summary")).to_have_text("潜在、意向")
    statuses.scroll_into_view_if_needed()
    shot(desk, "plan-settings-whom")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator(".record-facts")).to_contain_text("状态 属于 潜在、意向")
    desk.get_by_role("link", name="启用", exact=True).click()
    desk.get_by_role("dialog").get_by_role("button", name="启用").click()
    expect(toast(desk)).to_contain_text("已启用")
    expect(desk.get_by_role("link", name="修改", exact=True)).to_have_count(0)
    made = PlanSetting.rows(SYSTEM).get()
    assert desk.goto(f"/plan-settings/{made.pk}/edit/").status == 409
    work_off_jobs()
    open_screen(desk, "计划设置", "/plan-settings/")
    shot(desk, "plan-settings")
    desk.goto("/plans/")
    expect(shown(desk)).to_have_text([f"季度回访 {HUAWEI}"])
    work_off_jobs()
    assert Plan.rows(SYSTEM).count() == 1


def test_s01_06_84_a_plan_is_made_and_done_by_recording_the_communication(
    desk, office, fixed_day, shot
):
    today = fixed_day.date()
    plan(office, today, -3, "催第一期款")
    plan(office, today, 2, "寄样机并讲解")
    open_screen(desk, "计划信息", "/plans/")
    expect(row(desk, "催第一期款")).to_contain_text("已逾期")
    desk.get_by_role("link", name="追加计划", exact=True).click()
    customer = desk.locator(".field", has=desk.locator("label", has_text="客户")).first
    customer.locator("[data-picker-text]").fill("华维")
    customer.get_by_role("option", name=HUAWEI).click()
    desk.get_by_label(re.compile(r"^\*?计划日期$")).fill(str(today))
    desk.get_by_label("时间", exact=True).fill("14:30")
    shot(desk, "plans-add")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("h1")).to_contain_text(f"回访 {HUAWEI}")
    shot(desk, "plan")
    open_screen(desk, "计划信息", "/plans/")
    shot(desk, "plans")
    desk.get_by_role("link", name="已逾期").click()
    expect(shown(desk)).to_have_text(["催第一期款"])
    row(desk, "催第一期款").get_by_role("link", name="记录交流").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("交流内容").fill("对方答应周五付款")
    shot(desk, "plan-talk")
    dialog.get_by_role("button", name="保存").click()
    expect(row(desk, "催第一期款")).to_have_count(0)
    assert Plan.rows(SYSTEM).get(title="催第一期款").state == "done"
    desk.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    expect(desk.locator("#timeline")).to_contain_text("对方答应周五付款")


def test_s01_84_moved_and_cancelled_plans_say_why(desk, office, fixed_day, shot):
    made = plan(office, fixed_day.date(), 1, "上门拜访")
    later = str(fixed_day.date() + timedelta(days=8))
    desk.goto(f"/plans/{made.pk}/")
    desk.get_by_role("link", name="改期").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label(re.compile(r"计划日期")).fill(later)
    dialog.get_by_label(re.compile(r"原因")).fill("客户出差")
    shot(desk, "plan-move")
    dialog.get_by_label(re.compile(r"原因")).fill("")
    dialog.get_by_role("button", name="改期").click()
    expect(dialog.locator(".error")).to_be_visible()
    dialog.get_by_label(re.compile(r"原因")).fill("客户出差")
    dialog.get_by_role("button", name="改期").click()
    expect(desk.locator(".record-figures")).to_contain_text(later)
    desk.get_by_role("link", name="取消计划").click()
    desk.get_by_role("dialog").get_by_label(re.compile(r"原因")).fill("项目停了")
    desk.get_by_role("dialog").get_by_role("button", name="取消计划").click()
    expect(desk.locator(".record-title")).to_contain_text("已取消")
    desk.goto("/plans/")
    desk.get_by_role("link", name="已逾期").click()
    expect(row(desk, "上门拜访")).to_have_count(0)
