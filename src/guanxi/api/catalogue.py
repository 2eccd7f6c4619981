"""What an object has over the API, for one person: its fields, child rows, acts and addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import Column, column, columns, is_seen, may_set, policies
from guanxi.kernel.extra import find_extra, form_paths
from guanxi.kernel.rule import RuleInfo, info_of
from guanxi.kernel.spec import Capability, Parts, Spec
from guanxi.kernel.values import is_writable

ROOT = "/api/v1"
STAMPS = ("created_at", "updated_at", "voided_at", "void_reason")


@dataclass(frozen=True)
class Field:
    """One field of a record or of a child row.

    required: must be given when a record is made; masked: some or all values come as their mask
    """

    name: str
    label: str
    kind: kinds.Kind
    writable: bool
    required: bool
    masked: bool


def objects(actor: Actor) -> list[Spec]:
    """Every object the person may see any rows of, in the order of the paths."""
    seen = [spec for spec in registry.specs() if actor.may(spec.key, "view")]
    return sorted(seen, key=lambda spec: spec.path)


def collection_address(spec: Spec) -> str:
    return f"{ROOT}/{spec.path}"


def record_address(spec: Spec, record_id: int) -> str:
    return f"{ROOT}/{spec.path}/{record_id}"


def file_address(spec: Spec, record_id: int, file_id: int) -> str:
    return f"{record_address(spec, record_id)}/files/{file_id}"


def own_paths(actor: Actor, spec: Spec) -> tuple[str, ...]:
    """The fields of a record in order, custom ones included; those hidden on all rows left out."""
    return tuple(col.path for col in _own(actor, spec))


def _own(actor: Actor, spec: Spec) -> list[Column]:
    shown = [*spec.columns, *spec.figures, *filter(None, (spec.state,))]
    names = [spec.title, *form_paths(spec, book=actor.book)]
    names += ["owner"] if spec.scope.has_owner else []
    names += [path for path in shown if "." not in path]
    names += ["position"] if spec.by_position else []
    found = columns(spec, dict.fromkeys([*names, *STAMPS]))
    return [col for col in found if col.parts is None and is_seen(actor, col)]


def part_names(actor: Actor, spec: Spec) -> tuple[str, ...]:
    """The child rows the person sees on some record at least."""
    return tuple(parts.name for parts in spec.parts if is_seen(actor, _probe(spec, parts)))


def _probe(spec: Spec, parts: Parts) -> Column:
    """Child rows share one right, which any of their fields tells."""
    return column(spec, f"{parts.name}.{parts.fields[0]}")


def fields_of(actor: Actor, spec: Spec) -> list[Field]:
    return [_field(actor, spec, col) for col in _own(actor, spec)]


def _field(actor: Actor, spec: Spec, col: Column) -> Field:
    rules = policies(actor, col)
    may = any(may_set(col, rule) for rule in rules)
    writable = may and is_writable(spec, col.path, book=actor.book)
    return Field(
        col.path,
        str(col.label),
        col.kind,
        writable=writable,
        required=writable and _must(spec, col.path),
        masked=Policy.MASKED in rules,
    )


def _must(spec: Spec, name: str) -> bool:
    """Whether a new record is refused without it; what defaults or preparations fill is not."""
    extra = find_extra(spec, name)
    if extra is not None:
        return extra.must
    field: Any = spec.model._meta.get_field(name)
    if field.blank or field.null or field.has_default():
        return False
    return not (spec.defaults and isinstance(field.kind, kinds.LinkKind)) and not (
        name == spec.title and spec.prepares
    )


def part_fields(actor: Actor, spec: Spec, parts: Parts) -> list[Field]:
    rules = policies(actor, _probe(spec, parts))
    writable = max(rules) is Policy.FREE and not parts.own_page
    found = []
    for name in parts.fields:
        field: Any = parts.model._meta.get_field(name)
        must = not (field.blank or field.null or field.has_default())
        label = str(field.verbose_name)
        found.append(
            Field(name, label, field.kind, writable, writable and must, Policy.MASKED in rules)
        )
    return found


def verbs_of(actor: Actor, spec: Spec) -> dict[str, bool]:
    """What the person may do with some rows of the object at least."""
    needs = {
        "create": Capability.CREATE,
        "edit": Capability.EDIT,
        "invalidate": Capability.INVALIDATE,
        "restore": Capability.INVALIDATE,
        "delete": Capability.DELETE,
        "transfer": Capability.TRANSFER,
        "share": Capability.SHARE,
    }
    return {verb: spec.can(need) and actor.may(spec.key, verb) for verb, need in needs.items()}


def rules_of(actor: Actor, spec: Spec) -> Iterator[RuleInfo]:
    """The rules of the object that the person may call on some row."""
    for function in spec.actions:
        info = info_of(function)
        if actor.may(spec.key, info.verb):
            yield info
