"""The day of somebody who never takes the mouse."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
HUAWEI = "华维精密仪器有限公司"
#: What lies over the middle of the element with the focus, if anything.
COVER = """() => {
  const stop = document.activeElement;
  const box = stop.getBoundingClientRect();
  const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return !top || stop === document.body || stop.contains(top) || top.contains(stop)
    ? "" : `${stop.textContent.trim()} below ${top.className || top.tagName}`;
}"""


def test_enter_opens_the_row_j_leads_to_whether_ticked_or_not(signed_in):
    """On a tick Enter would press the first button of the bulk bar."""
    for keys in (("j", "Enter"), ("j", "x", "Enter"), ("j", "Shift+Tab", "Shift+Tab", "Enter")):
        signed_in.goto("/customers/")
        for key in keys:
            signed_in.keyboard.press(key)
        expect(signed_in).to_have_url(re.compile(r"/customers/\d+/$"))


def test_a_picker_is_used_with_the_arrows(signed_in):
    signed_in.goto("/opportunities/new/")
    signed_in.locator("[data-picker-open]").first.focus()
    signed_in.keyboard.press("Enter")
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_label("搜索")).to_be_focused()
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("ArrowDown")
    chosen = dialog.locator("[data-row-link]").nth(1)
    expect(chosen).to_be_focused()
    title = chosen.inner_text()
    signed_in.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(signed_in.locator("[data-picker-text]:focus")).to_have_value(title)


def test_a_menu_closes_behind_who_leaves_it(signed_in, office):
    signed_in.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    button = signed_in.locator(".record-acts summary")
    menu = signed_in.locator(".record-acts details")
    button.focus()
    signed_in.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    signed_in.keyboard.press("Shift+Tab")
    expect(menu).not_to_have_attribute("open", "")
    button.focus()
    signed_in.keyboard.press("Enter")
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("dialog")).to_be_visible()
    expect(menu).not_to_have_attribute("open", "")
    signed_in.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_has_the_focus_lies_under_nothing(signed_in):
    signed_in.set_viewport_size({"width": 1024, "height": 600})
    covered = {}
    for address in ("/customers/", "/customers/new/"):
        signed_in.goto(address)
        signed_in.locator("main").focus()
        for _stop in range(45):
            signed_in.keyboard.press("Tab")
            if cover := signed_in.evaluate(COVER):
                covered.setdefault(address, []).append(cover)
    assert covered == {}


def test_a_dialog_begins_at_its_first_control(signed_in, office):
    signed_in.goto("/customers/")
    signed_in.locator(".page-acts summary").focus()
    signed_in.keyboard.press("Enter")
    signed_in.get_by_role("link", name="显示列").press("Enter")
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox").first).to_be_focused()
    signed_in.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    signed_in.goto(f"/opportunities/{office.opportunities[HUAWEI].pk}/")
    signed_in.locator(".record-acts summary").focus()
    signed_in.keyboard.press("Enter")
    signed_in.get_by_role("link", name="删除").press("Enter")
    expect(dialog.get_by_role("link", name="取消")).to_be_focused()
