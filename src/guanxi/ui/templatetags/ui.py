"""Tags and filters of the components."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from django import template
from django.contrib.messages.storage.base import Message
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from guanxi.ui.icons import icon as draw
from guanxi.ui.notices import Notice, notice_of

TONES = 8

register = template.Library()
register.simple_tag(draw, name="icon")


def of(field: Any, key: str) -> Any:
    """Return a value of a field given as a mapping or as an object; None when it has none."""
    if isinstance(field, Mapping):
        return field.get(key)
    return getattr(field, key, None)


@register.filter
def field_id(field: Any) -> str:
    """Return the id of the field's control, the same on every rendering."""
    return of(field, "id") or f"id_{of(field, 'name')}"


@register.simple_tag
def control(field: Any, **extra: Any) -> SafeString:
    """Return the attributes every control has: id, name, and what a screen reader must know."""
    ident = field_id(field)
    notes = [f"{ident}_{key}" for key in ("help", "error") if of(field, key)]
    pairs = {
        "id": ident,
        "name": of(field, "name"),
        "aria-required": "true" if of(field, "required") else None,
        "aria-invalid": "true" if of(field, "error") else None,
        "aria-describedby": " ".join(notes) or None,
        "aria-label": of(field, "label") if of(field, "bare") else None,
        "placeholder": of(field, "placeholder"),
        "data-max": of(field, "max"),
        "autofocus": True if of(field, "autofocus") else None,
        "form": of(field, "form"),
        **{key.replace("_", "-"): value for key, value in extra.items()},
    }
    given = [(key, value) for key, value in pairs.items() if value not in (None, "", False)]
    return format_html_join(" ", '{}="{}"', ((k, "" if v is True else v) for k, v in given))


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Return a coloured disc with the last two characters of a Chinese name, or initials."""
    name = (name or "").strip()
    if name and name.isascii():
        short = "".join(word[0] for word in name.split()[:2]).upper()
    else:
        short = name[-2:]
    tone = crc32(name.encode()) % TONES
    return format_html(
        '<span class="avatar tone-{}{}" aria-hidden="true">{}</span>',
        tone,
        f" avatar-{size}" if size else "",
        short,
    )


@register.filter
def right_aligned(columns: Iterable[Any]) -> str:
    """Return classes that align whole columns, so that the cells need none of their own."""
    ends = [n for n, column in enumerate(columns) if of(column, "align") in ("right", "end")]
    return " ".join(f"end-{n}" for n in ends)


@register.filter
def data_cells(cells: Sequence[Any]) -> SafeString:
    """Return the cells after the first, each in its `td`: one string a row, for they are many."""
    return SafeString("".join([f"<td>{conditional_escape(cell)}</td>" for cell in cells[1:]]))


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


@register.filter
def indent(level: int | None) -> str:
    """Return the spaces that show depth inside an option, where styles have no effect."""
    return "\u3000" * int(level or 0)
