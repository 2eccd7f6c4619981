"""Why a person may or may not do something with a record, in words.

The sentences retell what `kernel.scope` decides; the verdict itself always comes from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import (
    EVERY_OBJECT,
    POLICY_LABELS,
    VERBS,
    Actor,
    Policy,
    Reach,
    system_actor,
)
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec
from guanxi.people.models import Person, Role
from guanxi.people.organisation import Organisation, organisation, stamp
from guanxi.people.rights import (
    Given,
    RoleGrants,
    actor_of,
    field_rules_of,
    grants_of,
    reaches_in,
    roles_of,
    verbs_of,
)
from guanxi.people.trees import reach_label, tree_names

Verdict = tuple[bool, list[str]]
MAX_DEPTH = scope.MAX_DEPTH


@dataclass(frozen=True)
class View:
    """What an explanation looks at: the person with their roles and the organisation; `reader`
    is who reads it and sees no title beyond their own rights."""

    person: Person
    actor: Actor
    picture: Organisation
    roles: dict[int, str]
    grants: dict[int, RoleGrants]
    trees: dict[int, str]
    reader: Actor


@dataclass(frozen=True)
class Explanation:
    """verbs: (verb, may the person, why); fields: a sentence for each that is not free."""

    head: str
    standing: list[str]
    verbs: list[tuple[str, bool, list[str]]]
    fields: list[str]


def explain(person: Person, record: Any, *, reader: Actor | None = None) -> Explanation:
    """The reader sees the record and the person; None is the system, which sees everything."""
    view = view_of(person, reader=reader)
    spec = registry.spec(type(record))
    verbs = []
    for verb in verbs_of(spec):
        may, reasons = explain_verb(view, spec, record, verb)
        verbs.append((verb, may, list(dict.fromkeys(reasons))))
    return Explanation(
        _head(view, spec, record), list(_standing(view)), verbs, list(_fields(view, spec, record))
    )


def explain_access(person: Person, record: Any) -> list[str]:
    """The same as lines: the roles, every verb with its reasons, the fields that are not free."""
    found = explain(person, record)
    lines = [found.head, *found.standing]
    for verb, may, reasons in found.verbs:
        word = _("yes") if may else _("no")
        lines.append(f"{VERBS[verb]}: {word}")
        lines += [f"    {reason}" for reason in reasons]
    return lines + found.fields


def view_of(person: Person, *, reader: Actor | None = None) -> View:
    held = roles_of(person.pk)
    everything = system_actor("explain access", surface="command", book=person.book)
    names = {role.pk: str(role) for role in Role.rows(everything).filter(pk__in=held)}
    return View(
        person,
        actor_of(person, surface="command"),
        organisation(stamp()),
        {role: names[role] for role in held},
        grants_of(held),
        tree_names(),
        reader or everything,
    )


def explain_verb(view: View, spec: Spec, record: Any, verb: str) -> Verdict:
    """(may the person, why): the same verdict `scope.may` gives, with every grant that counts."""
    may = scope.may(spec, view.actor, verb, record)
    if verb == "create":
        may = view.actor.may(spec.key, verb)
        return may, list(_creating(view, spec)) or [_nothing_granted(view, spec, verb)]
    if not view.actor.may(spec.key, verb):
        return may, [_nothing_granted(view, spec, verb)]
    reasons = list(_reasons(view, spec, record, verb, depth=0))
    good = [text for helps, text in reasons if helps]
    found = good if may else [text for helps, text in reasons if not helps]
    if may and record.is_void and verb not in ("view", "restore", "export", "print"):
        found.append(
            _("But the record is invalidated: until it is restored it can only be viewed.")
        )
    return may, found


def _reasons(
    view: View, spec: Spec, record: Any, verb: str, *, depth: int
) -> Iterator[tuple[bool, str]]:
    """(does it open the row, sentence) for each grant and each way the object has."""
    if record.book != view.actor.book:
        yield False, _("The record belongs to another account set.")
        return
    for role, given in view.grants.items():
        for name, granted in reaches_in(spec, given, verb).items():
            helps, text = _by_owner(view, spec, record, granted)
            yield (
                helps,
                _("%(grant)s: %(why)s")
                % {
                    "grant": _grant(view, spec, role, name, verb, granted),
                    "why": text,
                },
            )
    if spec.scope.has_owner and verb in scope.SHARED_VERBS:
        yield _by_share(view, spec, record, verb)
    for branch in spec.scope.branches:
        if branch.startswith("through:") and depth < MAX_DEPTH:
            yield from _by_parents(
                view, spec, record, branch.removeprefix("through:"), verb, depth=depth
            )


def _by_owner(view: View, spec: Spec, record: Any, granted: Given) -> tuple[bool, str]:
    reach = granted.reach
    if reach is Reach.ALL:
        return True, _("covers every row")
    if "everyone" in spec.scope.branches:
        return True, _("these belong to nobody, so it covers every row")
    if not spec.scope.has_owner:
        return False, _("these have no owner, the way leads through what they belong to")
    owner = record.owner_id
    if owner is None:
        return False, _("the record has no owner")
    name = _person_name(owner)
    if owner == view.person.pk:
        return True, _("%(owner)s is the owner") % {"owner": name}
    covered = owner in view.picture.through(granted.tree).owners(view.person.pk, reach)
    words = {
        (Reach.OWN, False): _("the owner is %(owner)s"),
        (Reach.OWN_AND_BELOW, True): _("the owner %(owner)s is a subordinate"),
        (Reach.OWN_AND_BELOW, False): _("the owner %(owner)s is no subordinate"),
        (Reach.DEPARTMENT, True): _("the owner %(owner)s is in the same department"),
        (Reach.DEPARTMENT, False): _("the owner %(owner)s is in another department"),
        (Reach.DEPARTMENT_AND_BELOW, True): _("the owner %(owner)s is in the department or below"),
        (Reach.DEPARTMENT_AND_BELOW, False): _(
            "the owner %(owner)s is neither in the department nor below"
        ),
    }
    return covered, words[reach, covered] % {"owner": name}


def _by_share(view: View, spec: Spec, record: Any, verb: str) -> tuple[bool, str]:
    shared = scope.shares(spec, view.actor).filter(record_id=record.pk)
    found = shared.filter(level__in=scope.SHARED_VERBS[verb]).first()
    if found is None:
        return False, _("It has not been shared with this person for that.")
    until = _("until %(day)s") % {"day": found.until} if found.until else _("without end")
    return True, _("It has been shared with this person, %(until)s.") % {"until": until}


def _by_parents(
    view: View, spec: Spec, record: Any, path: str, verb: str, *, depth: int
) -> Iterator[tuple[bool, str]]:
    label = column(spec, path).label
    above = scope.parents(spec, path, record)
    if not above:
        yield False, _("It has no %(link)s through which it could be reached.") % {"link": label}
    for parent in above:
        yield _by_parent(view, parent, label, verb, depth=depth)


def _by_parent(view: View, parent: Any, label: str, verb: str, *, depth: int) -> tuple[bool, str]:
    above = registry.spec(type(parent))
    if not scope.may(above, view.reader, "view", parent):
        # Whoever reads this must not learn of a record they can't see, nor whose it is.
        helps = scope.may(above, view.actor, verb, parent)
        return helps, _("Its %(link)s lies beyond what you may see yourself.") % {"link": label}
    reasons = list(_reasons(view, above, parent, verb, depth=depth + 1))
    helping = [text for helps, text in reasons if helps]
    values = {"link": label, "title": title_for(view.reader, parent), "why": "; ".join(helping)}
    if helping:
        return True, _("Through %(link)s “%(title)s”: %(why)s") % values
    return False, _("Its %(link)s “%(title)s” is out of reach for that as well.") % values


def _creating(view: View, spec: Spec) -> Iterator[str]:
    for role, given in view.grants.items():
        for name, granted in reaches_in(spec, given, "create").items():
            yield _grant(view, spec, role, name, "create", granted)


def _grant(view: View, spec: Spec, role: int, name: str, verb: str, granted: Given) -> str:
    return _("Role “%(role)s” grants %(verb)s on %(object)s: %(reach)s") % {
        "role": view.roles[role],
        "verb": VERBS[verb],
        "object": group_label(name) or spec.plural,
        "reach": reach_label(granted, view.trees),
    }


def group_label(name: str) -> str:
    """What a grant to a group of objects is called; "" for a single object."""
    labels = {
        EVERY_OBJECT: _("every object"),
        "records": _("business records"),
        "terms": _("master data"),
        "people": _("staff and organisation"),
    }
    return labels.get(name, "")


def _nothing_granted(view: View, spec: Spec, verb: str) -> str:
    if not view.roles:
        return _("This person has no valid role.")
    return _("No role grants %(verb)s on %(object)s.") % {
        "verb": VERBS[verb],
        "object": spec.plural,
    }


def _head(view: View, spec: Spec, record: Any) -> str:
    return _("%(person)s and %(object)s “%(title)s”") % {
        "person": view.person.name,
        "object": spec.name,
        "title": title_for(view.reader, record),
    }


def _standing(view: View) -> Iterator[str]:
    yield _("Roles: %(roles)s") % {"roles": _(", ").join(view.roles.values()) or "—"}
    if view.person.is_void:
        yield _("This person is invalidated: no role counts.")
    elif not view.person.signs_in:
        yield _("This person can't sign in; what follows would hold if they could.")


def _fields(view: View, spec: Spec, record: Any) -> Iterator[str]:
    """The fields this person may not freely use in this record, with the roles that say so."""
    mine = scope.is_mine(spec, view.actor, record)
    side = 0 if mine else 1
    rules = field_rules_of(view.grants)
    for (key, field), policies in sorted(view.actor.rights.policies.items()):
        if key != spec.key or policies[side] is Policy.FREE:
            continue
        said = [
            f"{view.roles[role]} {POLICY_LABELS[both[side]]}"
            for role, both in rules[key, field].items()
        ]
        yield _("Field %(field)s: %(policy)s, %(whose)s (%(said)s)") % {
            "field": field_label(spec, field),
            "policy": POLICY_LABELS[policies[side]],
            "whose": _("as on one's own rows") if mine else _("as on others' rows"),
            "said": _(", ").join(said),
        }


def field_label(spec: Spec, field: str) -> str:
    parts = spec.part(field)
    if parts is not None:
        return str(parts.label)
    try:
        return str(column(spec, field).label)
    except Wrong:
        return field


def _person_name(person_id: int) -> str:
    everything = system_actor("explain access", surface="command")
    found = Person.rows(everything).filter(pk=person_id).values_list("name", flat=True).first()
    return found or f"#{person_id}"
