"""The entries of dictionaries as drop-downs: read and drawn once per state of the dictionaries."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import unscoped

INDENT = "\u3000"
Entry = tuple[str, str, int]


def entries(actor: Actor, target: Spec) -> tuple[Entry, ...]:
    """(id, title, level) of the valid entries in their order, a tree flattened."""
    every = scope.branches(target, actor, "view")
    whole = any(not branch for branch in every)
    if not (whole and actor.rights.stamp and is_open(actor, column(target, target.title))):
        rows = list(target.model.rows(actor, "view").live().order_by("position", "id"))
        return _read(target, rows, actor)
    return _kept(target, actor.book, actor.rights.stamp, get_language() or "")


@lru_cache(maxsize=512)
def _kept(target: Spec, book: int, stamp: int, language: str) -> tuple[Entry, ...]:
    """What everybody with the right sees is read once: key are the account set, the stamp, the
    language."""
    reader = system_actor("terms", book=book)
    rows = list(unscoped(target, reader).live().order_by("position", "id"))
    return _read(target, rows, reader)


def _read(target: Spec, rows: Sequence[Any], actor: Actor) -> tuple[Entry, ...]:
    return tuple(
        (str(row.pk), title_for(actor, row), level) for row, level in _levels(rows, target.tree)
    )


def _levels(rows: Sequence[Any], tree: str) -> list[tuple[Any, int]]:
    if not tree:
        return [(row, 0) for row in rows]
    below: dict[Any, list[Any]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        parent = getattr(row, f"{tree}_id")
        below.setdefault(parent if parent in known else None, []).append(row)
    found: list[tuple[Any, int]] = []
    todo = [(row, 0) for row in reversed(below.get(None, []))]
    while todo:
        row, level = todo.pop()
        found.append((row, level))
        todo.extend((child, level + 1) for child in reversed(below.get(row.pk, [])))
    return found


def options_html(found: Sequence[Entry], chosen: str) -> SafeString:
    """`<option>` elements, the chosen one selected."""
    drawn = _drawn(tuple(found))
    if not chosen:
        return drawn
    mark = format_html_join("", '<option value="{}">', [(chosen,)])
    return mark_safe(drawn.replace(mark, f"{mark[:-1]} selected>", 1))  # noqa: S308


@lru_cache(maxsize=512)
def _drawn(found: tuple[Entry, ...]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}">{}{}</option>',
        ((pk, INDENT * level, title) for pk, title, level in found),
    )
