"""Choosing a linked record: the pop-up with search, and the suggestions while typing."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.kernel.paging import Page, order_keys, page_of
from guanxi.kernel.present import Row, for_present, present
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.sweep import unscoped
from guanxi.pages.listing import visible
from guanxi.search.find import narrow
from guanxi.ui import htmx
from guanxi.ui.pickers import as_typed
from guanxi.ui.web import BY_OBJECT, page

SIZE, SUGGESTED, SHOWN_COLUMNS, COMPARED = 20, 8, 3, 100


@page(BY_OBJECT)
def pick_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """The picker: in the dialog its script fills the field, alone it returns to `return` with the
    choice."""
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.can(Capability.PICK) or not actor.may(spec.key, "view"):
        raise Missing
    data = request.GET
    text = data.get("q", "").strip()
    back = htmx.own_address(data.get("return", ""))
    paths = visible(actor, spec, spec.columns)[:SHOWN_COLUMNS] or (spec.title,)
    rows = candidates(actor, spec, text)
    found = page_of(
        spec,
        actor,
        for_present(rows, spec, paths),
        keys=order_keys(spec, "", actor=actor),
        size=SIZE,
        after=data.get("after", ""),
        before=data.get("before", ""),
    )
    title = _("Choose: %(name)s") % {"name": spec.name}
    asked = {"field": data.get("field", ""), "return": back, "q": text}
    context = {
        "layout": htmx.layout(request),
        "title": title,
        "dialog": {"title": title, "close_url": back or "/"},
        "picker": _picker(spec, found, present(actor, spec, found.rows, paths), asked),
    }
    return render(request, "ui/picker.html", context)


def _picker(spec: Spec, found: Page, shown: list[Row], asked: dict[str, str]) -> dict[str, Any]:
    """What `ui/picker.html` shows: rows that carry their choice, and the way to further ones."""
    back, name = asked["return"], asked["field"]
    following = f"?{urlencode({**asked, 'after': found.last})}"
    preceding = f"?{urlencode({**asked, 'before': found.first})}"
    return {
        "action": f"/{spec.path}/pick/",
        "q": asked["q"],
        "params": [("field", name), ("return", back)],
        "columns": [value.column.label for value in shown[0].values] if shown else [spec.name],
        "rows": [
            {
                "value": row.id,
                "text": row.title,
                "cells": [row.values[0].text or row.title, *row.cells[1:]],
                "url": _with_choice(back, name, row.id),
            }
            for row in shown
        ],
        "prev_url": preceding if found.has_previous else "",
        "next_url": following if found.has_next else "",
    }


@page(BY_OBJECT)
def suggest_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """Up to eight rows for what has been typed so far."""
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.can(Capability.PICK) or not actor.may(spec.key, "view"):
        raise Missing
    text = request.GET.get("q", "").strip()
    hint = _hint(spec)
    rows = candidates(actor, spec, text)
    found = page_of(
        spec,
        actor,
        for_present(rows, spec, hint),
        keys=order_keys(spec, "", actor=actor),
        size=SUGGESTED,
    )
    options: list[dict[str, Any]] = [
        {"value": row.id, "text": row.title, "hint": row.values[0].text if row.values else ""}
        for row in present(actor, spec, found.rows, hint)
    ]
    return render(request, "ui/_options.html", {"options": options})


def typed_choice(actor: Actor, spec: Spec, chosen: str, text: str) -> str:
    """Where a name was typed and nothing chosen from the list: the id of the one row called so,
    else the name itself, which is refused and shown again."""
    text = text.strip()
    if chosen or not text:
        return chosen
    keys = order_keys(spec, "", actor=actor)
    rows = for_present(candidates(actor, spec, text), spec, (spec.title,))
    found = page_of(spec, actor, rows, keys=keys, size=COMPARED).rows
    same = [row.id for row in present(actor, spec, found, ()) if row.title == text]
    return str(same[0]) if len(same) == 1 else as_typed(text)


def chosen_person(actor: Actor, data: Mapping[str, str], name: str) -> str:
    """The id of the person chosen in a field or named there in full; else what was typed."""
    people = registry.spec("people.person")
    return typed_choice(actor, people, data.get(name, ""), data.get(f"{name}__text", ""))


def candidates(actor: Actor, spec: Spec, text: str) -> Any:
    """The valid rows that match; people outside the organisation are never offered (two
    registers)."""
    rows = unscoped(spec, actor).live()
    if spec.key == "people.person":
        rows = rows.filter(department__isnull=False)
    return narrow(spec, actor, rows, text) if text else rows


def _hint(spec: Spec) -> tuple[str, ...]:
    """What tells two rows of the same name apart: the first column that is no title."""
    for path in spec.columns:
        if path != spec.title and registry.find(spec.key):
            return (path,)
    return ()


def _with_choice(back: str, name: str, value: int) -> str:
    """The form's address with the choice in it, for browsers without a script."""
    if not back or not name:
        return ""
    parts = urlsplit(back)
    query = "&".join(
        item for item in parts.query.split("&") if item and not item.startswith(f"{name}=")
    )
    added = urlencode({name: value})
    return urlunsplit(("", "", parts.path, f"{query}&{added}" if query else added, ""))
