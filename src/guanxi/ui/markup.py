"""Strings of HTML put together in Python, where a page has hundreds of them."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def esc(value: Any) -> str:
    """Text as HTML; what is marked safe stays as it is, None is empty."""
    if value is None:
        return ""
    return value if isinstance(value, SafeString) else escape(str(value))


def attributes(**given: Any) -> str:
    """` name="value"` for each that has one: True gives an empty one, _ becomes -."""
    return "".join(
        [
            f' {name.strip("_").replace("_", "-")}="{"" if value is True else esc(value)}"'
            for name, value in given.items()
            if value not in (None, "", False)
        ]
    )
