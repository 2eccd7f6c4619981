"""The operation manual, its common part: many rows at once, deletion, order, owner and sharing."""

import pytest
from playwright.sync_api import expect

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer, CustomerSource
from guanxi.testing.steps import SYSTEM, act, names, row, shown, source, toast

pytestmark = [pytest.mark.browser, pytest.mark.manual]
SOURCES = "/customer-sources/"
HUAWEI = "华维精密仪器有限公司"


@pytest.fixture
def sixty(office):
    """Three pages of twenty, beside the sources of the first day."""
    have = CustomerSource.rows(SYSTEM).count()
    for number in range(have, 60):
        source(f"来源{number:02}")
    return CustomerSource.rows(SYSTEM)


def test_s01_27_38_45_the_head_box_ticks_this_page_only(desk, sixty, shot):
    desk.goto(f"{SOURCES}?per_page=20&page=2")
    desk.get_by_label("勾选本页全部").check()
    bar = desk.locator("[data-bulk]")
    expect(bar.locator("[data-bulk-count]")).to_have_text("20")
    shot(desk, "whole-page")
    bar.get_by_role("button", name="失效").click()
    expect(toast(desk)).to_contain_text("20")
    assert sixty.live().count() == 40
    toast(desk).get_by_role("button", name="撤销").click()
    expect(desk.get_by_text("已撤销 20 条")).to_be_visible()
    assert sixty.live().count() == 60


def test_s01_38_the_whole_result_is_offered_after_the_whole_page(desk, sixty):
    desk.goto(f"{SOURCES}?per_page=20&name=%E6%9D%A5%E6%BA%90")
    expected = sixty.filter(name__contains="来源").count()
    assert expected > 20
    desk.get_by_label("勾选本页全部").check()
    desk.get_by_role("button", name=f"选中全部 {expected} 条").click()
    expect(desk.locator("[data-bulk-count]")).to_have_text(str(expected))
    desk.locator("[data-bulk]").get_by_role("button", name="失效").click()
    expect(toast(desk)).to_contain_text(str(expected))
    assert sixty.live().count() == 60 - expected


def test_s01_16_17_18_19_the_pager_counts_steps_and_jumps(desk, sixty, shot):
    desk.goto(f"{SOURCES}?per_page=20")
    total, now = desk.locator(".pager-total"), desk.locator(".pager-now")
    box = desk.locator(".input-jump")
    expect(total).to_contain_text("共 60 条")
    expect(total).to_contain_text("共 3 页")
    expect(desk.get_by_label("每页")).to_have_value("20")
    expect(now).to_have_text("第 1 页")
    shot(desk, "pager")
    pager = desk.locator("#pager")
    for step, number in (("下一页", 2), ("尾页", 3), ("上一页", 2), ("首页", 1)):
        pager.get_by_role("link", name=step).click()
        expect(now).to_have_text(f"第 {number} 页")
    for typed in ("0", "", "-1", "二", "1.5", "4"):
        box.fill(typed)
        pager.get_by_role("button", name="跳转").click()
        expect(now).to_have_text("第 1 页")
    box.fill("3")
    pager.get_by_role("button", name="跳转").click()
    expect(now).to_have_text("第 3 页")
    expect(box).to_have_value("")
    expect(pager.get_by_role("link", name="下一页")).to_have_count(0)


def test_s01_34_deleting_one_asks_first_and_the_recycle_bin_gives_it_back(desk, office, shot):
    source("老展会", remark="三号馆")
    desk.goto(SOURCES)
    act(desk, "老展会", "删除").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("删除这 1 条吗")
    dialog.get_by_role("link", name="取消").click()
    expect(row(desk, "老展会")).to_be_visible()
    act(desk, "老展会", "删除").click()
    dialog.get_by_role("button", name="删除").click()
    expect(row(desk, "老展会")).to_have_count(0)
    desk.goto("/recycle/")
    expect(desk.locator("[data-row]").filter(has_text="老展会")).to_contain_text("王芳")
    shot(desk, "recycle")
    desk.get_by_role("button", name="恢复 老展会").click()
    expect(toast(desk)).to_contain_text("已恢复")
    back = CustomerSource.rows(SYSTEM).get(name="老展会")
    assert back.remark == "三号馆"


