"""What an object says about itself: one frozen, keyword-only value per object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.spec_words import CustomLimits, Quick
from guanxi.kernel.text import capital

if TYPE_CHECKING:
    from guanxi.kernel.record import Part, Record

capitalised = lazy(capital, str)


class Capability(Enum):
    """What every object can do unless `off` says why not."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    INVALIDATE = "invalidate"
    IMPORT = "import"
    EXPORT = "export"
    SEARCH = "search"
    PICK = "pick"
    BULK_EDIT = "bulk_edit"
    STATISTICS = "statistics"
    TRANSFER = "transfer"
    SHARE = "share"


@dataclass(frozen=True)
class Scope:
    """Which rows a grant reaches: a union of branches, each compiled to a query of its own.

    "owner": rows whose owner lies within the reach granted, and rows shared with the person
    "everyone": every row, for whoever is granted the verb at all
    "through:LINK": rows whose linked parent may be used for the same verb
    """

    branches: tuple[str, ...]

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(tuple(dict.fromkeys((*self.branches, *other.branches))))

    @staticmethod
    def through(link: str) -> "Scope":
        return Scope((f"through:{link}",))

    if TYPE_CHECKING:
        OWNER: ClassVar["Scope"]
        EVERYONE: ClassVar["Scope"]

    @property
    def has_owner(self) -> bool:
        return "owner" in self.branches


Scope.OWNER = Scope(("owner",))
Scope.EVERYONE = Scope(("everyone",))


@dataclass(frozen=True)
class Section:
    """A group of fields in the form and on the record page; folded ones open on demand."""

    label: Any
    fields: tuple[str, ...]
    folded: bool = False

    def __init__(self, label: Any, fields: str, *, folded: bool = False) -> None:
        _set(self, label=label, fields=tuple(fields.split()), folded=folded)


@dataclass(frozen=True)
class Parts:
    """Child rows written with their owner: `main` names the flag of which each `main_per` has one.

    `cards`: rows of many fields, each a small form of its own instead of a line.
    `own_page`: shown and edited on a page made for them, not in the form and on the record page.
    """

    name: str
    model: "type[Part]"
    label: Any
    fields: tuple[str, ...]
    main: str = ""
    main_per: str = ""
    unique: str = ""
    folded: bool = False
    own_page: bool = False
    cards: bool = False

    def __init__(
        self,
        name: str,
        model: "type[Part]",
        label: Any,
        fields: str,
        *,
        main: str = "",
        main_per: str = "",
        unique: str = "",
        folded: bool = False,
        own_page: bool = False,
        cards: bool = False,
    ) -> None:
        _set(
            self,
            name=name,
            model=model,
            label=label,
            fields=tuple(fields.split()),
            main=main,
            main_per=main_per,
            unique=unique,
            folded=folded,
            own_page=own_page,
            cards=cards,
        )

    @property
    def owner_field(self) -> str:
        return _owner_field(self.model)


@lru_cache
def _owner_field(model: "type[Part]") -> str:
    return next(field.name for field in model._meta.fields if getattr(field, "owns", False))


@dataclass(frozen=True)
class Same:
    """Two rows are possible duplicates when all these fields agree after folding.

    A field is a path of the record, or PARTS.FIELD, of one PARTS only; `core` compares company
    names by their core.
    `mobile`: of phone numbers only mobile ones count, colleagues share a switchboard.
    """

    fields: tuple[str, ...]
    core: bool = False
    mobile: bool = False

    def __init__(self, fields: str, *, core: bool = False, mobile: bool = False) -> None:
        _set(self, fields=tuple(fields.split()), core=core, mobile=mobile)


@dataclass(frozen=True)
class Count:
    """How many rows, by a field; `step` cuts dates into month, quarter or year."""

    by: str
    step: str = ""
    label: Any = ""

    def __init__(self, *, by: str, step: str = "", label: Any = "") -> None:
        _set(self, by=by, step=step, label=label)


@dataclass(frozen=True)
class Sum:
    """The sum of a number field, by a field; money is summed per currency."""

    field: str
    by: str
    step: str = ""
    label: Any = ""

    def __init__(self, field: str, *, by: str, step: str = "", label: Any = "") -> None:
        _set(self, field=field, by=by, step=step, label=label)


Measure = Count | Sum


@dataclass(frozen=True)
class Tab:
    """Rows of another object that link here, on the record page; as a `Stream` in its timeline."""

    target: str
    via: str
    stream: Any = None


@dataclass(frozen=True)
class AddTab:
    """A child declares its tab on the parent, so that no module needs to know who hangs on it."""

    parent: str
    tab: Tab


@dataclass(frozen=True)
class Ruled:
    """A field that no plain edit sets: changing it is calling `rule(actor, record, FIELD=...,
    ...)`.

    `takes` names further fields that belong to the rule (reason, date).
    """

    field: str
    rule: Callable[..., Any]
    takes: tuple[str, ...] = ()

    def __init__(self, field: str, rule: Callable[..., Any], *, takes: str = "") -> None:
        _set(self, field=field, rule=rule, takes=tuple(takes.split()))


@dataclass(frozen=True)
class Number:
    """The field whose value new records get by themselves (`kernel.numbering` knows the pattern).

    `typed`: people may write one of their own. Pattern, reset, gapless: what one begins with.
    """

    field: str
    pattern: str
    reset: str = "never"
    gapless: bool = False
    typed: bool = True

    def __init__(
        self,
        field: str,
        pattern: str,
        *,
        reset: str = "never",
        gapless: bool = False,
        typed: bool = True,
    ) -> None:
        _set(self, field=field, pattern=pattern, reset=reset, gapless=gapless, typed=typed)


