"""One page of a list: keyset paging, one limited query per scope branch, merged.

Order columns may be NULL: NULLs come last in both directions on both databases, and paging walks
two
segments (filled, then empty) so that an index still serves. A value out of the reader's sight is an
empty one, in the order as in the cursor (`kernel.sight`).
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Q, QuerySet, TextField
from django.utils.translation import gettext as _

from guanxi.kernel import columns as columns_of
from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.sight import NOWHERE, counted, order_q
from guanxi.kernel.spec import Spec


@dataclass(frozen=True)
class Key:
    """One order column: `orm` path, direction, whether it may be NULL.

    guard: the rows on which its value counts for the reader; None for all
    """

    orm: str
    down: bool
    null: bool
    guard: Q | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What stands for the value in a set that went through `_prepared`."""
        return self.orm if self.guard is None else f"seen_{self.orm}"


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    has_next: bool
    has_previous: bool
    first: str
    last: str


def can_order(spec: Spec, name: str, *, actor: Actor) -> bool:
    """Whether a list may be ordered by this name, such as "-amount"."""
    return _key(spec, name, actor) is not None


def order_keys(spec: Spec, order: str | Sequence[str], *, actor: Actor) -> tuple[Key, ...]:
    """The keys of an order such as "-amount"; the spec's own order where the column is closed or
    unknown."""
    names = order.split() if isinstance(order, str) else list(order)
    keys = [key for name in names or spec.order if (key := _key(spec, name, actor)) is not None]
    if not keys:
        keys = [key for name in spec.order if (key := _key(spec, name, actor)) is not None]
    if not any(key.orm == "id" for key in keys):
        keys.append(Key("id", keys[-1].down if keys else True, False))
    return tuple(keys)


def _key(spec: Spec, name: str, actor: Actor) -> Key | None:
    down, path = name.startswith("-"), name.lstrip("-")
    if path == "id":
        return Key(path, down, False)
    try:
        # Specs may also name the stored key of a text.
        col = column(spec, path.removesuffix("_key"))
    except Wrong:
        return None
    if not col.sortable or not columns_of.is_open(actor, col):
        return None
    guard = order_q(actor, col)
    if guard is NOWHERE:
        return None
    return Key(col.sort, down, col.null or guard is not None, guard)


def ordered(rows: QuerySet, keys: Sequence[Key]) -> QuerySet:
    """The set in the order of the keys, what is empty last."""
    return _prepared(rows, keys).order_by(*_ordering(keys, nulls_first=False))


def _prepared(rows: QuerySet, keys: Sequence[Key]) -> QuerySet:
    """The set with the values of guarded keys under their own names."""
    guarded = {key.name: counted(key.orm, key.guard) for key in keys if key.guard is not None}
    return rows.annotate(**guarded) if guarded else rows


def page_of(
    spec: Spec,
    actor: Actor,
    narrowed: QuerySet,
    *,
    keys: Sequence[Key],
    size: int,
    after: str = "",
    before: str = "",
) -> Page:
    """`size` rows of `narrowed` (an unscoped set of the model, already filtered) in scope.

    `after` and `before` are cursors of earlier pages; a cursor that can't be read means the start.
    """
    back = bool(before)
    cursor = _read_cursor(before or after, keys, narrowed.model)
    walk = tuple(replace(key, down=key.down != back) for key in keys)
    found = _merged(
        spec, actor, narrowed, walk=walk, nulls_first=back, cursor=cursor, limit=size + 1
    )
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    rows = _load(narrowed, [row["id"] for row in found])
    return Page(
        rows,
        has_next=more if not back else True,
        has_previous=more if back else cursor is not None,
        first=_cursor(found[0], keys) if found else "",
        last=_cursor(found[-1], keys) if found else "",
    )


def check_cursor(text: str, keys: Sequence[Key], model: Any) -> None:
    """Raises Wrong for a cursor that no page of this order gave out."""
    if _read_cursor(text, keys, model) is None:
        raise Wrong(_("This place in the list can't be found. Start with the first page."))


