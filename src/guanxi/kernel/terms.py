"""Reading dictionaries: the default entry, entries by code."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from guanxi.kernel import stamps
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.record import Dictionary

_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("remembered_terms", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within a chunk of a batch, what `remember` was asked once is not asked again."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remember(key: Any, ask: Callable[[], Any]) -> Any:
    """What `ask()` answers; inside `remembering()` only the first time for this key."""
    known = _remembered.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return known[key]


def default_term(actor: Actor, model: type[Dictionary]) -> int | None:
    """The id of the entry marked as default, or None. Defaults belong to the product, not to a
    reach."""
    return _default_term(model, actor.book)


@stamps.remembered(256)
def _default_term(model: type[Dictionary], book: int) -> int | None:
    found = model._all.filter(book=book, is_default=True).live()
    return found.order_by("position", "id").values_list("pk", flat=True).first()


def term(actor: Actor, model: type[Dictionary], code: str) -> Any:
    """The entry with this stable code, or None."""
    return model._all.filter(book=actor.book, code=code).first()


def climbs_to_itself(record: Any, attribute: str, *, limit: int = 60) -> bool:
    """Whether following `attribute` upwards from the record meets the record again."""
    above = getattr(record, attribute)
    for _step in range(limit):
        if above is None or record.pk is None:
            return False
        if above == record.pk:
            return True
        above = type(record)._all.filter(pk=above).values_list(attribute, flat=True).first()
    return True


def make_terms(
    model: type[Dictionary],
    lines: str,
    *,
    values: Mapping[str, Mapping[str, Any]] | None = None,
    **fixed: Any,
) -> None:
    """Day-one entries, one a line: `code|中文|English`, or with `|colour` behind; `*` in front of
    the default, two blanks in front of a detail of the entry above. `values`: what else entries
    have, by code. Entries are found again by code and never overwritten."""
    actor = system_actor("day-one master data", surface="command")
    known = dict(model.rows(actor).filter(**fixed).values_list("code", "pk"))
    parent, own = None, values or {}
    for position, line in enumerate((line for line in lines.splitlines() if line.strip()), start=1):
        code, chinese, english, *colour = line.strip().lstrip("*").split("|")
        if code not in known:
            entry = model(code=code, name=chinese, position=position, **fixed, **own.get(code, {}))
            if hasattr(entry, "name_en"):
                entry.name_en = english
            if colour:
                entry.colour = colour[0]
            if hasattr(entry, "is_default"):
                entry.is_default = line.strip().startswith("*")
            if line.startswith("  "):
                entry.parent_id = parent
            with change(actor, entry):
                pass
            known[code] = entry.pk
        if not line.startswith("  "):
            parent = known[code]
