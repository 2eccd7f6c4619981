"""Icons as inline SVG, read once from the vendored files."""

import re
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

FOLDER = Path(__file__).parent / "icons"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
BODY = re.compile(r"<svg([^>]*)>(.*)</svg>", re.DOTALL)
BACKDROP = re.compile(r'<path stroke="none"[^>]*/>')


class UnknownIcon(LookupError):
    """The name has no file in the icon folder."""


@lru_cache(maxsize=1024)
def icon(name: str) -> SafeString:
    """Return the SVG of `name`, hidden from screen readers because words stand beside it.

    Raises UnknownIcon, so that a wrong name is seen at the first rendering and not by a customer.
    """
    file = FOLDER / f"{name}.svg"
    if not NAME.match(name) or not file.is_file():
        raise UnknownIcon(f"No icon is called {name!r}.")
    found = BODY.search(file.read_text(encoding="utf-8"))
    if not found:
        raise UnknownIcon(f"{file.name} is not an SVG file.")
    head, body = found.groups()
    paths = BACKDROP.sub("", body)
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        " icon-filled" if 'fill="currentColor"' in head else "",
        SafeString("".join(line.strip() for line in paths.splitlines())),
    )