def jump(
    spec: Spec, actor: Actor, narrowed: QuerySet, *, keys: Sequence[Key], size: int, number: int
) -> Page:
    """Page `number` (1 = first) by a narrow scan of ids, which is what an index serves cheaply."""
    start = (number - 1) * size
    reached = ordered(scope.within(spec, actor, narrowed), keys)
    names = [key.name for key in keys]
    found = list(reached.values("id", *names)[start : start + size + 1])
    more, found = len(found) > size, found[:size]
    rows = _load(narrowed, [row["id"] for row in found])
    return Page(
        rows,
        has_next=more,
        has_previous=number > 1,
        first=_cursor(found[0], keys) if found else "",
        last=_cursor(found[-1], keys) if found else "",
    )


def _merged(
    spec: Spec,
    actor: Actor,
    narrowed: QuerySet,
    *,
    walk: Sequence[Key],
    nulls_first: bool,
    cursor: list[Any] | None,
    limit: int,
) -> list[dict[str, Any]]:
    names = [key.name for key in walk]
    rows: dict[int, dict[str, Any]] = {}
    for reached in _in_branches(spec, actor, narrowed, walk):
        left = limit
        for segment in _segments(walk, nulls_first=nulls_first, cursor=cursor):
            query = _in_segment(reached, walk, segment, book=actor.book)
            order = _ordering(segment.order, nulls_first=nulls_first)
            hits = query.order_by(*order).values("id", *names)[:left]
            got = {row["id"]: row for row in hits}
            rows |= got
            left -= len(got)
            if not left:
                break
    ordered = sorted(rows.values(), key=lambda row: _sort_key(row, walk, nulls_first=nulls_first))
    return ordered[:limit]


def _in_segment(rows: QuerySet, walk: Sequence[Key], segment: "_Segment", *, book: int) -> QuerySet:
    """The rows of a segment. Where all of them count, the value of the first key is the column
    itself, which an index serves; a computed value would be worked out and sorted for every row.
    """
    head = walk[0]
    if not segment.filled:
        return _prepared(rows, walk).filter(segment.q)
    link, _sep, _name = head.orm.rpartition("__")
    if link and column_field(rows.model, link).related_model is not None:
        # Every index over there begins with the account set, which is the row's own.
        rows = rows.filter(**{f"{link}__book": book})
    if head.guard is not None:
        rows = _prepared(rows.filter(head.guard), walk[1:]).annotate(**{head.name: F(head.orm)})
    else:
        rows = _prepared(rows, walk)
    return rows.filter(segment.q)


def _in_branches(
    spec: Spec, actor: Actor, narrowed: QuerySet, walk: Sequence[Key]
) -> list[QuerySet]:
    """The set cut by every branch of the scope; whole where only the database can merge them."""
    if not _python_sorts_alike(narrowed, walk):
        return [scope.within(spec, actor, narrowed)]
    return [narrowed.filter(branch) for branch in scope.branches(spec, actor, "view")]


def _python_sorts_alike(narrowed: QuerySet, walk: Sequence[Key]) -> bool:
    """Free text sorts by the database's collation; our own keys sort by code point everywhere."""
    for key in walk:
        field = column_field(narrowed.model, key.orm)
        if isinstance(field, (CharField, TextField)) and not key.orm.endswith("_key"):
            return False
    return True


def column_field(model: Any, orm: str) -> Any:
    """The Django field at an ORM path; of a custom value the column it lies in."""
    field = None
    for step in orm.split("__"):
        field = model._meta.get_field(step)
        model = field.related_model
        if model is None:
            break
    return field


@dataclass(frozen=True)
class _Segment:
    """Rows whose first key is filled, or those where it is empty: what still orders them there."""

    q: Q
    order: Sequence[Key]
    filled: bool


