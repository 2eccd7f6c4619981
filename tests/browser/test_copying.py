"""One tap copies a number, over plain http as well, where browsers give no clipboard."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NUMBER = "138 0013 6688"


def copied(page):
    """What the clipboard holds, by pasting it where people would."""
    box = page.locator("[name=q]").first
    box.click()
    page.keyboard.press("Control+V")
    return box.input_value()


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_a_number_is_copied_with_one_tap(signed_in, office, has_clipboard):
    page = signed_in
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not has_clipboard:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"/customers/{office.customers['华维精密仪器有限公司'].pk}/")
    expect(page.locator("a[href='tel:+8613800136688']").first).to_be_visible()
    page.locator(f"[data-copy='{NUMBER}']").first.click()
    expect(page.locator(".toast")).to_contain_text(NUMBER)
    assert copied(page) == NUMBER


def test_what_could_not_be_copied_is_said(signed_in, office):
    page = signed_in
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false"
    )
    page.goto(f"/customers/{office.customers['华维精密仪器有限公司'].pk}/")
    page.locator(f"[data-copy='{NUMBER}']").first.click()
    expect(page.locator(".toast")).to_contain_text("浏览器不允许复制")


def test_within_a_dialog_it_copies_too(signed_in, office):
    """The rest of the page is dead then: nothing outside the dialog can be selected."""
    page = signed_in
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"/customers/{office.customers['华维精密仪器有限公司'].pk}/")
    page.keyboard.press("?")
    page.evaluate(
        "document.querySelector('#keys .dialog-main').insertAdjacentHTML("
        "'beforeend', '<button data-copy=\"LH-4711\">x</button>')"
    )
    page.locator("[data-copy='LH-4711']").click()
    page.keyboard.press("Escape")
    assert copied(page) == "LH-4711"
