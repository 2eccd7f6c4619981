"""What the scripts promise, tried in a real browser on the style guide."""

import re

import pytest
from playwright.sync_api import expect

PAGES = ("parts", "home", "list", "empty", "picker", "record", "board", "form", "import", "signin")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.ui.component_urls"),
]


@pytest.fixture
def complaints(page):
    heard = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    return heard


def test_pages_fit_a_phone_and_raise_no_error(page, complaints):
    page.set_viewport_size({"width": 390, "height": 844})
    widths = {}
    for name in PAGES:
        page.goto(f"/ui/{name}/")
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(PAGES, 390)
    assert complaints == []


def test_shift_ticks_a_range_and_the_bar_counts_exactly(page):
    page.goto("/ui/list/")
    bar, ticks = page.locator("[data-bulk]"), page.locator("[data-tick]")
    expect(bar).to_be_hidden()
    ticks.nth(1).click()
    ticks.nth(5).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("5")
    page.locator("[data-tick-all]").click()
    page.locator("[data-bulk-every]").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("2,314")
    ticks.nth(0).click()
    expect(page.locator("[data-bulk-all]")).to_have_value("")
    page.locator("[data-bulk-none]").click()
    expect(bar).to_be_hidden()


def test_what_cannot_be_undone_asks_first_and_names_the_number(page):
    page.goto("/ui/list/")
    page.locator("[data-tick]").nth(0).click()
    page.locator(".bulk .btn-danger-quiet").click()
    expect(page.locator("#ask-text")).to_contain_text("删除 1 个客户")
    page.keyboard.press("Escape")
    expect(page.locator(".toast")).to_have_count(0)
    page.locator(".bulk .btn-danger-quiet").click()
    page.locator("[data-ask-yes]").click()
    expect(page.locator(".toast")).to_contain_text("撤销")


def test_what_a_cell_cuts_off_is_told_when_pointed_at(page):
    page.goto("/ui/list/")
    short = page.locator("[data-rows] tbody tr").nth(0).locator("td").nth(0)
    long = page.locator("[data-rows] tbody tr").nth(1).locator("td").nth(0)
    long.evaluate("cell => { cell.textContent = '很长的一句话'.repeat(20) }")
    long.hover()
    expect(long).to_have_attribute("title", "很长的一句话" * 20)
    short.hover()
    expect(short).not_to_have_attribute("title", re.compile(".*"))
    long.evaluate("cell => { cell.textContent = '短' }")
    long.hover()
    expect(long).not_to_have_attribute("title", re.compile(".*"))


def test_the_jump_box_ignores_pages_that_do_not_exist_and_empties_after_a_jump(page):
    page.goto("/ui/list/")
    box = page.locator(".input-jump")
    for typed in ("48", "0", "-1", "abc", "1.5", ""):
        box.fill(typed)
        box.press("Enter")
        expect(page).to_have_url(re.compile(r"/ui/list/$"))
    box.fill("４７")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"page=47$"))
    expect(box).to_have_value("")


def test_a_link_is_chosen_by_typing_by_dialog_and_cleared(page):
    page.goto("/ui/form/")
    text, value = page.locator("#id_parent"), page.locator("[name=parent]")
    text.fill("杭州")
    expect(page.locator("#id_parent_list [role=option]")).to_have_count(6)
    text.press("ArrowDown")
    text.press("Enter")
    expect(value).to_have_value("2")
    page.locator("[data-picker]:has(#id_parent) [data-picker-clear]").click()
    expect(value).to_have_value("")
    expect(text).to_have_value("")
    page.locator("[data-picker]:has(#id_owner) [data-picker-open]").click()
    page.locator("#picker [data-choose][data-value='4']").click()
    expect(page.locator("#id_owner")).to_have_value("欧阳思远")
    expect(page.locator("#picker")).to_be_hidden()


def test_rows_are_added_and_removed_and_one_stays_the_main_one(page):
    page.goto("/ui/form/")
    page.locator("[data-parts-add]").click()
    expect(page.locator("[name=channels-TOTAL]")).to_have_value("3")
    expect(page.locator("[name=channels-2-kind]")).to_be_focused()
    page.locator("[data-parts-remove]").nth(0).click()
    expect(page.locator("[name=channels-0-remove]")).to_be_checked()
    expect(page.locator("[name=channels-main][value='1']")).to_be_checked()


