"""Which rows a person may use: a list of branches, not one OR.

Each branch is one condition an index can serve. `rows()` joins them with OR for single rows,
`within()` unites their ids for counts and sums; `paging` runs one limited query a branch and merges
(docs/architecture.md, section 4).
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.spec import Spec

if TYPE_CHECKING:
    from guanxi.kernel.record import GuardedQuerySet, Record

MAX_DEPTH = 2
SHARED_VERBS = {"view": ("read", "write"), "edit": ("write",)}


def rows(model: "type[Record]", actor: Actor, verb: str = "view") -> "GuardedQuerySet":
    if not isinstance(actor, Actor):
        raise TypeError(f"{model.__name__}.rows() needs an actor, not {actor!r}.")
    found: GuardedQuerySet = model._all.filter(book=actor.book)  # type: ignore[assignment]
    return found.filter(union(branches(registry.spec(model), actor, verb)))


def union(every: Sequence[Q]) -> Q:
    """Branches as one condition, for single rows: none of them is nothing, never everything."""
    if any(not branch for branch in every):
        return Q()
    found = Q(pk__in=[])
    for branch in every:
        found |= branch
    return found


def within(spec: Spec, actor: Actor, found: Any, verb: str = "view") -> Any:
    """The rows of a set in scope, for counts, sums and jumps over many rows.

    One narrow query a branch and their ids united: an OR over a joined parent would read every row.
    """
    every = branches(spec, actor, verb)
    if len(every) < 2:
        return found.filter(union(every))
    first, *rest = [spec.model._all.filter(branch).order_by().values("pk") for branch in every]
    return found.filter(pk__in=first.union(*rest))


def branches(spec: Spec, actor: Actor, verb: str, *, over: str = "") -> list[Q]:
    """The branches within which `actor` may use `verb`: [] is nothing, [Q()] is everything.

    `over`: the lookup of a link to the object, such as "customer__", seen from where it starts.
    """
    if not isinstance(actor, Actor):
        raise TypeError(f"A scope needs an actor, not {actor!r}.")
    return _branches(spec, actor, verb, prefix=over, depth=0)


def _branches(spec: Spec, actor: Actor, verb: str, *, prefix: str, depth: int) -> list[Q]:
    reaches = actor.rights.reaches(spec.key, verb)
    if not reaches:
        return []
    if Reach.ALL in reaches:
        return [Q()]
    found: list[Q] = []
    for branch in spec.scope.branches:
        if branch == "everyone":
            return [Q()]
        if branch == "owner":
            found += _owned(spec, actor, verb, prefix=prefix)
        elif branch.startswith("through:") and depth < MAX_DEPTH:
            link = branch.removeprefix("through:")
            found += _through(spec, actor, verb, link, prefix=prefix, depth=depth)
    return found


def _through(spec: Spec, actor: Actor, verb: str, path: str, *, prefix: str, depth: int) -> list[Q]:
    """The branches of the parent at `path`, seen from here; over child rows as sets of ids, so
    that no row comes twice."""
    name, _dot, link = path.rpartition(".")
    parts = spec.part(name)
    lookup = link if parts else f"{prefix}{link}"
    parent = registry.spec(parent_model(spec, path))
    above = _branches(parent, actor, verb, prefix=f"{lookup}__", depth=depth + 1)
    if any(not one for one in above):
        above = [Q(**{f"{lookup}__isnull": False})]
    if parts is None:
        return above
    owner = f"{parts.owner_field}_id"
    return [Q(**{f"{prefix}id__in": parts.model._all.filter(one).values(owner)}) for one in above]


def hanging(spec: Spec, actor: Actor, via: str, parent_id: int) -> Any:
    """Those of the actor's rows that link, by themselves or by a child row, to one record the actor
    sees. An index makes them few, so that one statement serves."""
    name, _dot, link = via.rpartition(".")
    parts = spec.part(name)
    found = spec.model._all.filter(book=actor.book, **spec.only)
    if parts is None:
        found = found.filter(**{via: parent_id})
    else:
        owners = parts.model._all.filter(**{link: parent_id}).values(f"{parts.owner_field}_id")
        found = found.filter(pk__in=owners)
    if f"through:{via}" in spec.scope.branches and actor.may(spec.key, "view"):
        # The parent's being in sight is what brings them there.
        return found
    return found.filter(union(branches(spec, actor, "view")))


def parent_model(spec: Spec, path: str) -> Any:
    """The model that a link of this object, or of its child rows, points at."""
    name, _dot, link = path.rpartition(".")
    parts = spec.part(name)
    return (parts or spec).model._meta.get_field(link).related_model  # type: ignore[union-attr]


def parents(spec: Spec, path: str, record: Any) -> list[Any]:
    """The stored rows through which this record may be reached, whoever asks."""
    ids = parent_ids(spec, path, [record])[0]
    return list(parent_model(spec, path)._all.filter(pk__in=ids).order_by("pk"))


def parent_ids(spec: Spec, path: str, records: Sequence[Any]) -> list[set[int]]:
    """The ids of the parents of each record; child rows count as they are stored."""
    name, _dot, link = path.rpartition(".")
    parts = spec.part(name)
    if parts is None:
        attribute = spec.model._meta.get_field(link).attname
        return [{getattr(record, attribute)} - {None} for record in records]
    stored: dict[int, set[int]] = {}
    owners = [record.pk for record in records if record.pk is not None]
    rows_of = parts.model._all.filter(**{f"{parts.owner_field}__in": owners})
    for owner, parent in rows_of.values_list(f"{parts.owner_field}_id", f"{link}_id"):
        stored.setdefault(owner, set()).add(parent)
    return [stored.get(record.pk, set()) - {None} for record in records]


def _owned(spec: Spec, actor: Actor, verb: str, *, prefix: str) -> list[Q]:
    owners = actor.rights.owners_of(spec.key, verb)
    found = []
    if owners:
        exact = len(owners) == 1
        found.append(
            Q(**{f"{prefix}owner_id": owners[0]})
            if exact
            else Q(**{f"{prefix}owner_id__in": owners})
        )
    levels = SHARED_VERBS.get(verb)
    if levels and actor.person_id is not None:
        shared = shares(spec, actor).filter(level__in=levels).values("record_id")
        found.append(Q(**{f"{prefix}id__in": shared}))
    return found


def shares(spec: Spec, actor: Actor) -> Any:
    """The shares of one object that count for this person today."""
    share = apps.get_model("kernel", "Share")
    return share.objects.filter(object=spec.key, person_id=actor.person_id).filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate())
    )


def is_mine(spec: Spec, actor: Actor, record: Any) -> bool:
    """Whether field rights count as "my rows" for this record."""
    if not spec.scope.has_owner:
        return False
    return actor.person_id is not None and record.owner_id == actor.person_id


def may(spec: Spec, actor: Actor, verb: str, record: "Record") -> bool:
    """Whether this verb is granted on this row; one query unless the grant covers everything or
    the row's owner."""
    if spec.scope.has_owner and record.owner_id in actor.rights.owners_of(spec.key, verb):
        return record.book == actor.book
    every = branches(spec, actor, verb)
    if not every:
        return False
    if any(not branch for branch in every):
        return record.book == actor.book
    return rows(type(record), actor, verb).filter(pk=record.pk).exists()


