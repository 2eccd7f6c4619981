"""The organisation on one page: departments as a tree with their people, and where each belongs."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.access.controls import Control
from guanxi.access.hierarchies import chart, chart_tabs, chosen_tree
from guanxi.access.rights import sent_version
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.kernel.values import edit_record
from guanxi.people.models import Department, Person
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.pickers import picker
from guanxi.ui.web import page

DEPARTMENT, PERSON = "people.department", "people.person"
PLACES = {DEPARTMENT: ("parent", "head"), PERSON: ("department", "superior")}
HERE = "/organisation/"


@page("people.department:view")
def organisation_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tree = chosen_tree(request)
    context = {
        "layout": htmx.layout(request),
        "tabs": chart_tabs(tree),
        "may_create": actor.may(DEPARTMENT, "create"),
        "may_place": actor.may(PERSON, "edit") and tree is not None,
        "hierarchy": tree.pk if tree else "",
        **(chart(actor, tree) if tree else _line(actor)),
    }
    return render(request, "access/organisation.html", context)


def _line(actor: Actor) -> dict[str, Any]:
    departments = list(Department.rows(actor).filter(tree=None).live().order_by("position", "id"))
    people = list(Person.rows(actor).live().order_by("name_key", "id"))
    known = {one.pk for one in departments}
    return {
        "tree": draw(actor, departments, people),
        "outside": [
            card(actor, person, {}) for person in people if person.department_id not in known
        ],
        "count": len(people),
    }


def draw(actor: Actor, departments: list[Department], people: list[Person]) -> list[dict[str, Any]]:
    """The tree as a flat list of {name, level, people ...}, depth first; loops never hang it."""
    below: dict[int | None, list[Department]] = defaultdict(list)
    known = {one.pk for one in departments}
    for one in departments:
        below[one.parent_id if one.parent_id in known else None].append(one)
    members: dict[int | None, list[Person]] = defaultdict(list)
    names = {person.pk: person.name for person in people}
    for person in people:
        members[person.department_id].append(person)
    may_edit = actor.may(DEPARTMENT, "edit")
    found, todo = [], [(one, 0) for one in reversed(below[None])]
    while todo:
        one, level = todo.pop()
        inside = members[one.pk]
        found.append(
            {
                "name": one.name,
                "url": f"/departments/{one.pk}/",
                "level": min(level, 8),
                "head": names.get(one.head_id, ""),
                "people": [card(actor, person, names) for person in inside],
                "move_url": f"{HERE}departments/{one.pk}/" if may_edit else "",
            }
        )
        todo += [(child, level + 1) for child in reversed(below[one.pk])]
    return found


def card(actor: Actor, person: Person, names: dict[int, str]) -> dict[str, Any]:
    return {
        "name": person.name,
        "job": person.job,
        "superior": names.get(person.superior_id, ""),
        "url": f"/persons/{person.pk}/",
        "signs_in": person.signs_in,
        "move_url": f"{HERE}persons/{person.pk}/" if actor.may(PERSON, "edit") else "",
    }


@page("people.department:edit")
def department_place_page(request: HttpRequest, record_id: int) -> HttpResponse:
    return _place_page(request, DEPARTMENT, record_id)


@page("people.person:edit")
def person_place_page(request: HttpRequest, record_id: int) -> HttpResponse:
    return _place_page(request, PERSON, record_id)


def _place_page(request: HttpRequest, key: str, record_id: int) -> HttpResponse:
    """Where a department or a person hangs; also works in a dialog."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, registry.spec(key), record_id, "edit")
    if request.method != "POST":
        return _show_place(request, key, record)
    raw = {name: request.POST.get(name, "") for name in PLACES[key]}
    try:
        record.version = sent_version(request)
        edit_record(actor, record, raw)
    except Invalid as invalid:
        return _show_place(request, key, record, raw=raw, errors=invalid.errors, status=422)
    except Conflict:
        record = get_record(actor, registry.spec(key), record_id, "edit")
        stale = {"": [_("Somebody else has changed this meanwhile. Compare and save again.")]}
        return _show_place(request, key, record, raw=raw, errors=stale, status=422)
    except NotAllowed:
        raise
    except Refused as refused:
        return _show_place(
            request, key, record, raw=raw, errors={"": [refused.message]}, status=422
        )
    tell(request, _("%(name)s has moved.") % {"name": record})
    return htmx.go(request, HERE)


def _show_place(
    request: HttpRequest,
    key: str,
    record: Any,
    *,
    raw: dict[str, str] | None = None,
    errors: Any = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    # Without a script the picker comes back to this address with the choice in it.
    chosen = request.GET.dict() if raw is None else raw
    context = {
        "layout": htmx.layout(request),
        "dialog": {"title": _("Move %(name)s") % {"name": record}, "close_url": HERE},
        "action": request.path,
        "version": record.version,
        "fault": " ".join(errors.get("", ())),
        "fields": [_place_control(actor, record, name, chosen, errors) for name in PLACES[key]],
    }
    return render(request, "access/place.html", context, status=status)


def _place_control(
    actor: Actor, record: Any, name: str, chosen: dict[str, str], errors: Any
) -> Control:
    """A picker: an organisation may have thousands of people."""
    field = record._meta.get_field(name)
    value = chosen.get(name, str(getattr(record, field.attname) or ""))
    return {
        "name": name,
        "label": field.verbose_name,
        "error": " ".join(errors.get(name, ())),
        **picker(actor, field.kind, value),
    }
