"""What the columns of a file can fill: derived from the Spec, for every object alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.exchange.words import others
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.company import with_currencies
from guanxi.kernel.extra import Extra
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.spec import Capability, Parts, Spec

LANGUAGES = ("zh-hans", "en")
#: Codes of a part's kinds that hold telephone numbers, by what `read_phone` calls them.
PHONE_KINDS = {"mobile": "mobile", "landline": "landline", "400": "service"}


@dataclass(frozen=True)
class Target:
    """A field a column can fill.

    key: as stored in mappings ("amount", "channels.mobile", "addresses.city")
    field: the model field of the record or of its part, None for a custom value
    group: where it stands in the form
    parts: the Parts it belongs to; part_kind: the code of the part's kind, "" where it has none
    ruled: no plain edit sets it
    """

    key: str
    label: Any
    field: Any
    kind: kinds.Kind
    group: Any
    required: bool = False
    parts: Parts | None = None
    part_kind: str = ""
    ruled: bool = False

    @property
    def links_to(self) -> Spec | None:
        return registry.find(self.kind.to) if isinstance(self.kind, kinds.LinkKind) else None

    @property
    def asks_values(self) -> bool:
        """Whether its values must be known ones: links and fixed choices."""
        return isinstance(self.kind, (kinds.LinkKind, kinds.ChoiceKind))

    @property
    def is_date(self) -> bool:
        return isinstance(self.kind, kinds.DateKind)

    @property
    def is_money(self) -> bool:
        return isinstance(self.kind, kinds.MoneyKind)

    @property
    def is_phone(self) -> bool:
        if self.parts is None:
            return isinstance(self.kind, kinds.PhoneKind)
        return self.part_kind in PHONE_KINDS.values() and "digits" in _names(self.parts)

    @cached_property
    def line(self) -> str:
        """Of child rows that stand for another record: the target that names it, else ""."""
        if self.parts is None or self.parts.main_per or not self.parts.unique:
            return ""
        return f"{self.parts.name}.{self.parts.unique.removesuffix('_id')}"

    @cached_property
    def gathers(self) -> bool:
        """Whether several columns may fill it, each adding its values: 手机 and 手机2."""
        return bool(self.part_kind) and self.key.rpartition(".")[2] == self.part_kind

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called in every language, lower case."""
        return tuple(dict.fromkeys(text.casefold() for text in in_languages(self.label)))


def targets(spec: Spec) -> dict[str, Target]:
    """Everything a file may fill, by key, in the order of the form; custom fields last."""
    extras = tuple(registry.custom_fields(spec.key).values())
    return _with_custom(spec, extras) if extras else _native(spec)


@lru_cache(maxsize=20)
def _with_custom(spec: Spec, extras: tuple[Extra, ...]) -> dict[str, Target]:
    return _native(spec) | {extra.path: _custom(extra) for extra in extras}


def _custom(extra: Extra) -> Target:
    return Target(
        key=extra.path,
        label=extra.label,
        field=None,
        kind=extra.kind,
        group=extra.section,
        required=extra.must,
    )


@lru_cache(maxsize=200)
def _native(spec: Spec) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for section in spec.form:
        for name in with_currencies(spec.model, section.fields):
            found[name] = _own(spec, name, section.label or spec.name)
    if spec.scope.has_owner and "owner" not in found:
        found["owner"] = _own(spec, "owner", _("More"))
    for ruled in spec.ruled:
        for name in (ruled.field, *ruled.takes):
            if name not in found:
                found[name] = _own(spec, name, _("More"))
    for parts in spec.parts:
        found |= {target.key: target for target in _of_parts(parts)}
    return found


def _own(spec: Spec, name: str, group: Any) -> Target:
    col = column(spec, name)
    field = spec.model._meta.get_field(name)
    return Target(
        key=name,
        label=col.label,
        field=field,
        kind=col.kind,
        group=group,
        required=not (field.null or field.blank or field.has_default()),
        ruled=spec.ruled_by(name) is not None,
    )


def _of_parts(parts: Parts) -> Iterable[Target]:
    fields = {name: parts.model._meta.get_field(name) for name in parts.fields}
    values = [name for name in parts.fields if name not in (parts.main, parts.main_per, "remark")]
    kind_field = fields.get(parts.main_per)
    if kind_field is None:
        if parts.unique and len(values) > 1:
            for name in values:
                field = fields[name]
                key, label = f"{parts.name}.{name}", field.verbose_name
                yield Target(key, label, field, field.kind, parts.label, parts=parts)
        if len(values) == 1:
            field = fields[values[0]]
            yield Target(
                f"{parts.name}.{values[0]}",
                parts.label,
                field,
                field.kind,
                parts.label,
                parts=parts,
            )
        return
    if len(values) == 1:
        field = fields[values[0]]
        for code, label in kind_field.kind.choices.items():
            key = f"{parts.name}.{code}"
            yield Target(key, label, field, field.kind, parts.label, parts=parts, part_kind=code)
        return
    code = kind_field.get_default()
    for name in values:
        field = fields[name]
        label = field.verbose_name
        key = f"{parts.name}.{name}"
        yield Target(key, label, field, field.kind, parts.label, parts=parts, part_kind=code)


def _names(parts: Parts) -> set[str]:
    return {field.name for field in parts.model._meta.fields}


def in_languages(text: Any) -> tuple[str, ...]:
    """A lazy text in each language we speak."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(text))
    return tuple(dict.fromkeys(found))


def aliases(spec: Spec, key: str) -> tuple[str, ...]:
    """Further names under which other systems know this field."""
    if is_extra(key):
        return tuple(others(set(targets(spec)[key].names)))
    return _native_aliases(spec, key)


@lru_cache(maxsize=500)
def _native_aliases(spec: Spec, key: str) -> tuple[str, ...]:
    target = _native(spec)[key]
    names = {*target.names, key.replace("_", " ").rpartition(".")[2]}
    found = dict.fromkeys(others(names))
    if key == spec.title:
        own = {text.casefold() for text in in_languages(spec.name)}
        found |= dict.fromkeys((*own, *others(own)))
    if key == "number":
        for word in in_languages(spec.name):
            found |= dict.fromkeys((f"{word} id", f"{word} no", f"{word}编号", f"{word}号"))
    return tuple(found)


def may_import(actor: Actor, spec: Spec) -> bool:
    """Whether this person may bring along tables of these."""
    return spec.can(Capability.IMPORT) and bool(spec.form) and actor.may(spec.key, "import")


def can_create(spec: Spec | None) -> bool:
    """Whether a title alone is enough for a new row, so that a file may name new ones."""
    if spec is None or not spec.model._meta.concrete_fields:
        return False
    for field in spec.model._meta.concrete_fields:
        if field.name in (spec.title, "book", "version", "created_at", "updated_at", "extra"):
            continue
        if field.primary_key or field.null or field.blank or field.has_default():
            continue
        if spec.defaults is None:
            return False
    return not any(extra.must for extra in registry.custom_fields(spec.key).values())
