"""What a person does on any list, for the tests in a real browser (`page`: Playwright's)."""

from typing import Any

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.values import create_record

#: Stands in the pictures of the manual.
SYSTEM = system_actor("系统")


def source(name: str, **values: str) -> Any:
    """A customer source, made without the browser."""
    return create_record(SYSTEM, registry.spec("customers.customersource"), {"name": name} | values)


def row(page: Any, text: str) -> Any:
    return page.locator("[data-row]").filter(has=page.get_by_role("rowheader", name=text))


def act(page: Any, text: str, label: str) -> Any:
    """One of the acts at the end of a row."""
    return row(page, text).get_by_role("link", name=f"{label} {text}", exact=True)


def names(page: Any) -> list[str]:
    """The first cells of the list, in order."""
    return page.locator("[data-row] .row-link").all_inner_texts()


def shown(page: Any) -> Any:
    """The same to be waited for, where the list comes without a new page."""
    return page.locator("[data-row] .row-link")


def query(page: Any) -> None:
    page.get_by_role("button", name="查询").click()


def toast(page: Any) -> Any:
    return page.locator(".toast").last
