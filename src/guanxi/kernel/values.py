"""From what a person sent to a checked change: the part of the one door that forms, boards, import
and jobs share.

`raw` maps field paths to text (or ready values); child rows are lists of such maps. The same
sentence comes back whichever door was used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.change import Edit, change
from guanxi.kernel.check import required_message
from guanxi.kernel.columns import column, may_set, policy
from guanxi.kernel.company import amount_of, money_columns, own_currency, start_currencies
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.extra import find_extra, put_value
from guanxi.kernel.files import check_file
from guanxi.kernel.query import read
from guanxi.kernel.record import Part, Record
from guanxi.kernel.spec import Capability, Parts, Spec
from guanxi.kernel.text import whole_number

Raw = Mapping[str, Any]
#: Child rows of one name on one record.
MAX_PART_ROWS = 50


@dataclass
class Reading:
    """values: field -> value (ids for links); parts: name -> rows; errors: path -> sentences."""

    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def create_record(actor: Actor, spec: Spec, raw: Raw, *, record: Record | None = None) -> Record:
    """A new record from what was sent; raises Invalid with every error there is, Refused,
    NotAllowed."""
    if not spec.can(Capability.CREATE):
        raise Refused(_("These can't be created by hand."))
    record = record or spec.model()
    reading = read_values(actor, spec, raw, record=record)
    ruled = _take_ruled(spec, reading, record)
    with transaction.atomic():
        with change(actor, record, verb="create") as edit:
            apply_reading(edit, reading)
            begun = starting_values(actor, spec, record, given=reading.values, errors=edit.errors)
            for name, value in begun.items():
                setattr(record, name, value)
            start_currencies(record, given=reading.values)
            if spec.scope.has_owner and "owner_id" not in reading.values:
                record.owner_id = record.owner_id or actor.person_id
        _run_ruled(actor, record, ruled)
    return record


def edit_record(actor: Actor, record: Record, raw: Raw, *, verb: str = "edit") -> Record:
    """Changes a record by what was sent; only the paths in `raw` are touched."""
    spec = registry.spec(type(record))
    if not spec.can(Capability.EDIT):
        raise Refused(_("These can't be edited by hand."))
    reading = read_values(actor, spec, raw, record=record)
    ruled = _take_ruled(spec, reading, record)
    with transaction.atomic():
        with change(actor, record, verb=verb) as edit:
            apply_reading(edit, reading)
        _run_ruled(actor, record, ruled)
    return record


def read_values(actor: Actor, spec: Spec, raw: Raw, *, record: Record) -> Reading:
    """Parses and checks rights, types and links of every path; nothing is written."""
    reading = Reading()
    mine = record.pk is None or scope.is_mine(spec, actor, record)
    for path, given in raw.items():
        parts = spec.part(path)
        try:
            if parts is not None:
                _read_parts(actor, spec, parts, given, mine=mine, reading=reading)
            else:
                reading.values |= _read_field(actor, spec, path, given, mine=mine, record=record)
        except Wrong as wrong:
            reading.errors.setdefault(path, []).append(wrong.message)
    _check_hand_over(actor, spec, reading, record)
    return reading


def _check_hand_over(actor: Actor, spec: Spec, reading: Reading, record: Record) -> None:
    """Another owner is a hand-over, whichever form it was typed into."""
    if record.pk is None or "owner_id" not in reading.values:
        return
    if reading.values["owner_id"] == record.owner_id:  # type: ignore[attr-defined]
        return
    if not scope.may(spec, actor, "transfer", record):
        reading.errors.setdefault("owner", []).append(_("You may not hand this over."))


def apply_reading(edit: Edit, reading: Reading) -> None:
    """Puts the values on the record; errors of reading join those the checks will find."""
    for name, value in reading.values.items():
        put_value(edit.record, name, value)
    for name, rows in reading.parts.items():
        edit.set_parts(name, rows)
    for path, texts in reading.errors.items():
        edit.errors.setdefault(path, []).extend(texts)


def _read_field(
    actor: Actor,
    spec: Spec,
    path: str,
    given: Any,
    *,
    mine: bool,
    record: Record,
    asked: bool = False,
) -> dict[str, Any]:
    """{attribute: value} for one field.

    `asked`: by a rule, which alone may set some fields.
    """
    if not asked and not is_writable(spec, path, book=actor.book):
        raise Wrong(_("This field can't be set."))
    if spec.number and path == spec.number.field and given and not spec.number.typed:
        raise Wrong(_("This number is given by itself."))
    col = column(spec, path)
    rule = policy(actor, col, mine=mine)
    if not may_set(col, rule):
        raise Wrong(closed_message(), code="not_free")
    value = col.kind.parse(given)
    if value is None and rule is not Policy.FREE and record.pk is not None:
        # Who does not see the value leaves it alone by leaving the control empty.
        return {}
    if col.extra is not None:
        return {path: value}
    if path in money_columns(type(record)):
        return {path: value or own_currency(record.book)}
    model_field = record._meta.get_field(path)
    if value is None and not model_field.null:
        value = _empty_of(model_field)
    if value is not None:
        check_target(actor, col.kind, value, current=getattr(record, model_field.attname))
    return {model_field.attname: value}


def is_writable(spec: Spec, path: str, *, book: int) -> bool:
    """Whether anybody may set this field at all, by plain edit or by its rule."""
    extra = find_extra(spec, path)
    if extra is not None:
        return extra.book == book
    path = amount_of(spec.model, path)
    names = {name for section in spec.form for name in section.fields}
    names |= {"owner"} if spec.scope.has_owner else set()
    for ruled in spec.ruled:
        names |= {ruled.field, *ruled.takes}
    return path in names


def _empty_of(model_field: Any) -> Any:
    """What an emptied, not nullable column holds; None stands for "missing" and is refused
    later."""
    if isinstance(getattr(model_field, "kind", None), kinds.TagsKind):
        return []
    if model_field.empty_strings_allowed and model_field.get_internal_type() in (
        "CharField",
        "TextField",
    ):
        return ""
    return model_field.get_default() if model_field.has_default() else None


def check_target(actor: Actor, kind: kinds.Kind, value: Any, *, current: Any) -> None:
    """What an id points at must be within the actor's reach: a row, or a file of theirs.

    Conditions may ask only for what this person may search by; those that stand may stay.
    """
    if isinstance(kind, kinds.LinkKind):
        check_link(actor, kind, value, current=current)
    elif isinstance(kind, kinds.FileKind):
        check_file(actor, kind, value, current=current)
    elif isinstance(kind, kinds.ConditionsKind) and value != current:
        read(registry.spec(kind.of), kind.tree(value), actor=actor)


def check_link(actor: Actor, kind: kinds.LinkKind, value: int, *, current: int | None) -> None:
    """A link must point into the actor's scope, at a valid row; what already stands may stay."""
    if value == current:
        return
    target = registry.find(kind.to)
    if target is None or not target.model.rows(actor, "view").live().filter(pk=value).exists():
        raise Wrong(not_found_message(), code="not_found")


