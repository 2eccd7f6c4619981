"""The entries of the tree menu, drawn in Python: every page has dozens of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from guanxi.ui.icons import icon
from guanxi.ui.markup import attributes, esc


def menu_items(found: Iterable[Mapping[str, Any]]) -> SafeString:
    """label, url, icon, active (it is this page), key (that leads there after G)"""
    return SafeString("".join([_item(item) for item in found]))


def _item(item: Mapping[str, Any]) -> str:
    label = esc(item["label"])
    more = attributes(aria_current="page" if item.get("active") else "", data_go=item.get("key"))
    return (
        f'<li><a class="side-item" href="{esc(item["url"])}" title="{label}"{more}>'
        f'{icon(item["icon"])}<span class="side-label">{label}</span></a></li>'
    )
