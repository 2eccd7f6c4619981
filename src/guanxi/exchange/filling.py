"""Puts the values of a row on its record: fields, child rows, defaults, history."""

from collections.abc import Mapping
from typing import Any

from guanxi.exchange.cells import Row
from guanxi.exchange.targets import Target
from guanxi.exchange.work import Work
from guanxi.kernel import kinds
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.bulk import fresh
from guanxi.kernel.company import start_currencies
from guanxi.kernel.extra import put_value
from guanxi.kernel.record import Part
from guanxi.kernel.spec import Parts

Children = dict[str, list[Part]]


def fill(work: Work, row: Row, record: Any, stored: Mapping[str, list[Part]]) -> Children:
    """Sets the fields of the record, returns the child rows to set; blank cells keep what is there.

    Values that a rule must set move to `row.ruled`: {field: arguments of the rule}.
    """
    known = work.known
    children: dict[str, list[tuple[Target, Any]]] = {}
    mine = record.pk is None or getattr(record, "owner_id", None) == work.actor.person_id
    plain: dict[str, Any] = {}
    for key, value in row.values.items():
        target = known[key]
        if work.closed and (refusal := work.refusal_of(key, mine=mine)):
            row.errors[key] = refusal
        elif target.parts is not None:
            children.setdefault(target.parts.name, []).append((target, value))
        else:
            plain[key] = value
    _take_ruled(work, row, record, plain)
    for key, value in plain.items():
        field = known[key].field
        if field is None:
            put_value(record, key, value)
        else:
            _set(record, field, value)
    if record.pk is None:
        _begin(work, row, record, plain)
    if work.history is not None:
        for name, value in work.history(record, row.values).items():
            setattr(record, name, value)
    return {
        name: rows
        for name, given in children.items()
        if (rows := _rows(work.spec.part(name), given, stored.get(name, []))) is not None
    }


def _set(record: Any, field: Any, value: Any) -> None:
    """Assigns a value; of a linked record its id and itself, as Django's own assignment would."""
    if field.is_relation and value is not None:
        record.__dict__[field.attname] = value.pk
        record._state.fields_cache[field.name] = value
    else:
        setattr(record, field.name, value)


def _part(parts: Parts, values: Mapping[str, Any]) -> Part:
    row: Part = fresh(parts.model)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _begin(work: Work, row: Row, record: Any, given: Mapping[str, Any]) -> None:
    """What a new record begins with, where the file says nothing."""
    start_currencies(record, given=given)
    if work.spec.defaults is not None:
        fields = (work.known[name].field for name in given)
        attributes = {field.attname for field in fields if field is not None}
        errors: dict[str, list[str]] = {}
        begun = starting_values(work.actor, work.spec, record, given=attributes, errors=errors)
        for name, value in begun.items():
            setattr(record, name, value)
        for name, (text,) in errors.items():
            row.errors[name] = text
    if work.spec.scope.has_owner and record.owner_id is None:
        record.owner_id = work.actor.person_id


def _take_ruled(work: Work, row: Row, record: Any, plain: dict[str, Any]) -> None:
    """History sets everything itself; otherwise a changed ruled field calls its rule."""
    for ruled in work.spec.ruled:
        if ruled.field not in plain:
            continue
        if work.history is not None:
            plain.pop(ruled.field)
            continue
        value = plain.pop(ruled.field)
        current = getattr(record, record._meta.get_field(ruled.field).attname)
        if current == getattr(value, "pk", value):
            continue
        taken = {name: plain.pop(name) for name in ruled.takes if name in plain}
        row.ruled[ruled.field] = {ruled.field: value, **taken}


def _rows(
    parts: Parts | None, given: list[tuple[Target, Any]], stored: list[Part]
) -> list[Part] | None:
    """The stored child rows with what the file adds; None where it adds nothing."""
    assert parts is not None
    if given[0][0].line in (target.key for target, _value in given):
        return _with_line(parts, given, stored)
    if not parts.main_per:
        return _with_links(parts, given, stored)
    target = given[0][0]
    if target.key == f"{parts.name}.{target.part_kind}":
        return _with_values(parts, given, stored)
    return _with_fields(parts, given, stored)


def _with_values(
    parts: Parts, given: list[tuple[Target, Any]], stored: list[Part]
) -> list[Part] | None:
    """Phones and the like: every value of the file that is not there yet."""
    field = given[0][0].field.name
    known = {(getattr(row, parts.main_per), _bare(getattr(row, field))) for row in stored}
    rows = list(stored)
    for _target, values in given:
        for kind, value in values:
            if value and (kind, _bare(value)) not in known:
                known.add((kind, _bare(value)))
                rows.append(_part(parts, {parts.main_per: kind, field: value}))
    return rows if len(rows) > len(stored) else None


def _bare(value: Any) -> str:
    return "".join(str(value).split()).replace("-", "").casefold()


def _with_fields(
    parts: Parts, given: list[tuple[Target, Any]], stored: list[Part]
) -> list[Part] | None:
    """An address: its fields go to the main row of that kind, or to a new one."""
    kind = given[0][0].part_kind
    of_kind = [row for row in stored if getattr(row, parts.main_per) == kind]
    row = next((one for one in of_kind if getattr(one, parts.main, False)), None) or (
        of_kind[0] if of_kind else _part(parts, {parts.main_per: kind})
    )
    changed = False
    for target, value in given:
        changed = changed or getattr(row, target.field.name) != value or row.pk is None
        setattr(row, target.field.name, value)
    if not changed:
        return None
    return stored if of_kind else [*stored, row]


def _with_line(
    parts: Parts, given: list[tuple[Target, Any]], stored: list[Part]
) -> list[Part] | None:
    """A company with the role there: its fields go to the row of that company, or to a new one."""
    # A cell may name several companies; what else the line says is of the first.
    firsts = {
        target.field: value[0] if isinstance(value, list) else value
        for target, value in given
        if value not in (None, [])
    }
    linked = next((v for field, v in firsts.items() if field.attname == parts.unique), None)
    if linked is None:
        return None
    known = next((one for one in stored if getattr(one, parts.unique) == linked.pk), None)
    row, changed = known or _part(parts, {}), known is None
    for field, value in firsts.items():
        plain = value.pk if field.is_relation else value
        changed = changed or getattr(row, field.attname) != plain
        setattr(row, field.attname, plain)
    if not changed:
        return None
    return stored if known else [*stored, row]


def _with_links(
    parts: Parts, given: list[tuple[Target, Any]], stored: list[Part]
) -> list[Part] | None:
    """Further classes and the like: every linked row that is not there yet."""
    field = given[0][0].field
    values = [
        one for _target, value in given for one in (value if isinstance(value, list) else [value])
    ]
    is_link = isinstance(field.kind, kinds.LinkKind)
    known = {getattr(row, field.attname) for row in stored}
    rows = list(stored)
    for value in values:
        plain = value.pk if is_link else value
        if plain not in known:
            known.add(plain)
            rows.append(parts.model(**{field.name: value}))
    return rows if len(rows) > len(stored) else None
