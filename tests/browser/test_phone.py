"""What a person with a phone in one hand can see and hit."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from guanxi.kernel.values import edit_record
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.testing.people import browser
from guanxi.testing.steps import SYSTEM

pytestmark = pytest.mark.browser
HUAWEI = "华维精密仪器有限公司"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
#: Whatever can be tapped and is in sight: how far the touch reaches left, right, up and down
#: of its middle, at most 20 pixels each.
SMALL = """() => {
  const taps = "a[href], button, summary, select, [type=checkbox], [type=radio], [role=option]";
  const reach = (tap, x, y, dx, dy) => {
    for (let far = 1; far <= 20; far += 1) {
      const hit = document.elementFromPoint(x + dx * far, y + dy * far);
      if (!hit || !(tap.contains(hit) || hit.closest("label")?.contains(tap))) return far - 1;
    }
    return 20;
  };
  const found = [];
  for (const tap of document.querySelectorAll(taps)) {
    const box = tap.getBoundingClientRect();
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const hit = document.elementFromPoint(x, y);
    if (!box.width || !hit || tap.closest(".sr-only") || x < 21 || x > innerWidth - 21) continue;
    if (!(tap.contains(hit) || hit.closest("label")?.contains(tap))) continue;
    const high = reach(tap, x, y, 0, -1) + reach(tap, x, y, 0, 1);
    const wide = reach(tap, x, y, -1, 0) + reach(tap, x, y, 1, 0);
    if (high < 36 || wide < 36) found.push(`${tap.className || tap.textContent} ${wide}x${high}`);
  }
  return found;
}"""


@pytest.fixture
def phone(chromium, live_server, office):
    """A phone of the administrator, signed in."""
    window = chromium.new_context(base_url=live_server.url, locale="zh-CN", **PHONE)
    session = browser(office.boss).cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = window.new_page()
    page.set_default_timeout(10_000)
    yield page
    window.close()


def test_the_stage_bar_begins_at_the_present_stage_and_shows_that_it_goes_on(phone, office):
    deal = office.opportunities[HUAWEI]
    stages = Stage.rows(SYSTEM).filter(pipeline=deal.pipeline_id, kind="open")
    edit_record(SYSTEM, deal, {"stage": str(stages.order_by("-position")[0].pk)})
    phone.goto(f"/opportunities/{deal.pk}/")
    bar = phone.locator(".stagebar ol")
    expect(bar.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    expect(bar).to_contain_class("is-cut-start")
    expect(bar).to_contain_class("is-cut-end")
    bar.evaluate("row => { row.scrollLeft = 0; }")
    expect(bar).not_to_contain_class("is-cut-start")


def test_what_can_be_done_with_a_record_is_in_reach(phone, office):
    """Two buttons, and the others in the menu."""
    phone.goto(f"/opportunities/{office.opportunities[HUAWEI].pk}/")
    acts = phone.locator(".record-acts")
    expect(acts.get_by_role("link")).to_have_count(2)
    acts.locator("summary").tap()
    menu = acts.locator(".menu-panel")
    expect(menu.get_by_role("link", name="修改", exact=True)).to_be_in_viewport(ratio=1)
    expect(menu.get_by_role("link", name="删除")).to_be_in_viewport(ratio=1)
    menu.get_by_role("link", name="输单").tap()
    expect(phone.get_by_role("dialog").get_by_role("heading", name="输单")).to_be_visible()


def test_nothing_to_tap_is_smaller_than_a_finger(phone, office):
    pages = (
        "/",
        "/customers/",
        f"/customers/{office.customers[HUAWEI].pk}/",
        "/customers/new/",
        f"/opportunities/{office.opportunities[HUAWEI].pk}/",
        "/opportunities/board/",
        "/communications/quick/",
        "/starred/",
    )
    small = {}
    for address in pages:
        phone.goto(address)
        phone.set_viewport_size({"width": 390, "height": 2400})
        small[address] = phone.evaluate(SMALL)
    assert small == dict.fromkeys(pages, [])


def test_a_talk_is_written_down_from_the_start_page(phone, office):
    """S01-83: six taps and the customer's initials; the keyboard hides nothing that is needed."""
    phone.goto("/")
    phone.locator(".top-create summary").tap()
    phone.locator(".top-create").get_by_role("link", name="记一笔").tap()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="客户")).to_be_focused()
    phone.set_viewport_size({"width": 390, "height": 508})
    phone.keyboard.type("hw")
    dialog.get_by_role("option", name=HUAWEI).tap()
    dialog.get_by_role("button", name="已加微信并发送资料").tap()
    expect(dialog.get_by_role("button", name="保存")).to_be_in_viewport(ratio=1)
    dialog.get_by_role("button", name="保存").tap()
    expect(phone.locator(".toast")).to_be_visible()


def test_above_the_keyboard_stands_what_saves(phone, office):
    phone.goto(f"/customers/{office.customers[HUAWEI].pk}/")
    form = phone.locator("form.composer[data-guard]")
    form.get_by_label("交流内容").tap()
    phone.set_viewport_size({"width": 390, "height": 508})
    expect(form.get_by_role("button", name="记一笔")).to_be_in_viewport(ratio=1)
    expect(phone.locator(".bottom")).to_be_hidden()
    form.get_by_role("button", name="已加微信并发送资料").tap()
    form.get_by_role("button", name="记一笔").tap()
    expect(phone.locator("#timeline .entry-text").first).to_have_text("已加微信并发送资料")
    expect(phone.locator(".bottom")).to_be_visible()


def test_the_menu_of_a_list_opens_on_the_screen(phone):
    """Between it and the edge stand further buttons: sort, new."""
    phone.goto("/roles/")
    phone.locator(".page-acts summary").tap()
    for entry in phone.locator(".page-acts .menu-item").all():
        expect(entry).to_be_in_viewport(ratio=1)


def test_a_card_held_at_the_edge_reaches_the_stages_out_of_sight(phone, office):
    deal = office.opportunities[HUAWEI]
    phone.goto("/opportunities/board/")
    board = phone.locator("[data-board].is-draggable")
    card = board.locator(f'[data-card="{deal.pk}"]')
    box = card.bounding_box()
    finger = phone.context.new_cdp_session(phone)

    def touch(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def hold_until(done):
        for step in range(500):
            touch("touchMove", (370 + step % 2, box["y"] + 20))
            if board.evaluate(done):
                return
        raise AssertionError("the board does not scroll")

    touch("touchStart", (box["x"] + 60, box["y"] + 20))
    expect(card).to_contain_class("sortable-chosen")
    for x in range(80, 370, 20):
        touch("touchMove", (x, box["y"] + 20))
    hold_until("board => board.scrollLeft > 2 * board.querySelector('.column').offsetWidth")
    touch("touchMove", (200, box["y"] + 20))
    touch("touchMove", (195, box["y"] + 25))
    touch("touchEnd")
    expect(phone.locator(".toast")).to_be_visible()
    assert Opportunity.rows(SYSTEM).get(pk=deal.pk).stage.position > deal.stage.position