@dataclass(frozen=True)
class Board:
    """A kanban: columns are the rows of the linked object `by`, within one `within` at a time."""

    by: str
    sums: str = ""
    within: str = ""
    card: tuple[str, ...] = ()
    weight: str = ""

    def __init__(
        self, by: str, *, sums: str = "", within: str = "", card: str = "", weight: str = ""
    ) -> None:
        _set(self, by=by, sums=sums, within=within, card=tuple(card.split()), weight=weight)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spec:
    """Everything about an object that is not a column and not a rule. Values only.

    `void_reasons`: the dictionary whose entries are offered as reasons of invalidation.
    `labels`: what fields are called here where their own name says too little.
    `order_within`: the link below whose rows this object can be ordered by hand on its own.
    `effects`: called with (actor, edits) once rows are written or removed (verb "delete"), in the
    same transaction: what follows from it on other rows.
    `together`: fields not edited in place, for they ask for others along with them.
    `derived`: columns worked out from other rows; only `derived.put_derived` sets them.
    `uncopied`: fields of the form that belong to the one row only; a copy begins without them.
    `locked`: a question of the model; while it says yes the row can only be viewed.
    `custom`: what administrators may add to this object. `quick`: conditions one tap away.
    `only`, `kinds`: of a view (`Module.views`): the values all its rows have, and field types that
    offer less than the object's own.
    """

    model: "type[Record]"
    scope: Scope
    path: str
    label: Any = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    title: str = "name"
    icon: str = "box"
    menu: str = ""
    columns: Any = ""
    order: Any = ("-updated_at", "-id")
    order_within: str = ""
    search: Any = ()
    phones: Any = ()
    filters: Any = ()
    form: tuple[Section, ...] = ()
    parts: tuple[Parts, ...] = ()
    figures: Any = ()
    state: str = ""
    void_reasons: str = ""
    duplicates: tuple[Same, ...] = ()
    bulk_edit: Any = ()
    fixed: Any = ()
    together: Any = ()
    number: Number | None = None
    import_key: Any = ()
    history_rule: Callable[..., Any] | None = None
    statistics: tuple[Measure, ...] = ()
    ruled: tuple[Ruled, ...] = ()
    prepares: tuple[Callable[..., None], ...] = ()
    checks: tuple[Callable[..., None], ...] = ()
    defaults: Callable[..., Mapping[str, Any]] | None = None
    effects: tuple[Callable[..., None], ...] = ()
    derived: Any = ()
    uncopied: Any = ()
    locked: str = ""
    custom: "CustomLimits | None" = None
    only: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[Callable[..., Any], ...] = ()
    board: Board | None = None
    extends: tuple[AddTab, ...] = ()
    quick: tuple[Quick, ...] = ()
    tree: str = ""
    small: bool = False
    off: Mapping[Capability, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = ("columns", "order", "search", "phones", "filters", "figures", "bulk_edit")
        for name in (*words, "import_key", "fixed", "together", "derived", "uncopied"):
            value = getattr(self, name)
            if isinstance(value, str):
                _set(self, **{name: tuple(value.split())})
        if not isinstance(self.scope, Scope) or not self.scope.branches:
            raise TypeError(f"{self.model.__name__}: a Spec says its scope.")
        if not self.columns:
            _set(self, columns=(self.title,))

    @cached_property
    def key(self) -> str:
        """Such as "sales.opportunity"; stands in rights, journal, events and queries."""
        return self.model._meta.label_lower

    @property
    def name(self) -> Any:
        return self.label or self.model._meta.verbose_name

    @property
    def plural(self) -> Any:
        return capitalised(self.label if self.only else self.model._meta.verbose_name_plural)

    @property
    def by_position(self) -> bool:
        return self.order[0] == "position"

    def can(self, capability: Capability) -> bool:
        if capability in (Capability.TRANSFER, Capability.SHARE) and not self.scope.has_owner:
            return False
        return capability not in self.off

    def part(self, name: str) -> Parts | None:
        found = [parts for parts in self.parts if parts.name == name]
        return found[0] if found else None

    def ruled_by(self, name: str) -> Ruled | None:
        return next((ruled for ruled in self.ruled if ruled.field == name), None)

    @cached_property
    def form_fields(self) -> tuple[str, ...]:
        return tuple(name for section in self.form for name in section.fields)


def _name_label(model: "type[Record]") -> str:
    return gettext("%(object)s name") % {"object": model._meta.verbose_name}


name_label = lazy(_name_label, str)


def dictionary(model: "type[Record]", **words: Any) -> Spec:
    """The Spec of a list of terms: twelve lines become two."""
    tree = words.get("tree", "")
    base: dict[str, Any] = {
        "labels": {"name": name_label(model)},
        "scope": Scope.EVERYONE,
        "columns": f"name {tree} remark",
        "order": "position id",
        "order_within": tree,
        "search": "name",
        "filters": "name",
        "form": (
            Section("", f"name {tree} remark"),
            Section(_("More"), "code name_en colour is_default", folded=True),
        ),
        "import_key": "name",
        "small": True,
        "icon": "tags",
        "menu": "settings",
    }
    return Spec(model=model, **{**base, **words})


def _set(target: Any, **values: Any) -> None:
    for name, value in values.items():
        object.__setattr__(target, name, value)
