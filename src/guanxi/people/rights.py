"""From roles to rights: what one person may do, resolved once per state of the organisation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from guanxi.kernel import registry
from guanxi.kernel.actor import EVERY_OBJECT, VERBS, Actor, Policy, Reach, Rights
from guanxi.kernel.columns import column, usual_policy
from guanxi.kernel.errors import Wrong
from guanxi.kernel.spec import Capability, Spec
from guanxi.people.models import FieldRule, Grant, Person, PersonRole
from guanxi.people.organisation import NO_STAMP, organisation, stamp


class Given(NamedTuple):
    """What a role grants for one verb; `tree` is the further hierarchy it counts through."""

    reach: Reach
    tree: int | None = None


RoleGrants = dict[tuple[str, str], Given]
#: Only here does it matter through which hierarchy one looks.
THROUGH = frozenset({Reach.OWN_AND_BELOW, Reach.DEPARTMENT, Reach.DEPARTMENT_AND_BELOW})
Policies = tuple[Policy, Policy]
BROAD = frozenset(Reach) - {Reach.NONE, Reach.OWN}
NEEDS = {
    "create": Capability.CREATE,
    "edit": Capability.EDIT,
    "delete": Capability.DELETE,
    "invalidate": Capability.INVALIDATE,
    "restore": Capability.INVALIDATE,
    "transfer": Capability.TRANSFER,
    "share": Capability.SHARE,
    "export": Capability.EXPORT,
    "import": Capability.IMPORT,
}


def verbs_of(spec: Spec) -> tuple[str, ...]:
    """The verbs that mean anything on this object."""
    return tuple(verb for verb in VERBS if _makes_sense(spec, verb))


def _makes_sense(spec: Spec, verb: str) -> bool:
    if verb == "history":
        return spec.history_rule is not None
    if verb == "merge":
        return bool(spec.duplicates)
    if verb == "view_as":
        return spec.key == "people.person"
    return verb not in NEEDS or spec.can(NEEDS[verb])


def groups_of(spec: Spec) -> tuple[str, ...]:
    """The names under which a grant may mean this object, besides its own key."""
    if spec.key.startswith("people."):
        return (EVERY_OBJECT, "people")
    owned = spec.scope.has_owner or any(b.startswith("through:") for b in spec.scope.branches)
    return (EVERY_OBJECT, "records" if owned else "terms")


def actor_of(
    person: Person,
    *,
    surface: str = "page",
    user_id: int | None = None,
    only_looks: bool = False,
    rights: Rights | None = None,
) -> Actor:
    return Actor(
        person.pk,
        person.name,
        rights_of(person.pk) if rights is None else rights,
        book=person.book,
        surface=surface,
        user_id=user_id,
        only_looks=only_looks,
    )


def rights_of(person_id: int, at: int | None = None) -> Rights:
    """What a person's roles grant; `at`: the stamp, if it has just been read."""
    at = stamp() if at is None else at
    return _rights.__wrapped__(person_id, at) if at == NO_STAMP else _rights(person_id, at)


@lru_cache(maxsize=4096)
def _rights(person_id: int, at: int) -> Rights:
    picture = organisation(at)
    by_role = grants_of(roles_of(person_id))
    further = _further(by_role)
    spans = {span for some in further.values() for span in some}
    return Rights(
        grants=_united(by_role),
        further=further,
        further_owners={
            (tree, reach): picture.through(tree).owners(person_id, reach) for tree, reach in spans
        },
        policies=_policies(by_role),
        owners={
            reach: picture.owners(person_id, reach)
            for reach in Reach
            if reach not in (Reach.NONE, Reach.ALL)
        },
        stamp=at,
    )


def roles_of(person_id: int) -> list[int]:
    """Roles of a person who has not been invalidated; an invalidated role grants nothing."""
    found = PersonRole._all.filter(
        person_id=person_id, person__voided_at__isnull=True, role__voided_at__isnull=True
    )
    return list(found.order_by("role_id").values_list("role_id", flat=True))


