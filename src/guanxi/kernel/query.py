"""The condition language: a small JSON tree, checked once, then compiled to SQL or tried on one
record.

    {"and": [["tier", "in", ["gold"]], {"or": [...]}, {"not": ...}]}

A leaf is [path, operator, argument]. Paths go over a white list: the object's own columns, one hop
over a link, one part. An unknown word raises Wrong; nothing is ignored silently. A tree is read for
one person: linked rows out of that person's sight are as good as none (`kernel.sight`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.columns import Column, column, is_open, is_seen
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Operator
from guanxi.kernel.sight import Sight, sight
from guanxi.kernel.spec import Spec

MAX_LEAVES, MAX_DEPTH = 60, 6
Tree = Any


@dataclass(frozen=True)
class Leaf:
    column: Column
    operator: Operator
    argument: Any
    raw: Any
    sight: Sight | None = None


@dataclass(frozen=True)
class Group:
    """`joins`: and, or, not (of exactly one)."""

    joins: str
    items: tuple["Leaf | Group", ...]


def read(spec: Spec, tree: Tree, *, actor: Actor) -> Group:
    """The checked tree; raises Wrong for unknown paths, operators, arguments, closed columns."""
    left = [MAX_LEAVES]
    node = _read(spec, tree or {"and": []}, actor=actor, left=left, depth=0)
    return node if isinstance(node, Group) else Group("and", (node,))


def _read(spec: Spec, tree: Tree, *, actor: Actor, left: list[int], depth: int) -> Leaf | Group:
    if depth > MAX_DEPTH:
        raise Wrong(_("These conditions are nested too deeply."))
    if isinstance(tree, dict) and len(tree) == 1:
        joins, items = next(iter(tree.items()))
        if joins == "not":
            items = [items]
        if joins in ("and", "or", "not") and isinstance(items, list):
            read_items = (
                _read(spec, item, actor=actor, left=left, depth=depth + 1) for item in items
            )
            return Group(joins, tuple(read_items))
    if isinstance(tree, (list, tuple)) and len(tree) in (2, 3) and isinstance(tree[0], str):
        left[0] -= 1
        if left[0] < 0:
            raise Wrong(_("At most 60 conditions."))
        return _leaf(spec, tree[0], tree[1], tree[2] if len(tree) == 3 else None, actor=actor)
    raise Wrong(_("This condition can't be read."))


def known_column(spec: Spec, path: str, *, actor: Actor) -> Column:
    """The column at `path`; one that is hidden from this person is as good as none."""
    try:
        col = column(spec, path)
    except Wrong:
        col = None
    if col is None or not is_seen(actor, col):
        raise Wrong(_("There is no field “%(path)s”.") % {"path": path[:80]})
    return col


def _leaf(spec: Spec, path: str, name: str, raw: Any, *, actor: Actor) -> Leaf:
    col = known_column(spec, path, actor=actor)
    if not is_open(actor, col):
        raise Wrong(_("You may not search by “%(field)s”.") % {"field": col.label})
    operator = col.kind.operators.get(str(name))
    if operator is None:
        raise Wrong(
            _("“%(field)s” can't be compared by “%(name)s”.")
            % {"field": col.label, "name": str(name)[:40]}
        )
    argument = _argument(col, operator, raw, actor=actor)
    return Leaf(col, operator, argument, raw, sight(actor, col))


def _argument(col: Column, operator: Operator, raw: Any, *, actor: Actor) -> Any:
    if operator.takes == "actor":
        reach = Reach.OWN if operator.name == "me" else Reach.OWN_AND_BELOW
        ids = actor.rights.owner_ids(frozenset({reach}))
        return [one for one in ids if operator.name == "me" or one != actor.person_id]
    if operator.takes == "tree":
        assert isinstance(col.kind, kinds.LinkKind)
        return below(registry.spec(col.kind.to), col.kind.argument(raw, "values"), actor=actor)
    return col.kind.argument(raw, operator.takes)


def below(spec: Spec, ids: list[int], *, actor: Actor) -> list[int]:
    """The ids and those of everything this person sees below them in a tree."""
    if not spec.tree or not is_open(actor, column(spec, spec.tree)):
        return ids
    found = set(ids)
    level = set(ids)
    rows = spec.model.rows(actor, "view")
    while level:
        hits = rows.filter(**{f"{spec.tree}__in": level}).values_list("pk", flat=True)
        level = set(hits) - found
        found |= level
    return sorted(found)


def compile_q(node: Leaf | Group) -> Q:
    """The condition for the database; [] of an `and` is everything, of an `or` nothing."""
    if isinstance(node, Leaf):
        return _leaf_q(node)
    parts = [compile_q(item) for item in node.items]
    nothing = Q(pk__in=[])
    if node.joins == "not":
        return ~parts[0] if parts[0] else nothing
    if node.joins == "or" and not parts:
        return nothing
    # To Django an empty Q adds nothing to either side; here it stands for every row.
    if node.joins == "or" and not all(parts):
        return Q()
    found = Q()
    for part in parts:
        found = found & part if node.joins == "and" else found | part
    return found


def _leaf_q(leaf: Leaf) -> Q:
    parts = leaf.column.parts
    if parts is None:
        return _seen_q(leaf, _extra_q(leaf) if leaf.column.extra else _native_q(leaf))
    # Child rows: the record matches when one of its rows does; negations mean "none of them does".
    field = leaf.column.path.split(".")[1]
    inner = parts.model._all.filter(**{parts.owner_field: OuterRef("pk")})
    if leaf.operator.first:
        own = {parts.owner_field: OuterRef(f"{parts.owner_field}_id")}
        beside = parts.model._all.filter(**own).exclude(**{field: ""})
        inner = inner.filter(pk=Subquery(beside.order_by("position", "id").values("pk")[:1]))
    positive = OPPOSITES.get(leaf.operator.name)
    operator = leaf.column.kind.operators[positive] if positive else leaf.operator
    found = Exists(inner.filter(operator.to_q(field, leaf.argument)))
    return ~Q(found) if positive else Q(found)


def _seen_q(leaf: Leaf, found: Q) -> Q:
    """Out of sight a condition holds where it holds of nothing: "is empty", "is not x"."""
    if leaf.sight is None:
        return found
    holds = leaf.operator.test(None, leaf.argument)
    return found | ~leaf.sight.q if holds else found & leaf.sight.q


def _native_q(leaf: Leaf) -> Q:
    return leaf.operator.to_q(leaf.column.orm, leaf.argument)


def _extra_q(leaf: Leaf) -> Q:
    """A condition that is true or false, never unknown: Django minds columns, but not keys in
    JSON."""
    col = leaf.column
    positive = OPPOSITES.get(leaf.operator.name)
    operator = col.kind.operators[positive] if positive else leaf.operator
    found = operator.to_q(col.orm, leaf.argument)
    if (
        col.extra is not None
        and col.extra.store.empty is None
        and not operator.test(None, leaf.argument)
    ):
        found &= Q(**{f"{col.orm}__isnull": False})
    return ~found if positive else found


#: On child rows and custom values a negation is the absence of its opposite.
OPPOSITES = {
    "not_contains": "contains",
    "is_not": "is",
    "not_in": "in",
    "empty": "filled",
    "has_none": "has_any",
}


def matches(node: Leaf | Group, record: Any) -> bool:
    """Whether one record satisfies the checked tree, without asking the database for its row.

    Only whether a linked row may be seen is asked there."""
    if isinstance(node, Leaf):
        return _leaf_matches(node, record)
    if node.joins == "not":
        return not matches(node.items[0], record)
    test: Callable[[Any], bool] = all if node.joins == "and" else any
    return test([matches(item, record) for item in node.items])


def _leaf_matches(leaf: Leaf, record: Any) -> bool:
    col = leaf.column
    if col.parts is None:
        counts = leaf.sight is None or leaf.sight.of(record)
        return leaf.operator.test(value_of(col, record) if counts else None, leaf.argument)
    field: Any = col.parts.model._meta.get_field(col.path.split(".")[1])
    rows = col.parts.model._all.filter(**{col.parts.owner_field: record.pk})
    if leaf.operator.first:
        filled = rows.exclude(**{field.attname: ""}).order_by("position", "id")
        rows = filled[:1]
    positive = OPPOSITES.get(leaf.operator.name)
    operator = col.kind.operators[positive] if positive else leaf.operator
    found = any(operator.test(getattr(row, field.attname), leaf.argument) for row in rows)
    return not found if positive else found


def value_of(col: Column, record: Any) -> Any:
    """The stored value at a column's path: ids for links, None over an empty link."""
    if col.extra is not None:
        holder = getattr(record, col.hop) if col.hop else record
        return None if holder is None else col.extra.get(holder)
    for step in col.orm.split("__"):
        if record is None:
            return None
        field = record._meta.get_field(step)
        record = getattr(record, field.attname if step == col.orm.split("__")[-1] else step)
    return record
