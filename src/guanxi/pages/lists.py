"""The list of any object, its totals and its choice of columns."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.columns import column, is_seen
from guanxi.kernel.errors import Missing, NotAllowed, Wrong
from guanxi.kernel.extra import form_paths
from guanxi.kernel.paging import Page
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.personal import keep_layout
from guanxi.kernel.present import Row, present
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.text import whole_number
from guanxi.pages.alarms import alarm_of, quick_tabs
from guanxi.pages.bulk import bulk_bar
from guanxi.pages.conditions import MOVES, controls, order_note
from guanxi.pages.listing import MOST_COUNTED, SIZES, Listing, column_heads, listing, visible
from guanxi.pages.offers import may_create
from guanxi.pages.row_acts import row_acts
from guanxi.pages.stars import star_buttons
from guanxi.search.starred import starred_ids
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page

MAX_COLUMNS = 30


@page(BY_OBJECT)
def list_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, spec, "view")
    asked = listing(actor, spec, request.GET)
    found = asked.page(actor)
    rows = present(actor, spec, found.rows, asked.columns)
    total = None if request.COOKIES.get("js") else asked.total(actor)
    context = {
        "layout": htmx.layout(request),
        "spec": spec,
        "title": spec.plural,
        "tabs": list_tabs(actor, spec, asked),
        "tabs_label": _("Views"),
        "conditions": controls(actor, asked.asked),
        "errors": asked.asked.errors | order_note(actor, spec, asked.order),
        "table": _table(actor, spec, asked, rows, found.rows, back=request.get_full_path()),
        "bulk": bulk_bar(actor, spec, asked),
        "pager": pager(asked, found, total),
        "empty": _empty(actor, spec, asked),
        "acts": head_acts(actor, spec, request),
        "sort_url": f"/{spec.path}/sort/"
        if spec.by_position and actor.may(spec.key, "edit")
        else "",
        "create_url": _create_url(actor, spec, asked),
    }
    return render(request, "pages/list.html", context)


def _table(
    actor: Actor,
    spec: Spec,
    asked: Listing,
    rows: Sequence[Row],
    records: Sequence[Any],
    *,
    back: str,
) -> dict[str, Any]:
    """The context of `ui/_table.html`."""
    stars, star = starred_ids(actor, spec, [row.id for row in rows]), star_buttons(spec)
    links = row_acts(actor, spec, rows, records, back=back)
    alarm = alarm_of(actor, spec)
    return {
        "label": spec.plural,
        "columns": column_heads(asked, actor),
        "ticks": True,
        "acts_label": _("Actions"),
        "rows": [
            {
                "id": row.id,
                "url": row.url,
                "label": row.title,
                "voided": row.is_void,
                "cells": [_first(row), *row.cells[1:]] if row.cells else [row.title],
                "acts": acts,
                "alarm": alarm(record),
                "star": star(row.id, row.id in stars),
            }
            for row, record, acts in zip(rows, records, links, strict=True)
        ],
    }


@page(BY_OBJECT)
def total_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """The pager with its totals, fetched after the rows."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, spec, "view")
    asked = listing(actor, spec, request.GET)
    shown = Page(
        [],
        has_next=request.GET.get("next") == "1",
        has_previous=asked.number > 1,
        first=request.GET.get("first", ""),
        last=request.GET.get("last", ""),
    )
    context = {"pager": pager(asked, shown, asked.total(actor))}
    return render(request, "ui/_pager.html", context)


@page(BY_OBJECT)
def columns_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """Which columns this person sees, in which order; kept for this person only."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, spec, "view")
    current = listing(actor, spec, request.GET).columns
    if request.method == "POST":
        wanted = list(dict.fromkeys(request.POST.getlist("column")))[:MAX_COLUMNS]
        chosen = visible(actor, spec, wanted)
        keep_layout(actor, spec, () if request.POST.get("reset") else chosen)
        return htmx.go(request, f"/{spec.path}/")
    offered = [path for path in offered_columns(actor, spec) if path not in current]
    context = {
        "layout": htmx.layout(request),
        "dialog": {"title": _("Columns"), "close_url": f"/{spec.path}/"},
        "spec": spec,
        "shown": [{"path": path, "label": column(spec, path).label} for path in current],
        "offered": [{"path": path, "label": column(spec, path).label} for path in offered],
    }
    return render(request, "pages/columns.html", context)


def offered_columns(actor: Actor, spec: Spec) -> list[str]:
    """Every column a list of this object can show to this person."""
    fields = form_paths(spec, book=actor.book)
    paths = list(dict.fromkeys([*spec.columns, *fields, "created_at", "updated_at"]))
    paths += [f"{parts.name}.{name}" for parts in spec.parts for name in parts.fields[:2]]
    found = []
    for path in dict.fromkeys(paths):
        try:
            if is_seen(actor, column(spec, path)):
                found.append(path)
        except Wrong:
            continue
    return found


def require(actor: Actor, spec: Spec, verb: str) -> None:
    """404 where the person sees none of these at all: for them the object does not exist."""
    if not actor.may(spec.key, "view"):
        raise Missing
    if not actor.may(spec.key, verb):
        raise NotAllowed(_("You may see this, but not change it this way."))


def _first(row: Any) -> str:
    """The first cell is wrapped in the row's link, so it is text without a link of its own."""
    value = row.values[0]
    return value.column.kind.as_title(value.text) or row.title


