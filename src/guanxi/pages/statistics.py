"""Statistics of the present list: count or sum, by a field, by a second one; every number opens
its rows."""

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import Column, column
from guanxi.kernel.company import foreign, own_currency
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.measure import Figure, Measured, groupable, measurable, measured
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.spec import Capability, Count, Measure, Spec, Sum
from guanxi.kernel.text import capital, inside
from guanxi.pages.listing import Listing, listing, scoped
from guanxi.pages.lists import require
from guanxi.ui.web import BY_OBJECT, page

STEPS = ("month", "quarter", "year")
CHARTED = 24


@page(BY_OBJECT)
def statistics_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.can(Capability.STATISTICS):
        raise Missing
    require(actor, spec, "view")
    asked = listing(actor, spec, request.GET)
    chosen, then, error = _chosen(actor, spec, request)
    stats = None
    if chosen is not None:
        rows = scoped(spec, actor, asked.narrowed)
        try:
            found = measured(actor, spec, rows, chosen, then=then)
            stats = _table(actor, asked, chosen, then, found)
        except Wrong as wrong:
            error = wrong.message
    context = {
        "title": _("Statistics: %(name)s") % {"name": spec.plural},
        "spec": spec,
        "stats": stats,
        "error": error,
        "errors": asked.asked.errors,
        "chips": asked.asked.chips,
        "fields": _controls(actor, spec, chosen, then),
        "params": _kept(request),
        "back_url": asked.asked.url(measure=None, by=None, step=None, then=None, then_step=None),
    }
    return render(request, "pages/statistics.html", context)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    own = ("measure", "by", "step", "then", "then_step")
    return [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and name not in own
    ]


def _chosen(
    actor: Actor, spec: Spec, request: HttpRequest
) -> tuple[Measure | None, Measure | None, str]:
    data = request.GET
    if "by" not in data:
        return (spec.statistics[0] if spec.statistics else None), None, ""
    by, step = data["by"], data.get("step", "")
    try:
        column(spec, by)
        first: Measure = Count(by=by, step=_step(spec, by, step))
        if data.get("measure"):
            first = Sum(data["measure"], by=by, step=_step(spec, by, step))
        second = data.get("then", "")
        if second:
            column(spec, second)
            return first, Count(by=second, step=_step(spec, second, data.get("then_step", ""))), ""
        return first, None, ""
    except Wrong as wrong:
        return None, None, wrong.message


def _step(spec: Spec, path: str, step: str) -> str:
    if not isinstance(column(spec, path).kind, kinds.DateKind):
        return ""
    return step if step in STEPS else "month"


def _controls(
    actor: Actor, spec: Spec, chosen: Measure | None, then: Measure | None
) -> list[dict[str, Any]]:
    summed = chosen.field if isinstance(chosen, Sum) else ""
    groups = groupable(spec, actor)
    steps = [("month", _("month")), ("quarter", _("quarter")), ("year", _("year"))]
    found = [
        _select(
            "measure", _("Number"), [("", _("count")), *_sums(measurable(spec, actor))], summed
        ),
        _select("by", _("By"), _paths(groups), chosen.by if chosen else ""),
        _select("then", _("And by"), [("", "—"), *_paths(groups)], then.by if then else ""),
    ]
    # Only what is grouped by a date can be cut in months or years.
    if then is not None and then.step:
        found.append(_select("then_step", _("Dates by"), steps, then.step))
    if chosen is not None and chosen.step:
        found.insert(2, _select("step", _("Dates by"), steps, chosen.step))
    return found


def _sums(cols: list[Column]) -> list[tuple[str, Any]]:
    return [(col.path, _("sum of %(field)s") % {"field": inside(col.label)}) for col in cols]


def _paths(cols: list[Column]) -> list[tuple[str, Any]]:
    return [(col.path, col.label) for col in cols]


def _select(name: str, label: str, options: list[tuple[str, Any]], value: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "widget": "choice",
        "value": value,
        "complete": True,
        "options": [
            {"value": code, "label": capital(text), "selected": code == value}
            for code, text in options
        ],
    }