def grants_of(roles: Iterable[int]) -> dict[int, RoleGrants]:
    """role -> (name in the grant, verb) -> what is granted, without what grants nothing."""
    by_role: dict[int, RoleGrants] = {role: {} for role in roles}
    stored = Grant._all.filter(role_id__in=by_role)
    names = ("role_id", "object", "verb", "reach", "tree_id")
    for role, key, verb, reach, tree in stored.values_list(*names):
        if reach != Reach.NONE.name.lower():
            found = Reach[reach.upper()]
            by_role[role][key, verb] = Given(found, tree if found in THROUGH else None)
    return by_role


def field_rules_of(roles: Iterable[int]) -> dict[tuple[str, str], dict[int, Policies]]:
    """(object, field) -> role -> (on my rows, on others' rows)."""
    rules: dict[tuple[str, str], dict[int, Policies]] = defaultdict(dict)
    stored = FieldRule._all.filter(role_id__in=list(roles))
    names = ("role_id", "object", "field", "mine", "others")
    for role, key, field, mine, others in stored.values_list(*names):
        rules[key, field][role] = (Policy[mine.upper()], Policy[others.upper()])
    return rules


def reaches_in(spec: Spec, given: RoleGrants, verb: str) -> dict[str, Given]:
    """What one role grants for a verb on an object, by the name that grants it."""
    names = (spec.key, *groups_of(spec))
    return {name: given[name, verb] for name in names if (name, verb) in given}


def _united(by_role: Mapping[int, RoleGrants]) -> dict[tuple[str, str], frozenset[Reach]]:
    """Through the line."""
    grants: dict[tuple[str, str], set[Reach]] = defaultdict(set)
    for key, given in _granted(by_role):
        if given.tree is None:
            grants[key].add(given.reach)
    return {key: frozenset(reaches) for key, reaches in grants.items()}


def _further(
    by_role: Mapping[int, RoleGrants],
) -> dict[tuple[str, str], frozenset[tuple[int, Reach]]]:
    """Through further hierarchies."""
    grants: dict[tuple[str, str], set[tuple[int, Reach]]] = defaultdict(set)
    if not any(one.tree for given in by_role.values() for one in given.values()):
        return {}
    for key, given in _granted(by_role):
        if given.tree is not None:
            grants[key].add((given.tree, given.reach))
    return {key: frozenset(spans) for key, spans in grants.items()}


def _granted(by_role: Mapping[int, RoleGrants]) -> Iterator[tuple[tuple[str, str], Given]]:
    for spec in registry.specs():
        for given in by_role.values():
            for verb in VERBS:
                for one in reaches_in(spec, given, verb).values():
                    yield (spec.key, verb), one


def _policies(by_role: Mapping[int, RoleGrants]) -> dict[tuple[str, str], Policies]:
    return {
        (key, field): policies_from(key, by_role, rules, usual=_usual(key, field))
        for (key, field), rules in field_rules_of(by_role).items()
        if registry.find(key) is not None
    }


def _usual(key: str, field: str) -> Policy:
    """Of a role that has no rule for this field; FREE for fields that are no more."""
    try:
        return usual_policy(column(key, field).kind)
    except Wrong:
        return Policy.FREE


def _reaches(spec: Spec, given: RoleGrants, verb: str) -> set[Reach]:
    return {one.reach for one in reaches_in(spec, given, verb).values()}


def policies_from(
    key: str,
    by_role: Mapping[int, RoleGrants],
    rules: Mapping[int, Policies],
    *,
    usual: Policy = Policy.FREE,
) -> Policies:
    """Mine: the freest of the roles that show me my rows. Others': the strictest of the roles that
    reach them; where none does (a share, a parent), of all that show rows of this object.

    On my rows a role that may not edit lends no right to edit to another one that may.
    """
    spec = registry.spec(key)
    views = {role: _reaches(spec, given, "view") for role, given in by_role.items()}
    edits = {role: _reaches(spec, given, "edit") for role, given in by_role.items()}
    viewing = [role for role, reaches in views.items() if reaches]
    if not viewing:
        return Policy.HIDDEN, Policy.HIDDEN
    broad = [role for role in by_role if (views[role] | edits[role]) & BROAD] or viewing
    bare = (usual, usual)
    most = {
        role: Policy.FREE if edits[role] or not any(edits.values()) else Policy.READONLY
        for role in viewing
    }
    mine = max(min(most[role], rules.get(role, bare)[0]) for role in viewing)
    others = min(rules.get(role, bare)[1] for role in broad)
    return mine, others