def pager(asked: Listing, found: Page, total: int | None) -> dict[str, Any]:
    state, number = asked.asked, asked.number
    more = total is not None and bool(state.text) and total > MOST_COUNTED
    pages = None if total is None or more else max(1, -(-total // asked.size))
    keep = {
        "page": number,
        "first": found.first,
        "last": found.last,
        "next": "1" if found.has_next else None,
    }
    has_next = found.has_next and (pages is None or number < pages)
    return {
        "total": MOST_COUNTED if more else total,
        "more": more,
        "pages": pages,
        "page": number,
        "per_page": asked.size,
        "per_page_options": SIZES,
        "action": f"/{state.spec.path}/",
        "first_url": state.url() if number > 1 else "",
        "prev_url": state.url(page=number - 1, before=found.first)
        if number > 2 and found.first
        else state.url()
        if number > 1
        else "",
        "next_url": state.url(page=number + 1, after=found.last) if has_next else "",
        "last_url": state.url(page=pages) if pages and number < pages else "",
        "total_url": state.url(**keep).replace(
            f"/{state.spec.path}/", f"/{state.spec.path}/total/", 1
        ),
        "params": [
            (name, value)
            for name, values in state.data.lists()
            for value in values
            if value and name not in (*MOVES, "per_page", "next")
        ],
    }


def list_tabs(actor: Actor, spec: Spec, asked: Listing) -> list[dict[str, Any]]:
    """The views everybody has: all, mine, my subordinates'; board and statistics beside them."""
    state = asked.asked
    owner = state.data.get("owner", "")
    quick = quick_tabs(spec, state)
    chosen = any(tab["active"] for tab in quick)
    everything = state.url(**{"owner": None, CONDITIONS: None}) if chosen else state.url(owner=None)
    tabs = [{"label": _("All"), "url": everything, "active": not owner and not chosen}]
    if spec.scope.has_owner and "owner" in spec.filters:
        tabs.append({"label": _("Mine"), "url": state.url(owner="me"), "active": owner == "me"})
        if actor.may(spec.key, "view") and len(team_of(actor)) > 1:
            tabs.append(
                {
                    "label": _("My subordinates'"),
                    "url": state.url(owner="team"),
                    "active": owner == "team",
                }
            )
    tabs += quick
    return tabs if len(tabs) > 1 else []


def team_of(actor: Actor) -> tuple[int, ...]:
    return actor.rights.owner_ids(frozenset({Reach.OWN_AND_BELOW}))


def head_acts(actor: Actor, spec: Spec, request: HttpRequest) -> list[dict[str, Any]]:
    query = request.META.get("QUERY_STRING", "")
    tail = f"?{query}" if query else ""
    acts = [
        {"label": _("Columns"), "url": f"/{spec.path}/columns/", "icon": "columns", "dialog": True}
    ]
    if spec.can(Capability.STATISTICS):
        acts.append(
            {
                "label": _("Statistics"),
                "url": f"/{spec.path}/statistics/{tail}",
                "icon": "chart-bar",
            }
        )
    if spec.can(Capability.DELETE):
        address = f"/recycle/?object={spec.path}"
        acts.append({"label": _("Recycle bin"), "url": address, "icon": "trash"})
    for module in registry.modules():
        for offer in module.list_acts:
            act = offer(actor, spec, tail)
            if act:
                acts.append(act)
    return acts


def _create_url(actor: Actor, spec: Spec, asked: Listing) -> str:
    """The way to a new row; in the list of one parent it begins with that parent."""
    if not may_create(actor, spec):
        return ""
    parent = (
        whole_number(asked.asked.data.get(spec.order_within, "")) if spec.order_within else None
    )
    if parent is None:
        return f"/{spec.path}/new/"
    if spec.locked:
        above = spec.model._meta.get_field(spec.order_within)
        row = above.related_model.rows(actor).filter(pk=parent).first()  # type: ignore[union-attr]
        if row is None or getattr(spec.model(**{spec.order_within: row}), spec.locked):
            return ""
    return f"/{spec.path}/new/?{spec.order_within}={parent}"


def _empty(actor: Actor, spec: Spec, asked: Listing) -> dict[str, Any]:
    state = asked.asked
    name = str(spec.plural)
    if state.chips or state.text or state.void:
        return {
            "icon": "search",
            "title": _("Nothing matches"),
            "text": _("No %(name)s fit these conditions. Loosen one or clear them all.")
            % {"name": name},
            "other": {"label": _("Clear the conditions"), "url": f"/{spec.path}/"},
        }
    found: dict[str, Any] = {
        "icon": spec.icon,
        "title": _("No %(name)s yet") % {"name": name},
        "text": _("What you enter or import will stand here; you see what your rights reach."),
    }
    if _create_url(actor, spec, asked):
        label = _("New %(name)s") % {"name": spec.name}
        found["action"] = {"label": label, "url": _create_url(actor, spec, asked), "icon": "plus"}
    return found
