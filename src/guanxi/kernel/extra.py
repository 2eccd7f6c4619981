"""Custom fields: values administrators add to an object, kept in the JSON column `extra`.

The kernel knows what such a field is; which ones there are it asks of `registry.custom_fields`.
Their paths ("f12") are used as those of native fields everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from guanxi.kernel import kinds, registry
from guanxi.kernel.company import with_currencies
from guanxi.kernel.extra_paths import is_extra, sort_key
from guanxi.kernel.fields import MONEY_SCALE
from guanxi.kernel.spec import Capability, Section, Spec
from guanxi.kernel.text import name_key

COLUMN = "extra"


@dataclass(frozen=True)
class Store:
    """How values of one kind lie in the JSON column. `empty`: what a missing key means."""

    transform: str
    empty: Any
    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


TEXT = Store("as_text", "", _same, _same)
STORES = {
    "text": TEXT,
    "long_text": TEXT,
    "choice": TEXT,
    "integer": Store("as_whole", None, _same, _same),
    "decimal": Store(
        "as_decimal",
        None,
        lambda value: int(value * MONEY_SCALE),
        lambda n: Decimal(n) / MONEY_SCALE,
    ),
    "date": Store("as_day", None, date.isoformat, date.fromisoformat),
    "boolean": Store("as_flag", False, _same, _same),
}


@dataclass(frozen=True, eq=False)
class Extra:
    """One custom field. `path` is its key in `extra`, too.

    `asked`: offered as a query condition; `searched`: found by its text; `alike`: two rows with
    the same value are possible duplicates.
    """

    path: str
    label: Any
    kind: kinds.Kind
    book: int
    section: Any = ""
    required: bool = False
    asked: bool = False
    searched: bool = False
    alike: bool = False

    @cached_property
    def store(self) -> Store:
        return STORES[self.kind.name]

    @property
    def must(self) -> bool:
        """Whether a person has to fill it in; an unticked box is an answer."""
        return self.required and self.store.empty is not False

    @cached_property
    def orm(self) -> str:
        return f"{COLUMN}__{self.path}__{self.store.transform}"

    @property
    def by_pinyin(self) -> bool:
        return self.kind.name == "text"

    @cached_property
    def sort(self) -> str:
        """The ORM path by which lists sort; empty where they don't."""
        if self.by_pinyin:
            return f"{COLUMN}__{sort_key(self.path)}__{self.store.transform}"
        return self.orm if self.kind.sortable else ""

    def load(self, stored: Any) -> Any:
        """The value of what the JSON column holds under the key; None where there is no key."""
        return self.store.empty if stored is None else self.store.load(stored)

    def get(self, record: Any) -> Any:
        return self.load(record.extra.get(self.path))

    def put(self, record: Any, value: Any) -> None:
        """Sets the value; an empty one removes the key."""
        put_stored(
            record, self.path, None if value in ("", None, False) else self.store.dump(value)
        )


def put_stored(record: Any, path: str, stored: Any) -> None:
    """Sets what the JSON column holds under the key; None removes it."""
    gone = (path, sort_key(path))
    rest = {key: value for key, value in record.extra.items() if key not in gone}
    record.extra = rest if stored is None else {**rest, path: stored}


def derive_extras(custom: Sequence[Extra], record: Any) -> None:
    """Fills in the sort keys that are missing, as companions of native texts are filled."""
    for extra in custom:
        key = sort_key(extra.path)
        if extra.by_pinyin and extra.path in record.extra and key not in record.extra:
            record.extra = record.extra | {key: name_key(record.extra[extra.path])}


def extras(spec: Spec, *, book: int) -> list[Extra]:
    """The custom fields of an object in one account set, in order."""
    return [extra for extra in registry.custom_fields(spec.key).values() if extra.book == book]


def find_extra(spec: Spec, path: str) -> Extra | None:
    """The custom field at this path, as long as it is in force."""
    return registry.custom_fields(spec.key).get(path) if is_extra(path) else None


def get_value(record: Any, name: str) -> Any:
    """The value of a field by its name: a custom one, or a column (ids for links)."""
    extra = find_extra(registry.spec(type(record)), name)
    if extra is not None:
        return extra.get(record)
    return getattr(record, record._meta.get_field(name).attname)


def put_value(record: Any, name: str, value: Any) -> None:
    extra = find_extra(registry.spec(type(record)), name)
    if extra is not None:
        extra.put(record, value)
    else:
        setattr(record, record._meta.get_field(name).attname, value)


def must_be_filled(record: Any, name: str) -> bool:
    extra = find_extra(registry.spec(type(record)), name)
    if extra is not None:
        return extra.must
    field = record._meta.get_field(name)
    return not (field.blank or field.null or field.has_default())


def form_of(spec: Spec, *, book: int) -> tuple[Section, ...]:
    """The sections of form and record page, custom fields last."""
    found: dict[str, list[Extra]] = {}
    for extra in extras(spec, book=book):
        found.setdefault(str(extra.section), []).append(extra)
    custom = [
        Section(group[0].section, " ".join(extra.path for extra in group))
        for group in found.values()
    ]
    return (*spec.form, *custom)


def form_paths(spec: Spec, *, book: int) -> tuple[str, ...]:
    return (*spec.form_fields, *(extra.path for extra in extras(spec, book=book)))


def bulk_paths(spec: Spec, *, book: int) -> tuple[str, ...]:
    """What may be changed on many rows at once: what the Spec names, and every custom field."""
    if not spec.can(Capability.BULK_EDIT):
        return ()
    return (*spec.bulk_edit, *(extra.path for extra in extras(spec, book=book)))


def condition_paths(spec: Spec, *, book: int) -> tuple[str, ...]:
    """What the query form of a list asks for; beside an amount its currency."""
    asked = (extra.path for extra in extras(spec, book=book) if extra.asked)
    return with_currencies(spec.model, (*spec.filters, *asked))