def test_lengths_count_characters_as_people_do(page):
    page.goto("/ui/form/")
    page.locator("#id_name").fill("𠮷" * 41)
    expect(page.locator(".counter.is-over")).to_have_text("41 / 40")


def test_typed_words_are_not_left_behind_without_a_question(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/ui/form/")
    page.goto("/ui/list/")
    assert asked == []
    page.goto("/ui/form/")
    page.locator("#id_name").press_sequentially("x")
    page.goto("/ui/list/")
    assert asked == ["beforeunload"]


def test_a_card_moves_by_keyboard_and_says_so(page):
    page.goto("/ui/board/")
    card = page.locator("[data-card='0']")
    card.focus()
    card.press("Space")
    card.press("ArrowRight")
    expect(page.locator("[data-board-said]")).to_contain_text("需求确认")
    card.press("Enter")
    expect(page.locator("[data-column='1'] [data-card='0'][data-version='2']")).to_be_visible()
    card.press("Space")
    card.press("ArrowRight")
    card.press("Escape")
    expect(page.locator("[data-column='1'] [data-card='0']")).to_be_visible()


def test_a_refused_card_goes_back_and_says_why(page):
    answers = iter([(409, '{"error": "这个阶段还缺报价单"}'), (500, "<h1>"), (404, "")])

    def refuse(route):
        status, body = next(answers)
        kind = "application/json" if body.startswith("{") else "text/html"
        route.fulfill(status=status, body=body, content_type=kind)

    page.goto("/ui/board/")
    page.route("**/ui/board/", refuse)
    card = page.locator("[data-card='1']")
    for count, shown in enumerate(("这个阶段还缺报价单", "没有成功", "没有成功"), start=1):
        card.focus()
        for key in ("Space", "ArrowRight", "Enter"):
            card.press(key)
        expect(page.locator(".toast")).to_have_count(count)
        expect(page.locator(".toast").last).to_contain_text(shown)
        second = page.locator("[data-column='0'] [data-card]").nth(1)
        expect(second).to_have_attribute("data-card", "1")


def test_a_card_moves_by_mouse(page):
    page.goto("/ui/board/")
    page.locator("[data-board].is-draggable").wait_for()
    card = page.locator("[data-card='2']")
    card.hover(position={"x": 60, "y": 40})
    start = card.bounding_box()
    end = page.locator("[data-column='2'] [data-cards]").bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 90, start["y"] + 50, steps=4)
    page.mouse.move(end["x"] + 100, end["y"] + 60, steps=10)
    expect(page.locator("[data-column='2'] [data-card='2']")).to_be_visible()
    page.mouse.up()
    expect(page.locator("[data-column='2'] [data-card='2'][data-version='2']")).to_be_visible()


def test_the_keyboard_finds_its_way(page):
    page.goto("/ui/list/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.is-current")).to_contain_text("云栖")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").press_sequentially("启明")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ui/record/"))
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/ui/list/"))


def test_the_chosen_suggestion_stays_chosen_when_a_later_answer_lists_it_again(page):
    page.goto("/ui/list/")
    page.locator("#search").press_sequentially("启明")
    first = page.locator("#suggestions [role=option]").first
    first.evaluate("option => { option.dataset.earlier = ''; }")
    page.keyboard.press("ArrowDown")
    with page.expect_response(re.compile("/search/suggest/")):
        page.locator("#search").dispatch_event("focus")
    expect(first).not_to_have_attribute("data-earlier", "")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ui/record/"))


#: Types as soon as there is a box, when no script of the page has run yet.
TYPES_AT_ONCE = """new MutationObserver((_changes, self) => {
  const box = document.getElementById("search");
  if (!box) return;
  self.disconnect();
  box.focus();
  box.value = "启明";
}).observe(document, { childList: true, subtree: true });"""


def test_what_is_typed_before_the_scripts_have_come_is_looked_up(page):
    page.add_init_script(TYPES_AT_ONCE)
    page.goto("/ui/list/")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()


def test_theme_and_folded_menu_are_remembered(page):
    page.goto("/ui/list/")
    page.locator(".top-theme").click()
    page.locator("[data-fold]").click()
    page.goto("/ui/home/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-menu", "folded")


def test_a_chart_is_drawn_and_its_numbers_stand_below(page, complaints):
    page.goto("/ui/parts/")
    expect(page.locator("[data-chart] svg")).to_be_visible()
    expect(page.locator(".stats tfoot")).to_contain_text("1,458")
    assert complaints == []
