"""Order by hand: rows moved up, down or to a place."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.change import Many
from guanxi.kernel.errors import Conflict, Missing, Refused
from guanxi.kernel.spec import Spec

#: More rows than this are not ordered by hand.
MOST = 5000


def ordered_rows(actor: Actor, spec: Spec, *, group: int | None = None) -> list[Any]:
    """The valid rows the actor may put in order; with `group` those below this parent only."""
    rows = spec.model.rows(actor, "edit").live().filter(**spec.only).order_by("position", "id")
    if group is not None:
        rows = rows.filter(**{spec.order_within: group})
    return list(rows[:MOST])


def move_records(
    actor: Actor, spec: Spec, ids: Sequence[int], *, to: int, group: int | None = None
) -> None:
    """Puts rows, kept together in their order, so that the first stands at place `to` (1 = top).

    With `group`, places count among the rows of that group, and no other row moves.
    """
    chosen = _chosen(actor, spec, ids, group=group)
    rest = [row for row in chosen.rows if row.pk not in chosen.ids]
    at = max(0, min(to - 1, len(rest)))
    _write(actor, spec, chosen.rows, [*rest[:at], *chosen.moving, *rest[at:]], group=group)


def shift_records(
    actor: Actor, spec: Spec, ids: Sequence[int], *, by: int, group: int | None = None
) -> None:
    """Moves each of the rows one place up (`by` -1) or down (1); at the end they stay."""
    chosen = _chosen(actor, spec, ids, group=group)
    rows = list(chosen.rows)
    steps = range(1, len(rows)) if by < 0 else range(len(rows) - 2, -1, -1)
    for index in steps:
        if rows[index].pk in chosen.ids and rows[index + by].pk not in chosen.ids:
            rows[index], rows[index + by] = rows[index + by], rows[index]
    _write(actor, spec, chosen.rows, rows, group=group)


class _Chosen:
    def __init__(self, rows: list[Any], ids: set[int]) -> None:
        self.rows, self.ids = rows, ids
        self.moving = [row for row in rows if row.pk in ids]


def _chosen(actor: Actor, spec: Spec, ids: Sequence[int], *, group: int | None) -> _Chosen:
    if not spec.by_position:
        raise Refused(_("These are not ordered by hand."))
    found = _Chosen(ordered_rows(actor, spec, group=group), set(ids))
    if not ids or len(found.moving) < len(found.ids):
        raise Missing
    return found


def _write(
    actor: Actor, spec: Spec, before: list[Any], after: list[Any], *, group: int | None
) -> None:
    """Numbers all rows anew, the places of the group filled in its new order."""
    every = ordered_rows(actor, spec) if group is not None else before
    own = {row.pk for row in before}
    following = iter(after)
    moved = []
    for place, row in enumerate(every, start=1):
        here = next(following) if row.pk in own else row
        if here.position != place:
            here.position = place
            moved.append(here)
    if not moved:
        return
    with transaction.atomic():
        many = Many(actor, moved, verb="edit", batch=None, event=f"{spec.key}.ordered")
        if many.write():
            raise Conflict(_("Somebody else has changed this meanwhile."))