def closed_message() -> str:
    return _("You may not change this field.")


def not_found_message() -> str:
    return _("Choose from the list, please.")


def rule_arguments(actor: Actor, spec: Spec, record: Record, info: Any, raw: Raw) -> dict[str, Any]:
    """The keyword arguments of a rule from what was sent: parsed, within scope, links as
    records."""
    arguments, errors = {}, {}
    for name in info.asks:
        try:
            found = _read_field(
                actor,
                spec,
                name,
                raw.get(name, ""),
                mine=scope.is_mine(spec, actor, record),
                record=record,
                asked=True,
            )
        except Wrong as wrong:
            errors[name] = [wrong.message]
            continue
        value = next(iter(found.values()))
        if name in info.required and value in (None, ""):
            errors[name] = [required_message()]
        arguments[name] = _linked(record, name, value)
    if errors:
        raise Invalid(errors)
    return arguments


def _read_parts(
    actor: Actor, spec: Spec, parts: Parts, given: Any, *, mine: bool, reading: Reading
) -> None:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Wrong(_("This can't be read."))
    probe = column(spec, f"{parts.name}.{parts.fields[0]}")
    if policy(actor, probe, mine=mine) is not Policy.FREE:
        raise Wrong(closed_message(), code="not_free")
    rows: list[Part] = []
    for line in telling_lines(parts, given):
        row, errors = _read_part(actor, parts, line)
        for path, text in errors.items():
            reading.errors.setdefault(f"{parts.name}.{len(rows)}.{path}", []).append(text)
        rows.append(row)
    reading.parts[parts.name] = rows