def test_s01_34_what_is_in_use_is_not_deleted_and_its_users_are_linked(desk, office, shot):
    used = source("老展会")
    create_record(
        SYSTEM, registry.spec("customers.customer"), {"name": "青禾食品", "source": str(used.pk)}
    )
    desk.goto(SOURCES)
    act(desk, "老展会", "删除").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("正在使用，不能删除")
    expect(dialog.get_by_role("button", name="删除")).to_have_count(0)
    shot(desk, "in-use")
    dialog.get_by_role("link", name="客户 1 条").click()
    expect(desk.locator("h1")).to_have_text("客户")
    expect(shown(desk)).to_have_text(["青禾食品"])


def test_s01_26_many_are_deleted_and_those_in_use_stay(desk, office, shot):
    used, free = source("老展会"), [source("错录一"), source("错录二")]
    create_record(
        SYSTEM, registry.spec("customers.customer"), {"name": "青禾食品", "source": str(used.pk)}
    )
    desk.goto(SOURCES)
    for name in ("老展会", "错录一", "错录二"):
        desk.get_by_label(f"勾选 {name}").check()
    desk.locator("[data-bulk]").get_by_role("button", name="删除").click()
    expect(desk.locator("h1")).to_have_text("删除 2 条？")
    expect(desk.get_by_role("alert")).to_contain_text("老展会")
    shot(desk, "delete-many")
    desk.get_by_role("button", name="删除", exact=True).click()
    expect(toast(desk)).to_contain_text("2")
    left = CustomerSource.rows(SYSTEM).filter(pk__in=[used.pk, *[one.pk for one in free]])
    assert [one.pk for one in left] == [used.pk]


def ordered(page):
    return page.locator("[data-sort-row] .sort-title")


def test_s01_28_29_30_31_rows_are_put_in_order_by_buttons(desk, office, shot):
    desk.goto("/customer-levels/")
    before = names(desk)
    desk.get_by_role("link", name="排序", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("排序")
    for name in before[2:4]:
        desk.get_by_label(f"勾选 {name}").check()
    desk.get_by_role("button", name="上移").click()
    moved = [before[0], before[2], before[3], before[1], *before[4:]]
    expect(ordered(desk)).to_have_text(moved)
    shot(desk, "sort")
    desk.get_by_role("button", name="下移").click()
    expect(ordered(desk)).to_have_text(before)
    desk.get_by_label("移到第几位").fill("1")
    desk.get_by_role("button", name="移动", exact=True).click()
    last = [before[2], before[3], before[0], before[1], *before[4:]]
    expect(ordered(desk)).to_have_text(last)
    desk.get_by_role("link", name="关闭", exact=True).click()
    expect(shown(desk)).to_have_text(last)
    desk.goto("/customers/new/")
    offered = desk.get_by_label("级别", exact=True).locator("option").all_inner_texts()
    assert offered[1:] == last


def test_s01_31_rows_are_put_in_order_by_dragging_and_by_keyboard(desk, office):
    desk.goto("/customer-levels/sort/")
    before = ordered(desk).all_inner_texts()
    desk.locator("[data-sort-list][data-ready]").wait_for()
    grips = desk.locator(".sort-grip")
    start, end = grips.nth(0).bounding_box(), grips.nth(2).bounding_box()
    desk.mouse.move(start["x"] + 8, start["y"] + 8)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 8, start["y"] + 20, steps=5)
    desk.mouse.move(end["x"] + 8, end["y"] + 14, steps=15)
    desk.mouse.up()
    expect(ordered(desk).nth(2)).to_have_text(before[0])
    dragged = [before[1], before[2], before[0], *before[3:]]
    expect(desk.locator("#sort")).not_to_have_attribute("aria-busy", "true")
    desk.reload()
    expect(ordered(desk)).to_have_text(dragged)
    box = desk.get_by_label(f"勾选 {before[0]}")
    box.focus()
    for place in (1, 0):
        desk.keyboard.press("Alt+ArrowUp")
        expect(ordered(desk).nth(place)).to_have_text(before[0])
        expect(desk.get_by_label(f"勾选 {before[0]}")).to_be_focused()
    desk.reload()
    expect(ordered(desk)).to_have_text(before)


