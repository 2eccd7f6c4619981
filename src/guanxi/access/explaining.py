"""Why a colleague may or may not see and change a record, for those who may see rights."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.access.controls import Control, choice
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import VERBS, Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.present import address, title_for
from guanxi.kernel.spec import Spec
from guanxi.people.explain import explain
from guanxi.ui import htmx
from guanxi.ui.pickers import picker
from guanxi.ui.web import page

PERSON = "people.person"


@page("people.role:view")
def record_access_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """Who may see this record: one asks for one person after the other."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    asked = request.GET.get("person", "")
    person, error = _chosen(actor, registry.spec(PERSON), asked)
    control = _control(
        actor, "person", registry.spec(PERSON).name, kinds.PersonKind(), asked, error
    )
    context = {
        "title": _("Who can see and change this"),
        "crumbs": [(spec.plural, f"/{spec.path}/"), _crumb(actor, spec, record)],
        "fields": [control],
    }
    return _show(request, context, person, record, faulty=bool(error))


@page("people.role:view")
def person_access_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """What one person may do with a record: first the object is chosen, then the record."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    people = registry.spec(PERSON)
    person = get_record(actor, people, record_id)
    offered = {one.path: one.plural for one in registry.specs() if actor.may(one.key, "view")}
    path = request.GET.get("object") or next(iter(offered))
    spec = registry.by_path(path)
    if spec is None or path not in offered:
        raise Missing
    asked = request.GET.get("record", "")
    record, error = _chosen(actor, spec, asked)
    kind = kinds.LinkKind(to=spec.key)
    context = {
        "title": _("What %(name)s can see and change") % {"name": person.name},
        "crumbs": [(people.plural, f"/{people.path}/"), _crumb(actor, people, person)],
        "fields": [
            choice("object", _("Object"), offered, value=path),
            _control(actor, "record", spec.name, kind, asked, error),
        ],
    }
    return _show(request, context, person, record, faulty=bool(error))


def _crumb(actor: Actor, spec: Spec, record: Any) -> tuple[str, str]:
    return title_for(actor, record), address(spec, record.pk)


def _chosen(actor: Actor, spec: Spec, asked: str) -> tuple[Any, str]:
    """The row asked for and "", or None and why; what is out of sight is as good as not there."""
    if not asked:
        return None, ""
    try:
        return get_record(actor, spec, asked), ""
    except Missing:
        return None, _("Choose from the list, please.")


def _control(
    actor: Actor, name: str, label: Any, kind: kinds.LinkKind, asked: str, error: str
) -> Control:
    shown = "" if error else asked
    return {"name": name, "label": label, "error": error, **picker(actor, kind, shown)}


def _show(
    request: HttpRequest, context: dict[str, Any], person: Any, record: Any, *, faulty: bool
) -> HttpResponse:
    if person is not None and record is not None:
        told = explain(person, record, reader=request.actor)  # type: ignore[attr-defined]
        context["told"] = {
            "head": told.head,
            "standing": told.standing,
            "fields": told.fields,
            "verbs": [
                {"label": VERBS[verb], "may": may, "reasons": reasons}
                for verb, may, reasons in told.verbs
            ],
        }
    context["layout"] = htmx.layout(request)
    return render(request, "access/explain.html", context, status=422 if faulty else 200)
