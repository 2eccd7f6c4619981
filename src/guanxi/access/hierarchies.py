"""The chart of a further hierarchy: its departments, its superiors, and who is put where."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.access.controls import Control
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.sweep import parts_of_many
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import edit_record
from guanxi.people.models import Department, Person
from guanxi.people.trees import trees
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.pickers import picker
from guanxi.ui.web import page

DEPARTMENT, PERSON = "people.department", "people.person"
HERE = "/organisation/"
#: key -> (name of the child rows that hold the place, their links)
PLACES = {DEPARTMENT: ("places", ("parent",)), PERSON: ("standings", ("superior", "department"))}


def chart_tabs(chosen: Any) -> list[dict[str, Any]]:
    """The line and each further hierarchy; nothing to switch where there is only the line."""
    further = trees()
    line = {"label": pgettext("hierarchy", "Line"), "url": HERE, "active": chosen is None}
    tabs = [
        {
            "label": registry.title_of(tree),
            "url": f"{HERE}?hierarchy={tree.pk}",
            "active": chosen is not None and tree.pk == chosen.pk,
        }
        for tree in further
    ]
    return [line, *tabs] if further else []


def chosen_tree(request: HttpRequest) -> Any:
    """The hierarchy the address names, None for the line; raises Missing."""
    asked = request.GET.get("hierarchy", "")
    return _tree(asked) if asked else None


def _tree(asked: str) -> Any:
    found = next((tree for tree in trees() if str(tree.pk) == asked), None)
    if found is None:
        raise Missing
    return found


def chart(actor: Actor, tree: Any) -> dict[str, Any]:
    """{tree, outside, count}: departments with their people; then who stands in none, by superior."""
    units = list(Department.rows(actor).live().order_by("position", "id"))
    people = list(Person.rows(actor).live().order_by("name_key", "id"))
    places = _rows(DEPARTMENT, units, tree)
    above = {unit: row.parent_id for unit, row in places.items()}
    above |= {one.pk: one.parent_id for one in units if one.tree_id == tree.pk}
    standings = _rows(PERSON, people, tree)
    inside: dict[int, list[Person]] = defaultdict(list)
    loose: list[Person] = []
    leading = {row.superior_id for row in standings.values()}
    for person in people:
        row = standings.get(person.pk)
        unit = (row and row.department_id) or person.department_id
        if unit in above:
            inside[unit].append(person)
        elif row is not None or person.pk in leading:
            loose.append(person)
    chief = {person: row.superior_id for person, row in standings.items()}
    names = {person.pk: person.name for person in people}
    draw = _Drawing(actor, tree, names, chief)
    return {
        "tree": [
            draw.unit(one, level, inside[one.pk])
            for one, level in levels([one for one in units if one.pk in above], above)
        ],
        "outside": [draw.card(one, level) for one, level in levels(loose, chief)],
        "count": len(loose) + sum(len(some) for some in inside.values()),
    }


def _rows(key: str, records: list[Any], tree: Any) -> dict[int, Any]:
    """Record id -> its child row for this hierarchy."""
    found = parts_of_many(registry.spec(key), PLACES[key][0], [one.pk for one in records])
    rows = ((owner, row) for owner, some in found.items() for row in some)
    return {owner: row for owner, row in rows if row.tree_id == tree.pk}  # type: ignore[attr-defined]


def levels(records: list[Any], above: Mapping[int, int | None]) -> list[tuple[Any, int]]:
    """Depth first, each with its depth; what hangs in a loop comes last, on the ground."""
    known = {one.pk for one in records}
    below: dict[int | None, list[Any]] = defaultdict(list)
    for one in records:
        over = above.get(one.pk)
        below[over if over in known else None].append(one)
    found: list[tuple[Any, int]] = []
    todo = [(one, 0) for one in reversed(below[None])]
    while todo:
        one, level = todo.pop()
        found.append((one, min(level, 8)))
        todo += [(child, level + 1) for child in reversed(below[one.pk])]
    drawn = {one.pk for one, _level in found}
    return found + [(one, 0) for one in records if one.pk not in drawn]


class _Drawing:
    """Departments and persons as the templates of the chart want them."""

    def __init__(
        self, actor: Actor, tree: Any, names: dict[int, str], chief: Mapping[int, int | None]
    ) -> None:
        self.names, self.chief = names, chief
        self.base = f"{HERE}hierarchies/{tree.pk}/"
        self.may_edit = {key: actor.may(key, "edit") for key in PLACES}

    def unit(self, one: Department, level: int, people: list[Person]) -> dict[str, Any]:
        move = f"{self.base}departments/?record={one.pk}" if self.may_edit[DEPARTMENT] else ""
        return {
            "name": one.name,
            "url": f"/departments/{one.pk}/",
            "level": level,
            "head": self.names.get(one.head_id, ""),
            "people": [self.card(person) for person in people],
            "move_url": move,
        }

    def card(self, person: Person, level: int = 0) -> dict[str, Any]:
        move = f"{self.base}persons/?record={person.pk}" if self.may_edit[PERSON] else ""
        return {
            "name": person.name,
            "job": person.job,
            "superior": self.names.get(self.chief.get(person.pk) or 0, ""),
            "url": f"/persons/{person.pk}/",
            "signs_in": person.signs_in,
            "level": level,
            "move_url": move,
        }


@page("people.department:edit")
def department_page(request: HttpRequest, tree_id: int) -> HttpResponse:
    return _page(request, DEPARTMENT, _tree(str(tree_id)))


@page("people.person:edit")
def person_page(request: HttpRequest, tree_id: int) -> HttpResponse:
    return _page(request, PERSON, _tree(str(tree_id)))


def _page(request: HttpRequest, key: str, tree: Any) -> HttpResponse:
    """Puts a person or a department somewhere in this hierarchy; works in a dialog, too."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("record", "")
    record = get_record(actor, registry.spec(key), asked, "edit") if asked else None
    if request.method != "POST":
        return _show(request, key, tree, record, sent.dict(), {})
    if record is None:
        errors = {"record": [_("Please fill this in.")]}
        return _show(request, key, tree, None, sent.dict(), errors)
    try:
        if sent.get("version"):
            record.version = whole_number(sent["version"]) or 0
        _put(actor, key, tree, record, sent.dict())
    except NotAllowed:
        raise
    except Invalid as invalid:
        # The fault stands at a child row; here its fields are those of the form.
        plain = {path.rpartition(".")[2]: texts for path, texts in invalid.errors.items()}
        return _show(request, key, tree, record, sent.dict(), plain)
    except (Conflict, Refused) as refused:
        return _show(request, key, tree, record, sent.dict(), {"": [refused.message]})
    tell(request, _("%(name)s has moved.") % {"name": record})
    return htmx.go(request, f"{HERE}?hierarchy={tree.pk}")


