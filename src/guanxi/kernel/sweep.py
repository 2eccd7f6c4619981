"""Rows regardless of who asks: to be scoped by `paging`, or for what is derived of every row."""

from collections.abc import Sequence
from typing import Any

from guanxi.kernel.actor import Actor
from guanxi.kernel.record import Part
from guanxi.kernel.spec import Spec


def unscoped(spec: Spec, actor: Actor) -> Any:
    """All rows of the actor's account set. For `paging.page_of`, which scopes branch by branch."""
    return spec.model._all.filter(book=actor.book, **spec.only)


def every_row(spec: Spec) -> Any:
    """The rows of every account set, for what a whole process remembers."""
    return spec.model._all.all()


def rows_with_extra(spec: Spec, path: str, stored: Any = None) -> int:
    """How many rows hold a custom value at all, or this one as it lies in the JSON column."""
    found = spec.model._all.filter(extra__has_key=path)
    if stored is not None:
        found = found.filter(**{f"extra__{path}__as_text": stored})
    return found.count()


def has_rows(spec: Spec) -> bool:
    return spec.model._all.exists()


def next_rows(spec: Spec, names: Sequence[str], *, after: int, limit: int) -> list[Any]:
    """Up to `limit` rows of every account set with a higher id, by id, with these fields loaded.

    To be called in a transaction: the rows are locked until it ends.
    """
    found = spec.model._all.select_for_update().filter(pk__gt=after).order_by("pk").only(*names)
    return list(found[:limit])


def parts_of_many(spec: Spec, name: str, ids: Sequence[int]) -> dict[int, list[Part]]:
    """The stored child rows of several records: {record id: rows in order}."""
    parts = spec.part(name)
    if parts is None:
        raise KeyError(f"{spec.key} has no parts named {name}.")
    owner = f"{parts.owner_field}_id"
    found: dict[int, list[Part]] = {}
    for row in parts.model._all.filter(**{f"{owner}__in": ids}).order_by("position", "id"):
        found.setdefault(getattr(row, owner), []).append(row)
    return found
