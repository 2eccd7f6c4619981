"""Every object that exists, by key. Closed once the start-up checks have run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from guanxi.kernel.spec import Parts, Spec, Tab

if TYPE_CHECKING:
    from guanxi.kernel.record import Record

_specs: dict[str, Spec] = {}
_modules: dict[str, "Module"] = {}
_subscribers: dict[str, list[Callable[..., None]]] = {}
_custom: list[Callable[[str], Mapping[str, Any]]] = []


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """One sort of notice people get, under its key such as "sales.opportunity_lost".

    text: one sentence beside the record's title, in the reader's language; %(from)s is who caused
    it, further names come from the values given to `guanxi.notices.service.notify`
    many: the same about several records at once, with %(count)s and %(objects)s
    acts: rules of the object that can be done from the inbox, such as complete_plan
    """

    key: str
    label: Any
    text: Any
    many: Any = ""
    icon: str = "bell"
    acts: tuple[Callable[..., None], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Module:
    """What a package of business objects contributes; one per `module.py`.

    subscribers: event name -> functions(event) run from the outbox after commit; "*.handed_over"
    hears that event of every object
    notices: the kinds of notices its rules and subscribers give
    day_one: fills the master data a new installation begins with; may run again
    pages: URL patterns of hand-made pages
    writers: called with (spec, edits) inside every write (search documents, stamps)
    drafters: called with (spec, edits) of a batch's new records, checked and about to be written:
    what takes long and needs no lock goes into `edit.drafts`, where the module's writer finds it
    removers: called with (spec, ids) when rows are deleted
    after_migrate: called once the tables are up to date
    list_acts: offers (actor, spec, query) -> {label, url, icon} or None in the head of every list
    record_acts: offers (actor, spec, record) -> the same in the head of every record page; with
    `looks`, because it changes nothing, also where the record can only be viewed
    quick: offers (actor) -> {label, url, icon, dialog} or None among what the frame can create
    menu: offers (actor) -> {label, url, icon, group} or None for hand-made pages
    custom_fields: the custom fields of an object: key -> {path: kernel.extra.Extra}
    home: offers (actor) -> [{label, value, unit, note, url}] figures or [{label, icon, items,
    url}] cards
    views: an object at a second address, some of its rows under words of their own: the object's
    Spec with `replace`d path, `only` and wording; rights, journal and rules stay the object's
    inline: offers (actor, spec, record) -> the context of a form above the timeline, with its
    `template` and the `label` and `icon` of its tab beside that of comments, or None
    row_acts: offers (actor, spec, record) -> {label, url, dialog} or None at the end of list rows
    pasted: object key -> function(actor, kernel.cards.Card) -> [kernel.proposals.Proposal]: what of a
    pasted card goes into the form of a new record
    lister: what a list address means: (actor, spec, query parameters) -> (rows in scope and
    order, paths of the columns shown); raises Wrong
    """

    name: str
    label: Any
    specs: tuple[Spec, ...] = ()
    views: tuple[Spec, ...] = ()
    needs: tuple[str, ...] = ()
    subscribers: Mapping[str, tuple[Callable[..., None], ...]] = field(default_factory=dict)
    day_one: Callable[[], None] | None = None
    pages: tuple[Any, ...] = ()
    writers: tuple[Callable[..., None], ...] = ()
    drafters: tuple[Callable[..., None], ...] = ()
    removers: tuple[Callable[..., None], ...] = ()
    after_migrate: tuple[Callable[[], None], ...] = ()
    list_acts: tuple[Callable[..., Any], ...] = ()
    record_acts: tuple[Callable[..., Any], ...] = ()
    row_acts: tuple[Callable[..., Any], ...] = ()
    inline: tuple[Callable[..., Any], ...] = ()
    quick: tuple[Callable[..., Any], ...] = ()
    menu: tuple[Callable[..., Any], ...] = ()
    home: tuple[Callable[..., Any], ...] = ()
    custom_fields: Callable[[str], Mapping[str, Any]] | None = None
    lister: Callable[..., Any] | None = None
    notices: tuple[NoticeKind, ...] = ()
    pasted: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


def register(module: Module) -> None:
    if module.name in _modules:
        raise ValueError(f"Module {module.name} is registered twice.")
    _modules[module.name] = module
    for spec in module.specs:
        if spec.key in _specs:
            raise ValueError(f"{spec.key} is registered twice.")
        _specs[spec.key] = spec
    for event, functions in module.subscribers.items():
        _subscribers.setdefault(event, []).extend(functions)
    if module.custom_fields is not None:
        _custom.append(module.custom_fields)
    tabs_of.cache_clear()
    links_to.cache_clear()


def after_migrate(**_signal: Any) -> None:
    for module in modules():
        for function in module.after_migrate:
            function()


def modules() -> tuple[Module, ...]:
    return tuple(_modules.values())


def specs() -> Iterator[Spec]:
    return iter(tuple(_specs.values()))


def spec(key: "str | type[Record]") -> Spec:
    """The Spec of "sales.opportunity" or of a model class; KeyError where there is none."""
    return _specs[key.lower() if isinstance(key, str) else key._meta.label_lower]


def find(key: str) -> Spec | None:
    return _specs.get(key.lower())


def shown() -> Iterator[Spec]:
    """Everything that has pages: the objects, and views on them, module by module."""
    for module in modules():
        yield from (_specs[known.key] for known in module.specs if known.key in _specs)
        yield from module.views


def by_path(path: str) -> Spec | None:
    return next((known for known in shown() if known.path == path), None)


def lister() -> Callable[..., Any]:
    """How list addresses are read; LookupError in an installation without pages."""
    found = next((module.lister for module in modules() if module.lister), None)
    if found is None:
        raise LookupError("No module reads list addresses.")
    return found


def subscribers(event: str) -> tuple[Callable[..., None], ...]:
    everywhere = f"*.{event.rpartition('.')[2]}"
    return (*_subscribers.get(event, ()), *_subscribers.get(everywhere, ()))


def reader_of_cards(key: str) -> Callable[..., Any] | None:
    """What of a pasted card goes into the form of the object `key`; None where nothing does."""
    return next((one.pasted[key] for one in modules() if key in one.pasted), None)


def notice_kinds() -> dict[str, NoticeKind]:
    """By key, in the order of the modules."""
    return {kind.key: kind for module in _modules.values() for kind in module.notices}


def custom_fields(key: str) -> Mapping[str, Any]:
    """{path: kernel.extra.Extra} of the object `key`, in order: as they are in force now."""
    return _custom[0](key) if _custom else {}


@lru_cache
def tabs_of(key: str) -> tuple[Tab, ...]:
    """The tabs children have declared on the object `key`."""
    return tuple(
        added.tab for known in _specs.values() for added in known.extends if added.parent == key
    )


@lru_cache
def links_to(key: str) -> tuple[tuple[Any, str, Spec | None], ...]:
    """Every column that links to the object `key`: (model, field name, its Spec; None for a
    part)."""
    found = []
    for known in _specs.values():
        for model, owner in [(known.model, known), *((p.model, None) for p in known.parts)]:
            for column in model._meta.fields:
                target = getattr(column, "related_model", None)
                if target is not None and target._meta.label_lower == key:
                    if not getattr(column, "owns", False):
                        found.append((model, column.name, owner))
    return tuple(found)


def owner_of(model: Any) -> tuple[Spec, Parts]:
    """The object whose child rows these are, and how it declares them."""
    return next(
        (known, parts) for known in _specs.values() for parts in known.parts if parts.model is model
    )


def title_of(record: "Record") -> str:
    """What a person calls this record; terms have an English name for English readers."""
    if getattr(record, "name_en", "") and (get_language() or "").startswith("en"):
        return str(record.name_en)  # type: ignore[attr-defined]
    known = _specs.get(record._meta.label_lower)
    if known is None:
        return str(record.pk)
    field: Any = record._meta.get_field(known.title)
    return field.kind.as_title(getattr(record, known.title))
