"""The organisation as one picture in memory, renewed when its stamp moves."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guanxi.kernel import stamps
from guanxi.kernel.actor import Reach
from guanxi.kernel.spec import Spec
from guanxi.people.models import Department, OrganisationStamp, Person


@dataclass(frozen=True)
class Organisation:
    """department_of and superior_of map person ids; children maps department ids to those below."""

    department_of: Mapping[int, int | None]
    members: Mapping[int, tuple[int, ...]]
    subordinates: Mapping[int, tuple[int, ...]]
    children: Mapping[int, tuple[int, ...]]

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


def stamp() -> int:
    """The state of the organisation; one small query."""
    value = OrganisationStamp.objects.values_list("value", flat=True).first() or NO_STAMP
    stamps.note(value)
    return value


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
    department_of: dict[int, int | None] = {}
    members: dict[int, list[int]] = defaultdict(list)
    subordinates: dict[int, list[int]] = defaultdict(list)
    people = Person._all.values_list("id", "department_id", "superior_id")
    for person, department, superior in people:
        department_of[person] = department
        if department is not None:
            members[department].append(person)
        if superior is not None:
            subordinates[superior].append(person)
    children: dict[int, list[int]] = defaultdict(list)
    for department, parent in Department._all.values_list("id", "parent_id"):
        if parent is not None:
            children[parent].append(department)
    return Organisation(
        department_of,
        {key: tuple(value) for key, value in members.items()},
        {key: tuple(value) for key, value in subordinates.items()},
        {key: tuple(value) for key, value in children.items()},
    )
