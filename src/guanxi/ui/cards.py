"""The cards of a board, drawn in Python: there are hundreds of them. Context: see
`ui/_board.html`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.ui.icons import icon
from guanxi.ui.markup import esc

TONES = 8


@lru_cache(maxsize=2_048)
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


def draw_cards(found: Iterable[Mapping[str, Any]]) -> SafeString:
    movable = f' aria-roledescription="{esc(_("movable card"))}"'
    return SafeString("".join([_card(card, movable) for card in found]))


def _card(card: Mapping[str, Any], movable: str) -> str:
    get, title, move = card.get, esc(card["title"]), ""
    if get("move_url"):
        move = f' data-move="{esc(get("move_url"))}"{movable}'
    lines = "".join([f'<p class="deal-line">{esc(line)}</p>' for line in get("lines") or ()])
    return (
        f'<li class="deal" data-card="{esc(get("id"))}" data-title="{title}"'
        f' data-version="{esc(get("version"))}" tabindex="0"{move}>'
        f'<a class="deal-title" href="{esc(get("url"))}" draggable="false">{title}</a>{lines}'
        f"{_marks(card)}"
        f'<p class="deal-foot"><span class="figure" title="{esc(get("amount_exact"))}">'
        f'{esc(get("amount"))}</span>{_due(card)}<span class="grow"></span>{_owner(card)}</p></li>'
    )


def _marks(card: Mapping[str, Any]) -> str:
    drawn = "".join([_mark(mark) for mark in card.get("marks") or ()])
    return f'<p class="deal-marks">{drawn}</p>' if drawn else ""


def _mark(mark: Mapping[str, Any]) -> str:
    tone, label = esc(mark.get("tone") or "warn"), esc(mark.get("label"))
    return f'<span class="tag tag-{tone}">{icon(mark["icon"])}{label}</span>'


def _due(card: Mapping[str, Any]) -> str:
    if not card.get("due"):
        return ""
    late = "late" if card.get("due_late") else ""
    exact = esc(card.get("due_exact"))
    return f'<span class="{late}" title="{exact}">{icon("calendar")}{esc(card["due"])}</span>'


def _owner(card: Mapping[str, Any]) -> str:
    if not card.get("owner"):
        return ""
    name = esc(card["owner"])
    shown = avatar(card["owner"], "small")
    return f'<span title="{name}">{shown}</span><span class="sr-only">{name}</span>'
