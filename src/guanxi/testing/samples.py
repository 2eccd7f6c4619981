"""Invents acceptable rows for any object, from its field types and constraints.

`SPECIAL` holds the few values that no field type can know (codes with a check, names of objects).
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.files import keep_file
from guanxi.kernel.record import Record
from guanxi.kernel.spec import Parts, Spec
from guanxi.kernel.values import create_record

SPARSE_EVERY = 4
PART_ROWS = 3
#: The smallest picture there is: one white point.
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)

#: "app.model.field" -> value of row `number`
SPECIAL: dict[str, Callable[[int], Any]] = {
    "customers.customer.credit_code": make_credit_code,
    **{
        f"{label}.{name}": value
        for label in ("customers.customerchannel", "contacts.contactchannel")
        for name, value in (
            ("kind", lambda number: ("mobile", "mobile", "wechat")[number % 3]),
            ("value", lambda number: f"139{number:08d}"),
        )
    },
    # The only terms of payment that go with a number of days.
    "customers.creditgrade.payment": lambda number: "on_account",
    "custom.customfield.alike": lambda number: "",
    "custom.customfield.object": lambda number: "customers.customer",
    "custom.customfield.kind": lambda number: "choice",
    "custom.customfield.required": lambda number: "",
    # A setting has rounds ahead, and no reminder before the round before.
    "activities.plansetting.ends_on": lambda number: date(2190, 1, 1) + timedelta(days=number),
    "activities.plansetting.remind_days": lambda number: 0,
    # The years before hold the official calendar.
    "people.holiday.day": lambda number: date(2031, 1, 1) + timedelta(days=number),
    "people.grant.object": lambda number: _keys()[number % len(_keys())],
    "people.fieldrule.object": lambda number: _keys()[number % len(_keys())],
    "people.fieldrule.field": lambda number: "remark",
}

#: Links to rows that serve once: a plan is fulfilled by one communication.
USED_UP = frozenset({"activities.communication.plan"})


def sample_values(spec: Spec, number: int, *, actor: Actor | None = None) -> dict[str, Any]:
    """What a person could type into the form of row `number`: {path: text}, parts as lists of such.

    Every fourth row (3, 7, ...) fills in only what is required. Links name rows within the actor's
    reach, invented where there are none. Fields that belong to a rule are left to the defaults.
    Raises LookupError for a field without a sample.
    """
    actor = actor or system_actor("samples")
    _provide_stages(actor, spec)
    sparse = number % SPARSE_EVERY == SPARSE_EVERY - 1
    ruled = {name for one in spec.ruled for name in (one.field, *one.takes)}
    values: dict[str, Any] = {}
    for name in spec.form_fields:
        field = spec.model._meta.get_field(name)
        required = is_required(spec, name)
        if name in ruled or name == "owner":
            continue
        if sparse and not required and name != spec.title:
            continue
        values[name] = _text(actor, spec.model, field, number, values, required=required)
    for parts in spec.parts:
        if not sparse:
            values[parts.name] = [
                _part(actor, parts, number * PART_ROWS + n) for n in range(PART_ROWS)
            ]
    return _without_twins(spec, values)


def make(spec: Spec, actor: Actor, number: int, **overrides: Any) -> Record:
    """Row `number` in the database, written through the door; `overrides` replace single paths."""
    return create_record(actor, spec, sample_values(spec, number, actor=actor) | overrides)


def make_rows(spec: Spec, actor: Actor, count: int, *, start: int = 0) -> list[Record]:
    return [make(spec, actor, number) for number in range(start, start + count)]


def is_required(spec: Spec, name: str) -> bool:
    """Whether a person must fill this in; what an object's own defaults fill is not required."""
    field: Any = spec.model._meta.get_field(name)
    if field.blank or field.null or field.has_default():
        return False
    if name == spec.title and spec.prepares:
        return False
    blank = spec.defaults(system_actor("samples"), spec.model()) if spec.defaults else {}
    return blank.get(field.attname) is None


def text_of(kind: kinds.Kind, number: int, *, label: str = "") -> str:
    """The text a person would type for sample `number` of this type; raises LookupError."""
    try:
        text = kind.edit_text(kind.sample(number))
        kind.parse(text)
    except (NotImplementedError, Wrong) as fault:
        hint = "give its type a sample(), or add it to guanxi.testing.samples.SPECIAL"
        raise LookupError(f"No acceptable sample for {label or kind.name}: {hint}.") from fault
    return text


def other_text(spec: Spec, path: str, number: int) -> str:
    """A sample for one field that is no link, by its path; SPECIAL counts."""
    field = spec.model._meta.get_field(path)
    return _plain(spec.model, field, number)


