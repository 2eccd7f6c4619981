"""Tags and filters of the components."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.utils.safestring import SafeString

from guanxi.ui.cards import avatar, draw_cards
from guanxi.ui.fields import draw_field, draw_fields
from guanxi.ui.icons import icon as draw
from guanxi.ui.menus import menu_items
from guanxi.ui.notices import Notice, notice_of
from guanxi.ui.tables import draw_heads, draw_rows
from guanxi.ui.widgets import control as attributes_of
from guanxi.ui.widgets import field_id

register = template.Library()
register.simple_tag(draw, name="icon")
register.simple_tag(avatar)
register.filter("cards", draw_cards)
register.filter("table_heads", draw_heads)
register.filter("table_rows", draw_rows)
register.filter(menu_items)


def of(field: Any, key: str) -> Any:
    """Return a value of a field given as a mapping or as an object; None when it has none."""
    if isinstance(field, Mapping):
        return field.get(key)
    return getattr(field, key, None)


@register.simple_tag(takes_context=True)
def field(context: template.Context, f: Mapping[str, Any]) -> SafeString:
    """Return a field with its label, control and error (`guanxi.ui.fields`)."""
    return draw_field(f, _here(context))


@register.simple_tag(takes_context=True)
def fields(context: template.Context, found: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return several fields one after the other."""
    return draw_fields(found, _here(context))


register.filter(field_id)


@register.simple_tag
def control(f: Mapping[str, Any], **more: Any) -> SafeString:
    """Return the attributes every control has, for the templates of ui/widgets."""
    return SafeString(attributes_of(f, **more))


def _here(context: template.Context) -> str:
    request = context.get("request")
    return request.get_full_path() if request is not None else ""


@register.filter
def right_aligned(columns: Iterable[Any]) -> str:
    """Return classes that align whole columns, so that the cells need none of their own."""
    ends = [n for n, column in enumerate(columns) if of(column, "align") in ("right", "end")]
    return " ".join(f"end-{n}" for n in ends)


@register.filter
def notice(message: Message) -> Notice:
    """Return what `guanxi.ui.notices.tell` stored in a message."""
    return notice_of(message)


@register.filter
def in_cookie(number: int, closed: str) -> bool:
    """Tell whether the person closed the menu group with this number."""
    return str(number) in (closed or "").split(".")


@register.filter
def thousands(number: int) -> str:
    """Return the number in groups of three digits, as both languages write it."""
    return f"{number:,}"