def _table(
    actor: Actor, asked: Listing, chosen: Measure, then: Measure | None, found: Measured
) -> dict[str, Any]:
    spec, figures, own = asked.asked.spec, found.figures, own_currency(actor.book)
    first, title = column(spec, chosen.by).label, _title(spec, chosen)
    tops = _unique((figure.key, figure.label) for figure in figures)
    subs = _unique(figure.then for figure in figures if figure.then) if then else [(None, title)]
    currencies = sorted({figure.currency for figure in figures}) or [""]
    cells = {(f.key, f.then[0] if f.then else None, f.currency): f for f in figures}
    heads = [
        (key, label, currency)
        for key, label in sorted(subs, key=_null_last)
        for currency in currencies
    ]
    rows = [
        {
            "label": label,
            "cells": [
                _cell(asked, cells.get((key, sub, currency)), foreign(currency, own=own))
                for sub, _l, currency in heads
            ],
        }
        for key, label in tops
    ]
    totals = [
        _total(found, (sub if then else None, currency), foreign(currency, own=own))
        for sub, _l, currency in heads
    ]
    return {
        "id": "main",
        "title": title,
        "note": _cut_note(spec, chosen, found),
        "columns": [first, *[_head(label, currency, currencies) for _k, label, currency in heads]],
        "rows": rows,
        "total": {"label": _("Total"), "cells": totals},
        "chart": _chart(asked, tops, heads, cells, currencies),
    }


def _title(spec: Spec, chosen: Measure) -> str:
    by = inside(column(spec, chosen.by).label)
    if isinstance(chosen, Sum):
        field = inside(column(spec, chosen.field).label)
        return _("Sum of %(field)s by %(by)s") % {"field": field, "by": by}
    return _("%(name)s by %(by)s") % {"name": spec.plural, "by": by}


def _cut_note(spec: Spec, chosen: Measure, found: Measured) -> str:
    shown = len(found.figures)
    if found.found <= shown:
        return ""
    said = _("The %(shown)s largest of %(found)s figures. The totals count all of them.")
    if isinstance(column(spec, chosen.by).kind, kinds.DateKind):
        said = _("The latest %(shown)s of %(found)s figures. The totals count all of them.")
    return said % {"shown": f"{shown:,}", "found": f"{found.found:,}"}


def _null_last(pair: tuple[Any, str]) -> tuple[bool, str]:
    return (pair[0] is None, str(pair[0]))


def _unique(pairs: Any) -> list[tuple[Any, str]]:
    return list(dict(pairs).items())


def _head(label: str, currency: str, currencies: list[str]) -> str:
    return f"{label} ({currency})" if len(currencies) > 1 else label


def _cell(asked: Listing, figure: Figure | None, currency: str) -> dict[str, Any]:
    if figure is None:
        return {"text": "", "url": ""}
    return {"text": shown_number(figure.value, currency), "url": open_url(asked, figure)}


def open_url(asked: Listing, figure: Figure) -> str:
    """The list behind a number: the present conditions and those of its group."""
    own = {"measure": None, "by": None, "step": None, "then": None, "then_step": None}
    tree = figure.tree
    given = asked.asked.data.get(CONDITIONS)
    if given and CONDITIONS not in asked.asked.errors:
        tree = {"and": [json.loads(given), figure.tree]}
    return asked.asked.url(**own, **{CONDITIONS: kinds.tree_text(tree)})


def shown_number(value: Any, currency: str) -> str:
    if isinstance(value, Decimal):
        return kinds.show_money(value, currency)
    return f"{value:,}"


def _total(found: Measured, key: tuple[Any, str], currency: str) -> dict[str, Any]:
    return {"text": shown_number(found.totals.get(key, 0), currency), "url": ""}


def _chart(
    asked: Listing, tops: Any, heads: Any, cells: Any, currencies: list[str]
) -> dict[str, Any]:
    shown = tops[:CHARTED]
    series, urls = [], []
    for sub, label, currency in heads:
        found = [cells.get((key, sub, currency)) for key, _label in shown]
        name = _head(label, currency, currencies)
        series.append({"name": name, "values": [float(f.value) if f else 0 for f in found]})
        urls.append([open_url(asked, f) if f else "" for f in found])
    return {
        "kind": "bar",
        "labels": [label for _key, label in shown],
        "series": series,
        "urls": urls,
    }