def telling_lines(parts: Parts, given: Sequence[Raw]) -> list[Raw]:
    """The child rows that say something; errors count only these."""
    telling = _telling_fields(parts)
    return [line for line in given if any(line.get(it) not in (None, "", False) for it in telling)]


def _telling_fields(parts: Parts) -> list[str]:
    """The fields by which a row says something: those that do not fill themselves."""
    found = []
    for name in parts.fields:
        model_field: Any = parts.model._meta.get_field(name)
        if name != parts.main and model_field.get_default() in (None, "", []):
            found.append(name)
    return found


def _read_part(actor: Actor, parts: Parts, line: Raw) -> tuple[Part, dict[str, str]]:
    row = parts.model()
    errors = {}
    row.pk = whole_number(str(line.get("id") or ""))
    stored = parts.model._all.filter(pk=row.pk).values().first() or {} if row.pk else {}
    for name in parts.fields:
        model_field: Any = parts.model._meta.get_field(name)
        if name not in line and stored:
            # A row that is known keeps what was not sent.
            setattr(row, model_field.attname, stored[model_field.attname])
            continue
        if name not in line and name != parts.main:
            continue
        try:
            value = model_field.kind.parse(line.get(name))
            if value is not None:
                current = stored.get(model_field.attname)
                check_target(actor, model_field.kind, value, current=current)
        except Wrong as wrong:
            errors[name] = wrong.message
            continue
        if value is None and not model_field.null:
            value = _empty_of(model_field)
        setattr(row, model_field.attname, value)
    return row, errors


def _take_ruled(spec: Spec, reading: Reading, record: Record) -> list[tuple[Any, dict[str, Any]]]:
    """Fields no plain edit sets: where one changes, its rule is called with what belongs to it.

    Values that belong to the rule leave the plain reading only when the rule will run.
    """
    calls = []
    for ruled in spec.ruled:
        attribute = record._meta.get_field(ruled.field).attname  # type: ignore[union-attr]
        if attribute not in reading.values:
            continue
        value = reading.values.pop(attribute)
        if value == getattr(record, attribute):
            continue
        arguments: dict[str, Any] = {ruled.field: _linked(record, ruled.field, value)}
        for name in ruled.takes:
            taken = record._meta.get_field(name).attname  # type: ignore[union-attr]
            if taken in reading.values:
                arguments[name] = _linked(record, name, reading.values.pop(taken))
        calls.append((ruled, arguments))
    return calls


def _linked(record: Record, name: str, value: Any) -> Any:
    """A rule receives records, not ids; the id has been checked against the actor's scope."""
    model = getattr(record._meta.get_field(name), "related_model", None)
    return value if model is None or value is None else model._all.get(pk=value)


def _run_ruled(actor: Actor, record: Record, calls: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    for ruled, arguments in calls:
        try:
            ruled.rule(actor, record, **arguments)
        except Wrong as wrong:
            raise Invalid({ruled.field: [wrong.message]}) from None
