"""Who acts, and what that person may do. Built by `people`, consulted everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS: Mapping[str, Any] = {
    "view": _("view"),
    "create": _("create"),
    "edit": _("edit"),
    "delete": _("delete"),
    "invalidate": _("invalidate"),
    "restore": _("restore"),
    "transfer": _("transfer"),
    "share": _("share"),
    "export": _("export"),
    "import": _("import"),
    "history": _("import history"),
    "print": _("print"),
    "merge": _("merge"),
    "view_as": _("view as"),
}


class Reach(IntEnum):
    """Whose rows a grant covers. Several grants unite; they are not ordered by size."""

    NONE = 0
    OWN = 1
    OWN_AND_BELOW = 2
    DEPARTMENT = 3
    DEPARTMENT_AND_BELOW = 4
    ALL = 5


REACH_LABELS = {
    Reach.NONE: _("none"),
    Reach.OWN: _("own"),
    Reach.OWN_AND_BELOW: _("own and subordinates"),
    Reach.DEPARTMENT: pgettext_lazy("reach", "department"),
    Reach.DEPARTMENT_AND_BELOW: _("department and below"),
    Reach.ALL: _("all"),
}


class Policy(IntEnum):
    """What a person may do with one field of a row."""

    HIDDEN = 0
    MASKED = 1
    READONLY = 2
    FREE = 3


POLICY_LABELS = {
    Policy.HIDDEN: _("hidden"),
    Policy.MASKED: _("masked"),
    Policy.READONLY: _("read-only"),
    Policy.FREE: _("free"),
}

EVERY_OBJECT = "*"


@dataclass(frozen=True)
class Rights:
    """Everything a person's roles grant, resolved once.

    grants: (object label or "*", verb) -> the reaches granted
    policies: (object label, field) -> (policy on my rows, policy on others' rows)
    owners: reach -> ids of the persons it covers (OWN .. DEPARTMENT_AND_BELOW)
    further: like grants, for those that go through a further hierarchy: its id with the reach
    further_owners: (id of the hierarchy, reach) -> ids of the persons it covers
    stamp: the state of organisation and dictionaries these were resolved at; 0 = remember nothing
    known: what `reaches` has answered; the rest never changes
    """

    grants: Mapping[tuple[str, str], frozenset[Reach]] = field(default_factory=dict)
    policies: Mapping[tuple[str, str], tuple[Policy, Policy]] = field(default_factory=dict)
    owners: Mapping[Reach, tuple[int, ...]] = field(default_factory=dict)
    further: Mapping[tuple[str, str], frozenset[tuple[int, Reach]]] = field(default_factory=dict)
    further_owners: Mapping[tuple[int, Reach], tuple[int, ...]] = field(default_factory=dict)
    everything: bool = False
    stamp: int = 0
    known: dict[tuple[str, str], frozenset[Reach]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def reaches(self, label: str, verb: str) -> frozenset[Reach]:
        if self.everything:
            return frozenset({Reach.ALL})
        known = self.known.get((label, verb))
        if known is None:
            found = self._through_the_line(label, verb)
            known = found | {reach for _tree, reach in self.further.get((label, verb), ())}
            self.known[label, verb] = known
        return known

    def _through_the_line(self, label: str, verb: str) -> frozenset[Reach]:
        granted = self.grants.get((label, verb), frozenset())
        everywhere = self.grants.get((EVERY_OBJECT, verb), frozenset())
        return frozenset(reach for reach in granted | everywhere if reach is not Reach.NONE)

    def owners_of(self, label: str, verb: str) -> tuple[int, ...]:
        """Ids of the persons whose rows the grants cover, through whichever hierarchy."""
        found = dict.fromkeys(self.owner_ids(self._through_the_line(label, verb)))
        for span in sorted(self.further.get((label, verb), ())):
            found.update(dict.fromkeys(self.further_owners.get(span, ())))
        return tuple(found)

    def owner_ids(self, reaches: frozenset[Reach]) -> tuple[int, ...]:
        """Ids of the persons these reaches cover through the line."""
        found: dict[int, None] = {}
        for reach in sorted(reaches):
            found.update(dict.fromkeys(self.owners.get(reach, ())))
        return tuple(found)


@dataclass(frozen=True)
class Actor:
    """A person (or the system) at one surface: page, import, job, command, api.

    `batch_id`: everything this actor writes belongs to that batch. `only_looks`: somebody else
    looks at the product as this person, and every write is refused.
    """

    person_id: int | None
    name: str
    rights: Rights
    book: int = 1
    surface: str = "page"
    user_id: int | None = None
    batch_id: int | None = None
    only_looks: bool = False

    def within(self, batch_id: int) -> "Actor":
        return replace(self, batch_id=batch_id)

    def unlimited(self) -> "Actor":
        """The same person, for what follows by itself from an act that was allowed."""
        return replace(self, rights=Rights(everything=True))

    def may(self, label: str, verb: str) -> bool:
        return bool(self.rights.reaches(label, verb))


def system_actor(purpose: str, *, surface: str = "job", book: int = 1) -> Actor:
    """The product itself, for work nobody in particular asked for. `purpose` goes into the
    journal."""
    if not purpose:
        raise ValueError("The system must say what it is doing.")
    return Actor(None, purpose, Rights(everything=True), book=book, surface=surface)
