"""From roles to rights: what one person may do, resolved once per state of the organisation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from guanxi.kernel import registry
from guanxi.kernel.actor import EVERY_OBJECT, VERBS, Actor, Policy, Reach, Rights
from guanxi.kernel.columns import column, usual_policy
from guanxi.kernel.errors import Wrong
from guanxi.kernel.spec import Spec
from guanxi.people.models import FieldRule, Grant, Person, PersonRole
from guanxi.people.organisation import NO_STAMP, organisation, stamp

RoleGrants = dict[tuple[str, str], Reach]
Policies = tuple[Policy, Policy]
BROAD = frozenset(Reach) - {Reach.NONE, Reach.OWN}


def groups_of(spec: Spec) -> tuple[str, ...]:
    """The names under which a grant may mean this object, besides its own key."""
    if spec.key.startswith("people."):
        return (EVERY_OBJECT, "people")
    owned = spec.scope.has_owner or any(b.startswith("through:") for b in spec.scope.branches)
    return (EVERY_OBJECT, "records" if owned else "terms")


def actor_of(person: Person, *, surface: str = "page", user_id: int | None = None) -> Actor:
    rights = rights_of(person.pk)
    return Actor(person.pk, person.name, rights, book=person.book, surface=surface, user_id=user_id)


def rights_of(person_id: int) -> Rights:
    at = stamp()
    return _rights.__wrapped__(person_id, at) if at == NO_STAMP else _rights(person_id, at)


@lru_cache(maxsize=4096)
def _rights(person_id: int, at: int) -> Rights:
    picture = organisation(at)
    by_role = grants_of(roles_of(person_id))
    return Rights(
        grants=_united(by_role),
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
    """role -> (name in the grant, verb) -> reach, without those that grant nothing."""
    by_role: dict[int, RoleGrants] = {role: {} for role in roles}
    stored = Grant._all.filter(role_id__in=by_role)
    for role, key, verb, reach in stored.values_list("role_id", "object", "verb", "reach"):
        if reach != Reach.NONE.name.lower():
            by_role[role][key, verb] = Reach[reach.upper()]
    return by_role


def field_rules_of(roles: Iterable[int]) -> dict[tuple[str, str], dict[int, Policies]]:
    """(object, field) -> role -> (on my rows, on others' rows)."""
    rules: dict[tuple[str, str], dict[int, Policies]] = defaultdict(dict)
    stored = FieldRule._all.filter(role_id__in=list(roles))
    names = ("role_id", "object", "field", "mine", "others")
    for role, key, field, mine, others in stored.values_list(*names):
        rules[key, field][role] = (Policy[mine.upper()], Policy[others.upper()])
    return rules


def reaches_in(spec: Spec, given: RoleGrants, verb: str) -> dict[str, Reach]:
    """What one role grants for a verb on an object, by the name that grants it."""
    names = (spec.key, *groups_of(spec))
    return {name: given[name, verb] for name in names if (name, verb) in given}


def _united(by_role: Mapping[int, RoleGrants]) -> dict[tuple[str, str], frozenset[Reach]]:
    grants: dict[tuple[str, str], set[Reach]] = defaultdict(set)
    for spec in registry.specs():
        for given in by_role.values():
            for verb in VERBS:
                grants[spec.key, verb] |= set(reaches_in(spec, given, verb).values())
    return {key: frozenset(reaches) for key, reaches in grants.items() if reaches}


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
    views = {role: set(reaches_in(spec, g, "view").values()) for role, g in by_role.items()}
    edits = {role: set(reaches_in(spec, g, "edit").values()) for role, g in by_role.items()}
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
