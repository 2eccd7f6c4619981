"""A record's values as plain data, and the difference of two states.

Custom values count one by one, as they lie in the JSON column: {"f12": [before, after]}.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from guanxi.kernel import registry
from guanxi.kernel.company import amount_of, money_columns
from guanxi.kernel.extra import COLUMN, find_extra
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.kinds import Kind
from guanxi.kernel.record import Part, Record
from guanxi.kernel.spec import Spec

Writer = tuple[str, Any]
STAMPS = frozenset({"id", "book", "version", "created_at", "updated_at"})


@cache
def value_names(model: Any) -> tuple[tuple[str, Any], ...]:
    """(attribute, kind or None) of every column that carries meaning: no stamps, nothing
    derived."""
    derived = {
        f"{field.name}_{suffix}"
        for field in model._meta.fields
        for suffix, (_column, derive) in getattr(field, "companions", {}).items()
        if derive is not None
    }
    return tuple(
        (field.attname, getattr(field, "kind", None))
        for field in model._meta.concrete_fields
        if field.name not in STAMPS and field.name not in derived and not field.primary_key
    )


def model_of(record: Any) -> Any:
    return type(record)


def snapshot(record: Any) -> dict[str, Any]:
    found = {}
    for name, _kind in value_names(model_of(record)):
        value = getattr(record, name)
        found[name] = value.copy() if isinstance(value, (dict, list)) else value
    return found


@cache
def _kinds(model: Any) -> dict[str, Any]:
    return dict(value_names(model))


def to_json(model: type, name: str, value: Any) -> Any:
    kind = _kinds(model).get(name)
    return value if kind is None or value is None else kind.to_journal(value)


def from_json(model: Any, name: str, value: Any) -> Any:
    if is_extra(name):
        extra = find_extra(registry.spec(model), name)
        return value if extra is None else extra.load(value)
    kind = _kinds(model).get(name)
    return value if kind is None or value is None else kind.from_journal(value)


def difference(before: dict[str, Any] | None, record: Any) -> dict[str, list[Any]]:
    """{"field attribute": [before, after]} in JSON form; a new record lists what is filled in."""
    if before is None:
        return _filled(record, _writers(model_of(record)))
    found, money = {}, _changed_money(before, record)
    for name, kind in value_names(model_of(record)):
        old, new = before.get(name), getattr(record, name)
        if old == new and name not in money:
            continue
        if name == COLUMN:
            found |= _extra_difference(old or {}, new)
            continue
        found[name] = [old, new] if kind is None else [_json(kind, old), _json(kind, new)]
    return found


def _changed_money(before: dict[str, Any], record: Any) -> set[str]:
    """Amounts and currencies of which either changed: one without the other says nothing."""
    model = model_of(record)
    pairs = [(amount_of(model, name), name) for name in money_columns(model)]
    return {
        name
        for pair in pairs
        if any(before.get(name) != getattr(record, name) for name in pair)
        for name in pair
    }


def late_names(spec: Spec) -> tuple[str, ...]:
    """What a new record gets only when it is written: its number, its place."""
    number = (spec.number.field,) if spec.number is not None else ()
    return (*number, "position") if spec.by_position else number


def came_late(spec: Spec, records: Sequence[Any]) -> list[dict[str, list[Any]]]:
    """Of each new record the part of its difference that `late_names` make."""
    late = late_names(spec)
    writers = [writer for writer in _writers(spec.model) if writer[0] in late]
    return [_filled(record, writers) for record in records]


def _filled(record: Any, writers: Iterable[Writer]) -> dict[str, list[Any]]:
    found = {}
    values = record.__dict__
    for name, to_text in writers:
        new = values[name] if name in values else getattr(record, name)
        if new is None or new == "" or new == [] or new == {}:
            continue
        if name == COLUMN:
            found |= _extra_difference({}, new)
        else:
            found[name] = [None, to_text(new) if to_text else new]
    return found


@cache
def _writers(model: Any) -> tuple[Writer, ...]:
    """(attribute, how its value becomes JSON or None where it is JSON already)."""
    return tuple(
        (name, None if kind is None or _as_it_is(type(kind)) else kind.to_journal)
        for name, kind in value_names(model)
    )


@cache
def _part_writers(model: Any, owner_field: str) -> tuple[Writer, ...]:
    beside = ("position", f"{owner_field}_id")
    return tuple(writer for writer in _writers(model) if writer[0] not in beside)


def _as_it_is(kind: type[Kind]) -> bool:
    return kind.to_json is Kind.to_json and kind.to_journal is Kind.to_journal


def _extra_difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[Any]]:
    paths = sorted(filter(is_extra, {*old, *new}), key=lambda path: (len(path), path))
    pairs = {path: [old.get(path), new.get(path)] for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def _json(kind: Any, value: Any) -> Any:
    return None if value is None else kind.to_journal(value)


def part_rows(spec: Spec, name: str, record: Record) -> list[Part]:
    """The stored child rows of one record, in order."""
    parts = spec.part(name)
    if parts is None:
        raise KeyError(f"{spec.key} has no parts named {name}.")
    found = parts.model._all.filter(**{parts.owner_field: record.pk})
    # Few rows: to have the ORM say the order takes longer than to make it.
    return sorted(found, key=attrgetter("position", "pk"))


def part_json(part: Part, owner_field: str) -> dict[str, Any]:
    found = {"id": part.pk}
    values = part.__dict__
    for name, to_text in _part_writers(type(part), owner_field):
        value = values[name] if name in values else getattr(part, name)
        if value is not None and value != "":
            found[name] = to_text(value) if to_text else value
    return found