def _segments(
    walk: Sequence[Key], *, nulls_first: bool, cursor: list[Any] | None
) -> list[_Segment]:
    """Conditions whose rows follow the cursor, in order: the filled and the empty part of the
    first key.

    Within one the first key is never or always NULL: saying where NULLs go would only keep
    PostgreSQL from walking an index backwards, and where all are NULL it orders nothing.
    """
    head, rest = walk[0], walk[1:]
    inner = (replace(head, null=False), *rest)
    if not head.null:
        after = _beyond(walk, cursor, nulls_first=nulls_first) if cursor is not None else Q()
        return [_Segment(after, inner, filled=True)]
    filled = _Segment(Q(**{f"{head.name}__isnull": False}), inner, filled=True)
    empty = _Segment(Q(**{f"{head.name}__isnull": True}), rest, filled=False)
    order = [empty, filled] if nulls_first else [filled, empty]
    if cursor is None:
        return order
    in_empty = cursor[0] is None
    begun = empty if in_empty else filled
    beyond = _beyond(begun.order, cursor[1:] if in_empty else cursor, nulls_first=nulls_first)
    here = replace(begun, q=begun.q & beyond)
    passed_empty = in_empty != nulls_first
    return [here] if passed_empty else [here, order[1]]


def _beyond(walk: Sequence[Key], cursor: Sequence[Any], *, nulls_first: bool) -> Q:
    """Rows strictly after the cursor: a > x OR (a = x AND (b > y OR ...)), with a >= x in front
    for the index."""
    found = Q(pk__in=[])
    for key, value in reversed(list(zip(walk, cursor, strict=True))):
        found = _after_one(key, value, nulls_first=nulls_first) | (_equal(key, value) & found)
    head, value = walk[0], cursor[0]
    if value is not None and not head.null:
        found &= Q(**{f"{head.name}__{'lte' if head.down else 'gte'}": value})
    return found


def _after_one(key: Key, value: Any, *, nulls_first: bool) -> Q:
    if value is None:
        # Backwards the empty ones come first, so everything filled follows; forwards nothing does.
        return Q(**{f"{key.name}__isnull": False}) if nulls_first else Q(pk__in=[])
    later = Q(**{f"{key.name}__{'lt' if key.down else 'gt'}": value})
    return later | Q(**{f"{key.name}__isnull": True}) if key.null and not nulls_first else later


def _equal(key: Key, value: Any) -> Q:
    return Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})


def _ordering(walk: Sequence[Key], *, nulls_first: bool) -> list[Any]:
    found: list[Any] = []
    for key in walk:
        if not key.null:
            found.append(f"-{key.name}" if key.down else key.name)
            continue
        expression = F(key.name)
        place = {"nulls_first": True} if nulls_first else {"nulls_last": True}
        found.append(expression.desc(**place) if key.down else expression.asc(**place))
    return found


class _Turned:
    """Sorts descending where its neighbours sort ascending."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Turned") -> bool:
        return other.value < self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and self.value == other.value


def _sort_key(row: dict[str, Any], walk: Sequence[Key], *, nulls_first: bool) -> tuple[Any, ...]:
    found: list[Any] = []
    for key in walk:
        value = row[key.name]
        found.append((value is None) != nulls_first)
        found.append(0 if value is None else _Turned(value) if key.down else value)
    return tuple(found)


def _load(narrowed: QuerySet, ids: list[int]) -> list[Any]:
    """The rows with the columns and links the set asked for, in the order of the ids."""
    rows = narrowed.model._all.all()
    related, (names, deferred) = narrowed.query.select_related, narrowed.query.deferred_loading
    if isinstance(related, dict) and related:
        rows = rows.select_related(*related)
    if names and not deferred:
        rows = rows.only(*names)
    by_id = rows.in_bulk(ids)
    return [by_id[one] for one in ids if one in by_id]


def _cursor(row: dict[str, Any], keys: Sequence[Key]) -> str:
    values = [_plain(row[key.name]) for key in keys]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"m": str(value)}
    return value


def _read_cursor(text: str, keys: Sequence[Key], model: Any) -> list[Any] | None:
    if not text:
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(data, list) or len(data) != len(keys):
            return None
        values = [_unplain(value) for value in data]
        for key, value in zip(keys, values, strict=True):
            # A cursor nobody gave out may hold anything; the column knows what it can compare.
            field = column_field(model, key.orm)
            field.get_prep_value(field.to_python(value))
        return values
    except (ValueError, binascii.Error, KeyError, TypeError, ArithmeticError, ValidationError):
        return None


def _unplain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    if "d" in value:
        return date.fromisoformat(value["d"])
    return Decimal(value["m"])
