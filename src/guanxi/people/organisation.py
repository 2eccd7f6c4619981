"""The organisation as one picture in memory, renewed when its stamp moves."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db.models import Subquery

from guanxi.kernel import stamps
from guanxi.kernel.actor import Reach
from guanxi.kernel.spec import Spec
from guanxi.people.models import (
    Department,
    OrganisationStamp,
    Person,
    Standing,
    Tree,
    UnitPlace,
)

Links = dict[int, int | None]


@dataclass(frozen=True)
class Organisation:
    """department_of maps person ids, children department ids to those below.

    This is the line; `further` has the same for each further hierarchy, by its id.
    """

    department_of: Mapping[int, int | None]
    members: Mapping[int, tuple[int, ...]]
    subordinates: Mapping[int, tuple[int, ...]]
    children: Mapping[int, tuple[int, ...]]
    further: Mapping[int, "Organisation"] = field(default_factory=dict)

    def through(self, tree: int | None) -> "Organisation":
        """The picture of a further hierarchy, empty once that is invalidated; None is the line."""
        return self if tree is None else self.further.get(tree, NO_ORGANISATION)

    def below(self, department: int) -> set[int]:
        return _closure([department], self.children)

    def team(self, person: int) -> set[int]:
        """The person and everyone below, by the line of superiors."""
        return _closure([person], self.subordinates)

    def owners(self, person: int, reach: Reach) -> tuple[int, ...]:
        """Ids of the persons whose rows this reach covers."""
        if reach is Reach.OWN:
            return (person,)
        if reach is Reach.OWN_AND_BELOW:
            return tuple(sorted(self.team(person)))
        department = self.department_of.get(person)
        if department is None or reach not in (Reach.DEPARTMENT, Reach.DEPARTMENT_AND_BELOW):
            return (person,)
        places = {department} if reach is Reach.DEPARTMENT else self.below(department)
        found = {member for place in places for member in self.members.get(place, ())}
        return tuple(sorted(found | {person}))


NO_ORGANISATION = Organisation({}, {}, {}, {})


def _closure(start: Iterable[int], below: Mapping[int, Sequence[int]]) -> set[int]:
    found: set[int] = set()
    todo = list(start)
    while todo:
        item = todo.pop()
        if item not in found:
            found.add(item)
            todo.extend(below.get(item, ()))
    return found


NO_STAMP = stamps.NONE


#: The stamp as a column of another query.
STAMP_OF_NOW = Subquery(OrganisationStamp.objects.order_by().values("value")[:1])


def stamp() -> int:
    """The state of the organisation; one small query."""
    return note_stamp(OrganisationStamp.objects.values_list("value", flat=True).first())


def note_stamp(value: int | None) -> int:
    """The stamp just read, None for none yet: what is remembered from now on is that state."""
    stamps.note(value or NO_STAMP)
    return value or NO_STAMP


def touch() -> None:
    """Tells every process that the organisation has changed."""
    fresh = 1 + secrets.randbits(62)
    if not OrganisationStamp.objects.update(value=fresh):
        OrganisationStamp.objects.create(pk=1, value=fresh)
    if stamps.noted() != stamps.NONE:
        stamps.note(fresh)


def hold() -> None:
    """Lets nobody else change the organisation until this transaction ends.

    Two moves at the same time could close a loop, and two administrators dismiss each other.
    """
    if OrganisationStamp.objects.select_for_update().first() is None:
        touch()


def make_stamp() -> None:
    if not OrganisationStamp.objects.exists():
        touch()


def note_organisation(spec: Spec, edits: Sequence[Any]) -> None:
    """Rows of `people`, terms and custom fields are remembered by the stamp: writing one moves
    it."""
    if spec.small or spec.key.startswith(("people.", "custom.")):
        touch()


def forget_organisation(spec: Spec, ids: Sequence[int]) -> None:
    """So does every deleted one."""
    note_organisation(spec, ids)


def organisation(at: int) -> Organisation:
    """The organisation at a stamp; without one nothing is remembered."""
    return _load.__wrapped__(at) if at == NO_STAMP else _load(at)


@lru_cache(maxsize=2)
def _load(at: int) -> Organisation:
    people = list(Person._all.values_list("id", "department_id", "superior_id"))
    home = {person: department for person, department, _superior in people}
    units: dict[int | None, Links] = defaultdict(dict)
    for unit, parent, tree in Department._all.values_list("id", "parent_id", "tree_id"):
        units[tree][unit] = parent
    trees = set(Tree._all.live().values_list("id", flat=True))
    further = _further(trees, units, home) if trees else {}
    line = _picture(home, {person: above for person, _in, above in people}, units[None])
    return replace(line, further=further)


def _further(
    trees: set[int], units: Mapping[int | None, Links], home: Links
) -> dict[int, Organisation]:
    """Two small statements for all of them; their persons are those who stand in them."""
    parents = {tree: dict(units.get(tree, {})) for tree in trees}
    for tree, unit, parent in UnitPlace._all.values_list("tree_id", "department_id", "parent_id"):
        if tree in trees:
            parents[tree].setdefault(unit, parent)
    places: dict[int, Links] = {
        # Whoever belongs to a department comes along wherever it hangs.
        tree: {person: unit for person, unit in home.items() if unit in parents[tree]}
        for tree in trees
    }
    superiors: dict[int, Links] = {tree: {} for tree in trees}
    names = ("tree_id", "person_id", "department_id", "superior_id")
    for tree, person, unit, superior in Standing._all.values_list(*names):
        if tree in trees:
            superiors[tree][person] = superior
            if unit is not None:
                places[tree][person] = unit
    return {tree: _picture(places[tree], superiors[tree], parents[tree]) for tree in trees}


def _picture(department_of: Links, superior_of: Links, parent_of: Links) -> Organisation:
    return Organisation(
        department_of, _turned(department_of), _turned(superior_of), _turned(parent_of)
    )


def _turned(above: Links) -> dict[int, tuple[int, ...]]:
    """From what lies above each to what lies below each."""
    found: dict[int, list[int]] = defaultdict(list)
    for one, over in above.items():
        if over is not None:
            found[over].append(one)
    return {over: tuple(ones) for over, ones in found.items()}