def candidates(
    actor: Actor, kind: kinds.LinkKind, like: Mapping[str, Any], model: Any
) -> list[int]:
    """Ids a link may name, oldest first: within reach, valid, agreeing with the other links chosen.

    A stage must belong to the chosen pipeline: where the target has a link of the same name and
    target as the object itself, both must be the same.
    """
    target = registry.spec(kind.to)
    rows = target.model.rows(actor, "view").live().filter(**_agreeing(target, like, model))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _agreeing(target: Spec, like: Mapping[str, Any], model: Any) -> dict[str, int]:
    """The links of a target that must be those of the object itself."""
    found = {}
    for field in target.model._meta.fields:
        same = getattr(field, "kind", None)
        if isinstance(same, kinds.LinkKind) and like.get(field.name) and target.model is not model:
            own: Any = column(registry.spec(model), field.name).kind
            if own.to == same.to:
                found[field.name] = int(like[field.name])
    return found


def _text(
    actor: Actor, model: Any, field: Any, number: int, chosen: Mapping[str, Any], *, required: bool
) -> str:
    if isinstance(field.kind, kinds.FileKind):
        return _file(actor, field.kind, number)
    if not isinstance(field.kind, kinds.LinkKind):
        return _plain(model, field, number)
    if field.kind.to == model._meta.label_lower and number % SPARSE_EVERY == 0:
        return ""
    found = candidates(actor, field.kind, chosen, model)
    found = _with_stages(model, field.name, found)
    if f"{model._meta.label_lower}.{field.name}" in USED_UP:
        found = []
    if not found and (required or field.kind.to != model._meta.label_lower):
        # A sparse row needs no further ones, so this comes to an end.
        least = number * SPARSE_EVERY + SPARSE_EVERY - 1
        target = registry.spec(field.kind.to)
        like = {name: str(pk) for name, pk in _agreeing(target, chosen, model).items()}
        # Terms and products are there for people who may not make them.
        maker = actor if actor.may(target.key, "create") else system_actor("samples")
        found = [make(target, maker, least, **like).pk]
    return str(found[number % len(found)]) if found else ""


def _file(actor: Actor, kind: kinds.FileKind, number: int) -> str:
    upload = SimpleUploadedFile(f"样例{number}.png", DOT)
    return str(keep_file(actor, upload, max_bytes=kind.max_bytes, picture=kind.picture).pk)


def _with_stages(model: Any, name: str, ids: list[int]) -> list[int]:
    """A pipeline without stages is no place for a row."""
    spec = registry.find(model._meta.label_lower)
    if spec is None or spec.board is None or name != spec.board.within:
        return ids
    stages = spec.model._meta.get_field(spec.board.by).related_model
    return [one for one in ids if stages._all.filter(**{name: one}).exists()]


def _provide_stages(actor: Actor, spec: Spec) -> None:
    """A row on a board begins in a stage; where no day-one data has any, one is made."""
    if spec.board is None or not spec.board.within:
        return
    stages = registry.spec(column(spec, spec.board.by).kind.to)  # type: ignore[attr-defined]
    if not stages.model._all.exists():
        # Row 0 of a pipeline is the default one, and row 0 of a stage its first kind: open.
        pipelines = registry.spec(column(spec, spec.board.within).kind.to)  # type: ignore[attr-defined]
        place = make(pipelines, actor, 0)
        make(stages, actor, 0, **{spec.board.within: str(place.pk)})


def _plain(model: Any, field: Any, number: int) -> str:
    label = f"{model._meta.label_lower}.{field.name}"
    special = SPECIAL.get(label)
    return str(special(number)) if special else text_of(field.kind, number, label=label)


def _part(actor: Actor, parts: Parts, number: int) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for name in parts.fields:
        field = parts.model._meta.get_field(name)
        if name == parts.main:
            line[name] = number % PART_ROWS > 0
        else:
            line[name] = _text(actor, parts.model, field, number, {}, required=True)
    return line


def _without_twins(spec: Spec, values: dict[str, Any]) -> dict[str, Any]:
    """Child rows that may not stand twice: only the first of each."""
    for parts in spec.parts:
        if parts.unique and parts.name in values:
            names = [name.removesuffix("_id") for name in parts.unique.split()]
            first = {
                tuple(line[name] for name in names): line for line in reversed(values[parts.name])
            }
            values[parts.name] = list(reversed(first.values()))
    return values


def _keys() -> list[str]:
    return [spec.key for spec in registry.specs()]
