"""Departments by pasting the list as it stands somewhere else."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import begin_batch, change
from guanxi.kernel.errors import Invalid, Refused
from guanxi.people.models import Department
from guanxi.setup.pasting import Place, read_departments
from guanxi.setup.steps import ADMINISTRATORS, HERE
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

EXAMPLE = "总经办\n销售中心\n    华东销售部\n    华南销售部\n市场部\n客服部"


@page(ADMINISTRATORS)
def departments_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _show(request, actor, "", [])
    text = request.POST.get("list", "")
    places, errors = read_departments(text)
    if not places and not errors:
        errors = [_("Please fill this in.")]
    if errors:
        return _show(request, actor, text, errors, status=400)
    try:
        made, batch_id = write_departments(actor, places)
    except Invalid as invalid:
        errors = [text for texts in invalid.errors.values() for text in texts]
        return _show(request, actor, text, errors, status=400)
    except Refused as refused:
        return _show(request, actor, text, [refused.message], status=409)
    said = ngettext("%(n)s department added.", "%(n)s departments added.", made) % {"n": made}
    tell(request, said, undo=f"/undo/batch/{batch_id}/" if made else "", url="/organisation/")
    return htmx.go(request, HERE)


def write_departments(actor: Actor, places: list[Place]) -> tuple[int, int]:
    """Adds what is missing, all or nothing; returns how many and their batch."""
    known = {
        (one.parent_id, one.name): one.pk for one in Department.rows(actor).live().order_by("-id")
    }
    made, ids = 0, dict[tuple[str, ...], int]()
    with transaction.atomic():
        batch = begin_batch(actor, registry.spec(Department), kind="setup")
        within = actor.within(batch.pk)
        for position, place in enumerate(places, start=1):
            parent = ids.get(place.path[:-1])
            found = known.get((parent, place.path[-1]))
            if found is None:
                row = Department(name=place.path[-1], parent_id=parent, position=position)
                with change(within, row):
                    pass
                found, made = row.pk, made + 1
            ids[place.path] = found
        batch.rows = made
        batch.save(update_fields=("rows",))
    return made, batch.pk


def _show(
    request: HttpRequest, actor: Actor, text: str, errors: list[str], *, status: int = 200
) -> HttpResponse:
    field: dict[str, Any] = {
        "name": "list",
        "label": _("Departments, one a line"),
        "widget": "textarea",
        "rows": 12,
        "wide": True,
        "required": True,
        "value": text,
        "placeholder": EXAMPLE,
        "autofocus": True,
        "error": " ".join(errors),
        "help": _(
            "Indent those below others, by blanks or tabs, or paste columns of a table. "
            "What is there already stays as it is."
        ),
    }
    context = {
        "layout": htmx.layout(request),
        "title": _("Departments"),
        "back": HERE,
        "fields": [field],
        "button": _("Add departments"),
        "there": Department.rows(actor).live().count(),
        "there_url": "/organisation/",
    }
    return render(request, "setup/paste.html", context, status=status)
