"""Validation, the same for every door: required, type, length, choice, unique, parts, own
checks."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.company import DEFAULT_CURRENCY, currencies, money_columns
from guanxi.kernel.errors import Invalid, Said, Wrong
from guanxi.kernel.extra import Extra, derive_extras, extras
from guanxi.kernel.kinds import Kind
from guanxi.kernel.snapshot import model_of
from guanxi.kernel.spec import Parts

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit


def required_message() -> str:
    return Said.of(_("Please fill this in."), "required")


def check_edits(actor: Actor, edits: Sequence["Edit"]) -> None:
    """Fills `edit.errors`; writes nothing."""
    custom = extras(edits[0].spec, book=edits[0].record.book) if edits else []
    for edit in edits:
        for prepare in edit.spec.prepares:
            prepare(actor, edit)
        derive(edit.record, edit.before)
        derive_extras(custom, edit.record)
        errors = check_fields(edit.record, edit.before)
        errors |= _check_fixed(edit)
        errors |= _check_currencies(edit)
        errors |= _check_extras(actor, custom, edit.record, edit.before)
        for name, rows in edit.parts.items():
            errors |= _check_parts(edit, name, rows)
        for path, texts in errors.items():
            # What could not even be read has been named already; "fill this in" would only confuse.
            edit.errors.setdefault(path, texts)
        if not edit.errors:
            _own_checks(actor, edit)
    _check_unique([edit for edit in edits if not edit.errors])


def derive(record: Any, before: dict[str, Any] | None) -> None:
    """Fills the companions of changed fields and the columns the record derives itself."""
    if hasattr(record, "derive"):
        record.derive()
    for field in _deriving(model_of(record)):
        if before is None or before.get(field.attname) != getattr(record, field.attname):
            field.derive(record)


@cache
def _deriving(model: Any) -> tuple[Any, ...]:
    return tuple(
        field
        for field in model._meta.fields
        if any(derive for _column, derive in getattr(field, "companions", {}).values())
    )


@cache
def _checked(model: type) -> tuple[tuple[str, str, Any, Any, bool], ...]:
    """(attribute, field, what else counts as empty, its check, whether it must be filled in) of
    every field of ours; None where its kind says nothing of its own."""
    return tuple(
        (
            field.attname,
            field.name,
            _own(field.kind, "is_empty"),
            _own(field.kind, "check"),
            not field.null
            and not field.blank
            and not field.has_default()
            and field.name not in ("created_at", "updated_at"),
        )
        for field in model._meta.concrete_fields
        if hasattr(field, "kind") and not getattr(field, "owns", False)
    )


def _own(kind: Kind, name: str) -> Any:
    return getattr(kind, name) if getattr(type(kind), name) is not getattr(Kind, name) else None


def check_fields(record: Any, before: dict[str, Any] | None) -> dict[str, list[str]]:
    """Errors of the changed fields (all fields of a new record): {field: [sentence]}."""
    errors: dict[str, list[str]] = {}
    values = record.__dict__
    for attribute, name, is_empty, check, required in _checked(model_of(record)):
        value = values[attribute] if attribute in values else getattr(record, attribute)
        if before is not None and before.get(attribute) == value:
            continue
        if value is None or value == "" or (is_empty is not None and is_empty(value)):
            if required:
                errors[name] = [required_message()]
        elif check is not None:
            try:
                check(value)
            except Wrong as wrong:
                errors[name] = [wrong.message]
    return errors


def _check_fixed(edit: "Edit") -> dict[str, list[str]]:
    """What is decided when the record is made stays so."""
    errors = {}
    for name in edit.spec.fixed if edit.before else ():
        attribute = edit.record._meta.get_field(name).attname  # type: ignore[union-attr]
        if edit.before and edit.before.get(attribute) != getattr(edit.record, attribute):
            errors[name] = [_("This can't be changed any more.")]
    return errors


def _check_currencies(edit: "Edit") -> dict[str, list[str]]:
    """Amounts are in currencies the company uses; what stands may stay, and come back."""
    errors = {}
    for name in money_columns(model_of(edit.record)) if edit.verb != "undo" else ():
        held = (edit.before or {}).get(name, DEFAULT_CURRENCY)
        value = getattr(edit.record, name)
        if value != held and value not in currencies(edit.record.book):
            errors[name] = [
                _(
                    "This currency isn't switched on. Administrators do that under Setting up, "
                    "The company."
                )
            ]
    return errors


def _check_extras(
    actor: Actor, custom: Sequence[Extra], record: Any, before: dict[str, Any] | None
) -> dict[str, list[str]]:
    """The same for the custom values of a record.

    Only people have to fill them in: what the product makes by itself can't know these fields.
    """
    errors = {}
    held = (before or {}).get("extra", {})
    for extra in custom:
        stored = record.extra.get(extra.path)
        if before is not None and held.get(extra.path) == stored:
            continue
        try:
            if stored is not None:
                extra.kind.check(extra.load(stored))
            elif extra.must and actor.person_id is not None:
                raise Wrong(required_message())
        except Wrong as wrong:
            errors[extra.path] = [wrong.message]
    return errors


def _check_parts(edit: "Edit", name: str, rows: list[Any]) -> dict[str, list[str]]:
    parts = edit.spec.part(name)
    assert parts is not None
    errors: dict[str, list[str]] = {}
    checks_row = hasattr(parts.model, "check_row")
    known = {None, *(row.pk for row in edit.parts_before.get(name, ()))}
    for index, row in enumerate(rows):
        row.position = index
        if row.pk not in known:
            errors[f"{name}.{index}"] = [_("This row belongs to another record.")]
            continue
        derive(row, None)
        for field, texts in check_fields(row, None).items():
            errors[f"{name}.{index}.{field}"] = texts
        if checks_row:
            try:
                row.check_row()
            except Wrong as wrong:
                errors[f"{name}.{index}"] = [wrong.message]
    _one_main(parts, rows, edit.parts_before.get(name, ()))
    if parts.unique:
        _unique_parts(parts, rows, errors)
    return errors


def _one_main(parts: Parts, rows: list[Any], before: Sequence[Any]) -> None:
    """Exactly one main row of each group: marking another unmarks the first."""
    if not parts.main:
        return
    was_main = {row.pk for row in before if getattr(row, parts.main)}
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, parts.main_per) if parts.main_per else None].append(row)
    for group in groups.values():
        if len(group) == 1:
            setattr(group[0], parts.main, True)
            continue
        marked = [row for row in group if getattr(row, parts.main)]
        fresh = [row for row in marked if row.pk is None or row.pk not in was_main]
        # A form with one mark for all groups says nothing about the others: they keep theirs.
        kept = [row for row in group if row.pk is not None and row.pk in was_main]
        chosen = (fresh or marked or kept or group)[0]
        for row in group:
            setattr(row, parts.main, row is chosen)


def _unique_parts(parts: Parts, rows: list[Any], errors: dict[str, list[str]]) -> None:
    seen = set()
    for index, row in enumerate(rows):
        key = tuple(getattr(row, name) for name in parts.unique.split())
        if key in seen:
            errors[f"{parts.name}.{index}"] = [_("This stands here twice.")]
        seen.add(key)


def _own_checks(actor: Actor, edit: "Edit") -> None:
    for check in edit.spec.checks:
        try:
            check(actor, edit)
        except Invalid as invalid:
            for path, texts in invalid.errors.items():
                edit.errors.setdefault(path, []).extend(texts)
        except Wrong as wrong:
            edit.errors.setdefault("", []).append(wrong.message)


def _check_unique(edits: Sequence["Edit"]) -> None:
    """One query per unique constraint and chunk; also finds two alike within the chunk."""
    if not edits:
        return
    model = type(edits[0].record)
    for constraint, names, blamed in _uniques(model):
        _check_constraint(model, constraint, names, blamed=blamed, edits=edits)


def unique_fields(constraint: models.UniqueConstraint) -> tuple[str, ...]:
    names = constraint.fields or tuple(item.name for item in constraint.expressions)
    return tuple(name for name in names if name != "book")


def unique_keys(record: Any) -> list[tuple[str, str, tuple[Any, ...]]]:
    """(constraint, field that is blamed, values) of every unique constraint that binds this
    record."""
    found = []
    for constraint, names, blamed in _uniques(model_of(record)):
        key = _unique_key(constraint, record, names)
        if key is not None:
            found.append((constraint.name, blamed, key))
    return found


@cache
def _uniques(model: Any) -> tuple[tuple[models.UniqueConstraint, list[str], str], ...]:
    """(constraint, its attributes, field that is blamed)."""
    found = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            fields = [model._meta.get_field(name) for name in unique_fields(constraint)]
            found.append((constraint, [field.attname for field in fields], fields[-1].name))
    return tuple(found)


def unique_message() -> str:
    return Said.of(_("This already exists; it must be unique."), "unique")


def _unique_key(
    constraint: models.UniqueConstraint, record: Any, names: Sequence[str]
) -> tuple[Any, ...] | None:
    key = tuple([getattr(record, name) for name in names])
    if None in key or (constraint.condition is not None and "" in key):
        return None
    return key


def _check_constraint(
    model: Any,
    constraint: models.UniqueConstraint,
    names: Sequence[str],
    *,
    blamed: str,
    edits: Sequence["Edit"],
) -> None:
    wanted: dict[tuple[Any, ...], list[Edit]] = defaultdict(list)
    for edit in edits:
        key = _unique_key(constraint, edit.record, names)
        if key is None:
            continue
        if edit.before is None or any(
            edit.before.get(name) != getattr(edit.record, name) for name in names
        ):
            wanted[key].append(edit)
    if not wanted:
        return
    first = names[0]
    values = {key[0] for key in wanted}
    found = model._all.filter(book=edits[0].record.book, **{f"{first}__in": values})
    if constraint.condition is not None:
        # Said again, so that the index of the constraint, which holds such rows only, serves.
        found = found.filter(constraint.condition)
    taken = {tuple(row[1:]): row[0] for row in found.values_list("pk", *names)}
    for key, rivals in wanted.items():
        holder = taken.get(key)
        for place, edit in enumerate(rivals):
            if place or (holder is not None and holder != edit.record.pk):
                edit.errors.setdefault(blamed, []).append(unique_message())