def _put(actor: Actor, key: str, tree: Any, record: Any, sent: dict[str, str]) -> None:
    name, links = PLACES[key]
    if key == DEPARTMENT and record.tree_id == tree.pk:
        edit_record(actor, record, {"parent": sent.get("parent", "")})
        return
    stored = part_rows(registry.spec(key), name, record)
    lines = [{"id": str(row.pk)} | _known(row, links) for row in stored if row.tree_id != tree.pk]
    mine = next((str(row.pk) for row in stored if row.tree_id == tree.pk), "")
    values = {link: sent.get(link, "") for link in links}
    if any(values.values()) or (key == DEPARTMENT and not sent.get("remove")):
        lines.append({"id": mine, "tree": str(tree.pk)} | values)
    edit_record(actor, record, {name: lines})


def _known(row: Any, links: tuple[str, ...]) -> dict[str, str]:
    return {link: str(getattr(row, f"{link}_id") or "") for link in ("tree", *links)}


def _show(
    request: HttpRequest,
    key: str,
    tree: Any,
    record: Any,
    sent: dict[str, str],
    errors: Mapping[str, list[str]],
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    close = f"{HERE}?hierarchy={tree.pk}"
    name = registry.title_of(tree)
    fields = _controls(actor, key, tree, record, sent, errors)
    known = {control["name"] for control in fields}
    context = {
        "layout": htmx.layout(request),
        "dialog": {"title": _("Place in “%(name)s”") % {"name": name}, "close_url": close},
        "action": request.path,
        "version": record.version if record else "",
        "fault": " ".join(
            text for path, texts in errors.items() if path not in known for text in texts
        ),
        "fields": fields,
        "note": _("With nothing chosen the place in this hierarchy is given up.")
        if key == PERSON
        else "",
    }
    return render(request, "access/place.html", context, status=422 if errors else 200)


def _controls(
    actor: Actor,
    key: str,
    tree: Any,
    record: Any,
    sent: dict[str, str],
    errors: Mapping[str, list[str]],
) -> list[Control]:
    spec = registry.spec(key)
    part, links = PLACES[key]
    stored = part_rows(spec, part, record) if record else []
    row: Any = next((one for one in stored if one.tree_id == tree.pk), None)
    if key == DEPARTMENT and record and record.tree_id == tree.pk:
        row = record
    parts = spec.part(part)
    assert parts is not None
    chosen = str(record.pk) if record else ""
    found = [{"name": "record", "label": spec.name, **picker(actor, _kind(key), chosen)}]
    for link in links:
        field: Any = parts.model._meta.get_field(link)
        held = str(getattr(row, field.attname) or "") if row else ""
        control = picker(actor, field.kind, sent.get(link, held))
        found.append({"name": link, "label": field.verbose_name, **control})
    return [one | {"error": " ".join(errors.get(one["name"], ()))} for one in found]


def _kind(key: str) -> kinds.LinkKind:
    return kinds.PersonKind() if key == PERSON else kinds.LinkKind(to=key)
