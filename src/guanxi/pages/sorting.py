"""The sort page: rows ordered by hand, moved up, down or to a place; lists and drop-downs
follow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel.acts import get_record, move_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages.lists import require
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page

MOST = 5000


@page(BY_OBJECT)
def sort_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.by_position:
        raise Missing
    require(actor, spec, "edit")
    rows = list(spec.model.rows(actor, "edit").live().order_by("position", "id")[:MOST])
    if request.method == "POST":
        row_id, to = request.POST.get("row", ""), request.POST.get("to", "")
        place = whole_number(to)
        if place is not None and 0 < place <= len(rows):
            move_record(actor, get_record(actor, spec, row_id, "edit"), to=place)
        return htmx.go(request, request.path)
    entries = [
        {
            "id": row.pk,
            "title": title_for(actor, row),
            "place": place,
            "up": place - 1,
            "down": place + 1 if place < len(rows) else 0,
        }
        for place, row in enumerate(rows, start=1)
    ]
    title = _("Sort: %(name)s") % {"name": spec.plural}
    context = {"title": title, "spec": spec, "entries": entries, "count": len(rows)}
    return render(request, "pages/sort.html", context)
