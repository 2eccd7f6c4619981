"""The sort page: rows ordered by hand, moved up, down or to a place; lists and drop-downs
follow."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Missing
from guanxi.kernel.order import move_records, ordered_rows, shift_records
from guanxi.kernel.present import title_for, titles_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages import terms
from guanxi.pages.lists import require
from guanxi.ui import htmx
from guanxi.ui.fields import Field
from guanxi.ui.web import BY_OBJECT, page

STEPS = {"up": -1, "down": 1}


@page(BY_OBJECT)
def sort_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """POST row=ID …, and act=up, act=down or to=PLACE; places count within the group shown."""
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.by_position:
        raise Missing
    require(actor, spec, "edit")
    group = whole_number(request.GET.get("group", "")) if spec.order_within else None
    ticked: set[int] = set()
    if request.method == "POST":
        ticked = _move(actor, spec, request.POST, group)
        if not htmx.wants_part(request):
            return htmx.go(request, request.get_full_path())
    context = {
        "title": _("Sort: %(name)s") % {"name": spec.plural},
        "spec": spec,
        "entries": _entries(actor, spec, group, ticked),
        "group_field": _group_field(actor, spec, group) if spec.order_within else None,
        "action": request.get_full_path(),
    }
    part = htmx.wants_part(request)
    return render(request, "pages/_sort.html" if part else "pages/sort.html", context)


def _move(actor: Actor, spec: Spec, data: QueryDict, group: int | None) -> set[int]:
    """Does what was pressed and returns the rows it was done to."""
    step, place = STEPS.get(data.get("act", "")), whole_number(data.get("to", ""))
    if step is None and not (place and place <= len(ordered_rows(actor, spec, group=group))):
        return set()
    texts = data.getlist("row")
    ids = [one for text in texts if (one := whole_number(text)) is not None]
    if texts and len(ids) < len(texts):
        raise Missing
    if ids and step is not None:
        shift_records(actor, spec, ids, by=step, group=group)
    elif ids and place:
        move_records(actor, spec, ids, to=place, group=group)
    return set(ids)


def _entries(actor: Actor, spec: Spec, group: int | None, ticked: set[int]) -> list[dict[str, Any]]:
    rows = ordered_rows(actor, spec, group=group)
    notes: dict[int, str] = {}
    attribute = f"{spec.order_within}_id"
    if spec.order_within and group is None:
        target = registry.spec(column(spec, spec.order_within).kind.to)  # type: ignore[attr-defined]
        notes = titles_of(actor, target, [getattr(row, attribute) for row in rows])
    return [
        {
            "id": row.pk,
            "title": title_for(actor, row),
            "place": place,
            "note": notes.get(getattr(row, attribute), "") if notes else "",
            "ticked": row.pk in ticked,
        }
        for place, row in enumerate(rows, start=1)
    ]


def _group_field(actor: Actor, spec: Spec, group: int | None) -> Field:
    """The drop-down that narrows the page to the rows below one parent."""
    col = column(spec, spec.order_within)
    target = registry.spec(col.kind.to)  # type: ignore[attr-defined]
    chosen = "" if group is None else str(group)
    options = terms.options_html(terms.entries(actor, target), chosen)
    return Field(
        name="group",
        label=col.label,
        widget="choice",
        value=chosen,
        placeholder=_("all"),
        options_html=options,
    )