def granted(spec: Spec, actor: Actor, verb: str, ids: Collection[int]) -> set[int]:
    """Those of the stored rows with these ids on which the verb is granted."""
    every = branches(spec, actor, verb)
    if not every or not ids:
        return set()
    if any(not branch for branch in every):
        return set(ids)
    return set(rows(spec.model, actor, verb).filter(pk__in=ids).values_list("pk", flat=True))


def stays_in_sight(
    spec: Spec, actor: Actor, records: Sequence[Any], verb: str = "view"
) -> list[bool]:
    """For each record, stored or not, whether the actor could view it (or use `verb` on it) with
    its present values."""
    reaches = actor.rights.reaches(spec.key, verb)
    if Reach.ALL in reaches or (reaches and "everyone" in spec.scope.branches):
        return [True] * len(records)
    if not reaches:
        return [False] * len(records)
    seen = [False] * len(records)
    for branch in spec.scope.branches:
        if branch == "owner":
            hits = _owned_in_sight(spec, actor, records, verb)
        else:
            hits = _through_in_sight(
                spec, actor, records, verb, link=branch.removeprefix("through:")
            )
        seen = [one or other for one, other in zip(seen, hits, strict=True)]
    return seen


def _owned_in_sight(spec: Spec, actor: Actor, records: Sequence[Any], verb: str) -> list[bool]:
    mine = set(actor.rights.owners_of(spec.key, verb))
    stored = [record.pk for record in records if record.pk is not None]
    shared: set[int] = set()
    if stored and verb in SHARED_VERBS:
        levels = shares(spec, actor).filter(level__in=SHARED_VERBS[verb])
        shared.update(levels.filter(record_id__in=stored).values_list("record_id", flat=True))
    return [record.owner_id in mine or record.pk in shared for record in records]


def _through_in_sight(
    spec: Spec, actor: Actor, records: Sequence[Any], verb: str, *, link: str
) -> list[bool]:
    above = parent_ids(spec, link, records)
    ids = set().union(*above)
    model = parent_model(spec, link)
    seen = set(rows(model, actor, verb).filter(pk__in=ids).values_list("pk", flat=True))
    return [bool(one & seen) for one in above]
