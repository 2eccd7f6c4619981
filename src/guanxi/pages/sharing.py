"""Sharing one record with colleagues: who sees it beside its owner, and until when."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import acts, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Missing, Refused, Wrong
from guanxi.kernel.present import address, title_for
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages import inputs
from guanxi.pages.pickers import chosen_person
from guanxi.ui import htmx
from guanxi.ui.fields import Field
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def share_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """With whom the record is shared; adding one, ending one."""
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.scope.has_owner:
        raise Missing
    record = get_record(actor, spec, record_id, "share")
    error = ""
    if request.method == "POST":
        ended = whole_number(request.POST.get("end", ""))
        if ended is not None:
            acts.unshare_record(actor, record, person_id=ended)
            tell(request, _("No longer shared."))
            return htmx.go(request, address(spec, record.pk))
        try:
            acts.share_record(actor, record, **share_arguments(actor, request.POST))
        except (Refused, Wrong) as refused:
            error = refused.message
        else:
            tell(request, _("Shared."))
            return htmx.go(request, address(spec, record.pk))
    context = {
        "layout": htmx.layout(request),
        "title": _("Share"),
        "dialog": {
            "title": _("Share"),
            "text": title_for(actor, record),
            "close_url": address(spec, record.pk),
        },
        "fields": share_fields(actor, spec, data=request.POST, error=error),
        "shares": _shares(actor, spec, record),
        "action": request.path,
    }
    return render(request, "pages/share.html", context, status=422 if error else 200)


def share_arguments(actor: Actor, data: Mapping[str, str]) -> dict[str, Any]:
    """What `acts.share_record` takes, read from a form; raises Wrong where it says no person."""
    person = whole_number(chosen_person(actor, data, "person"))
    if person is None:
        raise Wrong(_("Choose a colleague."))
    until = column("people.person", "joined_on").kind.parse(data.get("until", ""))
    acts.check_last_day(until)
    return {
        "person_id": person,
        "level": "write" if data.get("level") == "write" else "read",
        "until": until,
    }


def share_fields(
    actor: Actor, spec: Spec, *, data: Mapping[str, str], error: str = ""
) -> list[dict[str, Any]]:
    """Colleague, right and last day, as typed so far."""
    person = inputs.field(
        actor,
        column(spec, "owner"),
        name="person",
        value=chosen_person(actor, data, "person"),
        required=True,
        error=error,
    )
    level = data.get("level", "read")
    levels = [("read", _("may view")), ("write", _("may view and edit"))]
    options = [{"value": code, "label": label, "selected": code == level} for code, label in levels]
    return [
        person | {"label": _("Colleague")},
        Field(
            name="level",
            label=_("Right"),
            widget="choice",
            value=level,
            required=True,
            options=options,
        ),
        Field(name="until", label=_("Until"), widget="date", value=data.get("until", "")),
    ]


def _shares(actor: Actor, spec: Spec, record: Any) -> list[dict[str, Any]]:
    found = acts.shares_of(record)
    people = (
        registry.spec("people.person")
        .model.rows(actor, "view")
        .in_bulk([one.person_id for one in found])
    )
    return [
        {
            "person": people[one.person_id].name
            if one.person_id in people
            else f"#{one.person_id}",
            "person_id": one.person_id,
            "level": _("may view and edit") if one.level == "write" else _("may view"),
            "until": one.until,
        }
        for one in found
    ]
