"""What the organisation may not become: loops, nobody left who can administer, two of one name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import registry
from guanxi.kernel.actor import EVERY_OBJECT, Actor
from guanxi.kernel.errors import Invalid, Wrong
from guanxi.kernel.terms import climbs_to_itself
from guanxi.people.models import Department, Grant, Person, PersonRole, Role, Standing, UnitPlace
from guanxi.people.organisation import hold, organisation, stamp

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

GROUPS = (EVERY_OBJECT, "records", "terms", "people")
ADMINISTERING = (EVERY_OBJECT, "people", "people.role")


def check_department_loop(actor: Actor, edit: "Edit") -> None:
    if _changed(edit, "parent_id"):
        hold()
        if climbs_to_itself(edit.record, "parent_id"):
            raise Invalid({"parent": [_("A department can't lie below itself.")]})


def check_department_is_empty(actor: Actor, edit: "Edit") -> None:
    """Nobody is left in a department that is invalidated, nor in those below it: in its own line
    or by a place in a hierarchy."""
    if not _changed(edit, "voided_at") or not edit.record.is_void:
        return
    hold()
    department: Any = edit.record
    units = organisation(stamp()).through(department.tree_id).below(department.pk)
    here = Q(department__in=units) | Q(standings__department__in=units)
    count = Person._all.live().filter(here).distinct().count()
    if count:
        said = ngettext(
            "%(count)s person is still here or in a department below. Move them first.",
            "%(count)s persons are still here or in departments below. Move them first.",
            count,
        )
        raise Wrong(said % {"count": f"{count:,}"}, code="in_use")


def check_superior_loop(actor: Actor, edit: "Edit") -> None:
    if _changed(edit, "superior_id"):
        hold()
        if climbs_to_itself(edit.record, "superior_id"):
            raise Invalid({"superior": [_("A person can't be below themselves.")]})


def check_standing_loops(actor: Actor, edit: "Edit") -> None:
    """Nobody is below themselves in any of the hierarchies."""
    rows: Any = edit.parts.get("standings", ())
    if not any(row.superior_id for row in rows):
        return
    hold()
    for index, row in enumerate(rows):
        stored = Standing._all.filter(tree_id=row.tree_id).values_list("person_id", "superior_id")
        if row.superior_id and climbs(edit.record.pk, row.superior_id, dict(stored)):
            sentence = _("A person can't be below themselves.")
            raise Invalid({f"standings.{index}.superior": [sentence]})


def check_place_loops(actor: Actor, edit: "Edit") -> None:
    """A department's own place and those in further hierarchies: in none below itself."""
    record: Any = edit.record
    places: Any = edit.parts.get("places", ())
    own = record.tree_id is not None and record.parent_id is not None
    if own or any(row.parent_id for row in places):
        hold()
    if own and climbs(record.pk, record.parent_id, _parents(record.tree_id)):
        raise Invalid({"parent": [_("A department can't lie below itself.")]})
    for index, row in enumerate(places):
        own_tree = row.tree_id == record.tree_id
        if (
            row.parent_id
            and not own_tree
            and climbs(record.pk, row.parent_id, _parents(row.tree_id))
        ):
            sentence = _("A department can't lie below itself.")
            raise Invalid({f"places.{index}.parent": [sentence]})


def _parents(tree: int) -> dict[int, int | None]:
    """What lies above each department in one hierarchy; in its own one `parent` counts."""
    found = dict(Department._all.filter(tree_id=tree).values_list("id", "parent_id"))
    placed = UnitPlace._all.filter(tree_id=tree).values_list("department_id", "parent_id")
    return dict(placed) | found


def climbs(start: int | None, above: int | None, over: Mapping[int, int | None]) -> bool:
    """Whether the way up from `above` meets `start`, or itself."""
    seen: set[int] = set()
    while above is not None and start is not None:
        if above == start or above in seen:
            return True
        seen.add(above)
        above = over.get(above)
    return False


def check_grants(actor: Actor, edit: "Edit") -> None:
    for index, grant in enumerate(edit.parts.get("grants", ())):
        if grant.object not in GROUPS and registry.find(grant.object) is None:
            raise Invalid({f"grants.{index}.object": [_("There is no such object.")]})


def check_roles_given(actor: Actor, edit: "Edit") -> None:
    """Whoever gives a role gives its rights: editing staff is not enough for that."""
    if "roles" not in edit.parts or actor.may("people.role", "edit"):
        return
    before = {row.role_id for row in edit.parts_before.get("roles", ())}
    if {row.role_id for row in edit.parts["roles"]} != before:
        raise Invalid({"roles": [_("Only those who administer roles may do this.")]})


def check_reached_once(actor: Actor, edit: "Edit") -> None:
    """Two who sign in can't share a number or an address: it would name neither of them."""
    person: Any = edit.record
    if not person.signs_in or person.is_void:
        return
    others = Person._all.live().filter(signs_in=True).exclude(pk=person.pk)
    wrong = {}
    sentence = _("Somebody else signs in with this.")
    if person.mobile_e164 and others.filter(mobile_e164=person.mobile_e164).exists():
        wrong["mobile"] = [sentence]
    if person.email and others.filter(email__iexact=person.email).exists():
        wrong["email"] = [sentence]
    if wrong:
        raise Invalid(wrong)


def check_administrator_stays(actor: Actor, edit: "Edit") -> None:
    """After this change somebody who can sign in must still be able to change roles."""
    if edit.is_new or not _may_weaken(edit):
        return
    hold()
    roles = administrating_roles()
    if _administrators(roles) and not _administrators_after(edit, roles):
        raise Wrong(_("This is the last administrator; name another one first."))


def _may_weaken(edit: "Edit") -> bool:
    """Whether this change could take somebody the rights to administer at all."""
    parts = {"roles", "grants"} & edit.parts.keys()
    closes = (edit.before or {}).get("signs_in") and not getattr(edit.record, "signs_in", True)
    return bool(edit.record.is_void or parts or closes)


def administrating_roles() -> set[int]:
    """Roles whose holders may see and change roles."""
    stored = Grant._all.filter(object__in=ADMINISTERING, role__voided_at__isnull=True)
    by_role: dict[int, list[Grant]] = defaultdict(list)
    for grant in stored:
        by_role[grant.role_id].append(grant)
    return {role for role, grants in by_role.items() if _administers(grants)}


def _administers(grants: Iterable[Any]) -> bool:
    granted = {
        grant.verb for grant in grants if grant.object in ADMINISTERING and grant.reach != "none"
    }
    return {"view", "edit"} <= granted


def _administrators(roles: set[int]) -> set[int]:
    holders = PersonRole._all.filter(
        role_id__in=roles, person__voided_at__isnull=True, person__signs_in=True
    )
    return set(holders.values_list("person_id", flat=True))


def _administrators_after(edit: "Edit", roles: set[int]) -> set[int]:
    record = edit.record
    if isinstance(record, Role):
        if record.is_void or ("grants" in edit.parts and not _administers(edit.parts["grants"])):
            roles = roles - {record.pk}
        return _administrators(roles)
    assert isinstance(record, Person)
    left = _administrators(roles)
    held = {row.role_id for row in edit.parts["roles"]} if "roles" in edit.parts else None
    if record.is_void or not record.signs_in or (held is not None and not held & roles):
        left.discard(record.pk)
    return left


def _changed(edit: "Edit", name: str) -> bool:
    return edit.is_new or (edit.before or {}).get(name) != getattr(edit.record, name)