def test_s01_31_products_are_put_in_order_within_their_category(desk, office):
    spec, category = registry.spec("catalog.product"), registry.spec("catalog.productcategory")
    one = create_record(SYSTEM, category, {"name": "传感器甲"})
    two = create_record(SYSTEM, category, {"name": "控制柜乙"})
    for name, below in (("甲一", one), ("乙一", two), ("甲二", one), ("乙二", two)):
        create_record(SYSTEM, spec, {"name": name, "category": str(below.pk)})
    desk.goto("/products/sort/")
    desk.locator("[name=group]").select_option(label="传感器甲")
    expect(ordered(desk)).to_have_count(2)
    desk.get_by_label("勾选 甲二").check()
    desk.get_by_role("button", name="上移").click()
    expect(ordered(desk).first).to_have_text("甲二")
    desk.goto("/products/")
    expect(shown(desk)).to_have_text(["甲二", "乙一", "甲一", "乙二"])


def test_s01_04_the_owner_is_changed_for_one_and_for_many(desk, office, colleague, shot):
    desk.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    desk.get_by_label("更多操作").click()
    desk.get_by_role("link", name="更改负责人").click()
    dialog = desk.get_by_role("dialog")
    choose_person(dialog, "陈立")
    shot(desk, "owner-one")
    dialog.get_by_role("button", name="更改负责人").click()
    expect(toast(desk)).to_contain_text("负责人已更改")
    desk.goto("/customers/")
    for name in office.customers:
        desk.get_by_label(f"勾选 {name}").check()
    desk.locator("[data-bulk]").get_by_role("button", name="更改负责人").click()
    expect(desk.locator("h1")).to_have_text("更改 3 条的负责人")
    choose_person(desk, "陈立")
    shot(desk, "owner-many")
    desk.get_by_role("button", name="更改负责人", exact=True).click()
    expect(toast(desk)).to_contain_text("负责人")
    owners = Customer.rows(SYSTEM).values_list("owner_id", flat=True)
    assert set(owners) == {colleague.pk}


def test_s01_05_a_customer_is_shared_for_one_and_for_many(desk, office, colleague, shot):
    desk.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    desk.get_by_label("更多操作").click()
    desk.get_by_role("link", name="共享", exact=True).click()
    dialog = desk.get_by_role("dialog")
    choose_person(dialog, "陈立")
    shot(desk, "share-one")
    dialog.get_by_role("button", name="共享").click()
    expect(toast(desk)).to_contain_text("已共享")
    desk.goto("/customers/")
    desk.get_by_label("勾选本页全部").check()
    desk.locator("[data-bulk]").get_by_role("button", name="共享").click()
    choose_person(desk, "陈立")
    desk.get_by_role("button", name="共享", exact=True).click()
    expect(toast(desk)).to_contain_text("已共享 3 条")
    desk.goto(f"/customers/{office.customers['云海物流股份有限公司'].pk}/share/")
    expect(desk.locator(".share-list")).to_contain_text("陈立")
    expect(desk.locator(".share-list").get_by_role("button", name="取消共享")).to_be_visible()


def choose_person(place, name):
    place.locator("[data-picker-text]").fill(name)
    place.get_by_role("option", name=name).click()
    expect(place.locator("[data-picker-text]")).to_have_value(name)
