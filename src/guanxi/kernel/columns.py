"""Paths: "amount", "amount_currency", "customer", "customer.name" (one hop over a link),
"channels.value" (a part)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.company import CURRENCIES, amount_of, money_columns
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import Extra, find_extra
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.spec import Parts, Spec, capitalised

CURRENCY = kinds.ChoiceKind(choices=CURRENCIES)


@dataclass(frozen=True)
class Column:
    """One readable value of an object.

    path: as written in specs, queries and addresses; orm: the same for Django
    spec, field: the object and field whose rights rule this value
    parts: set when the value lies in child rows (there may be several)
    extra: set when it is a custom value
    link: set when it lies in the row this link leads to
    """

    path: str
    orm: str
    label: Any
    kind: kinds.Kind
    spec: Spec
    field: str
    link: "Column | None" = None
    parts: Parts | None = None
    null: bool = False
    sort: str = ""
    extra: Extra | None = None

    @property
    def hop(self) -> str:
        return self.link.path if self.link else ""

    @property
    def sortable(self) -> bool:
        return bool(self.sort)


def column(spec: Spec | str, path: str) -> Column:
    """The column at `path`; raises Wrong for a path that does not exist."""
    if isinstance(spec, str):
        spec = registry.spec(spec)
    head, _dot, rest = path.rpartition(".")
    return _custom(spec, head, rest) if is_extra(rest) else _native(spec, path)


@lru_cache(maxsize=4096)
def _native(spec: Spec, path: str) -> Column:
    head, _dot, rest = path.partition(".")
    if not rest:
        return _own(spec, head)
    parts = spec.part(head)
    if parts is not None:
        field = _field(parts.model, rest)
        return Column(
            path=path,
            orm=f"{_part_lookup(parts)}__{rest}",
            label=capitalised(field.verbose_name),
            kind=field.kind,
            spec=spec,
            field=head,
            parts=parts,
        )
    if "." in rest:
        raise Wrong(f"{spec.key}: {path} goes more than one step.")
    link = _own(spec, head)
    if not isinstance(link.kind, kinds.LinkKind):
        raise Wrong(f"{spec.key}: {head} is no link.")
    return _over(link, _own(registry.spec(link.kind.to), rest))


def _over(link: Column, target: Column) -> Column:
    """A column of the linked object, as seen from the object that links to it."""
    return replace(
        target,
        path=f"{link.path}.{target.path}",
        orm=f"{link.orm}__{target.orm}",
        link=link,
        null=link.null or target.null,
        sort=f"{link.orm}__{target.sort}" if target.sort else "",
    )


def _custom(spec: Spec, head: str, path: str) -> Column:
    """A custom field of the object, or of the one a link leads to; never remembered here."""
    if head:
        link = _native(spec, head)
        if not isinstance(link.kind, kinds.LinkKind) or link.hop:
            raise Wrong(f"{spec.key}: {head} is no link.")
        return _over(link, _custom(registry.spec(link.kind.to), "", path))
    extra = find_extra(spec, path)
    if extra is None:
        raise Wrong(f"{spec.key}: there is no {path}.")
    return Column(
        path=path,
        orm=extra.orm,
        label=extra.label,
        kind=extra.kind,
        spec=spec,
        field=path,
        null=extra.store.empty is None,
        sort=extra.sort,
        extra=extra,
    )


def _own(spec: Spec, name: str) -> Column:
    if name in ("id", "number_of"):
        kind: kinds.Kind = kinds.IntegerKind(plain=True)
        return Column("id", "id", "ID", kind, spec, "id", sort="id")
    if name in money_columns(spec.model):
        return _currency(spec, name)
    field = _field(spec.model, name)
    return Column(
        path=name,
        orm=name,
        label=capitalised(spec.labels.get(name, field.verbose_name)),
        kind=spec.kinds.get(name, field.kind),
        spec=spec,
        field=name,
        null=field.null,
        sort=_sort(spec, field),
    )


def _currency(spec: Spec, name: str) -> Column:
    """The currency of an amount, under the rights of the amount."""
    amount = amount_of(spec.model, name)
    label = format_lazy(_("{field}: currency"), field=_own(spec, amount).label)
    return Column(path=name, orm=name, label=label, kind=CURRENCY, spec=spec, field=amount)


def _sort(spec: Spec, field: Any) -> str:
    """The ORM path by which a list sorts by this field: a pinyin key, a linked title, itself."""
    kind = field.kind
    if isinstance(kind, kinds.LinkKind):
        target = registry.find(kind.to)
        if target is None:
            return ""
        if target.by_position:
            return f"{field.name}__position"
        inner = target.model._meta.get_field(target.title)
        beyond = _sort(target, inner)
        return f"{field.name}__{beyond}" if beyond else ""
    if "key" in getattr(field, "companions", {}):
        return f"{field.name}_key"
    return field.name if kind.sortable else ""


def _field(model: Any, name: str) -> Any:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise Wrong(f"{model._meta.label}: there is no {name}.") from None
    if not hasattr(field, "kind") or field.name != name:
        raise Wrong(f"{model._meta.label}: {name} is not for use.")
    return field


def _part_lookup(parts: Parts) -> str:
    owner: Any = parts.model._meta.get_field(parts.owner_field)
    return owner.related_query_name()


def columns(spec: Spec, paths: Iterable[str]) -> tuple[Column, ...]:
    return tuple(column(spec, path) for path in paths)


def policies(actor: Actor, col: Column) -> tuple[Policy, Policy]:
    """(on my rows, on others' rows) for this column; FREE where no role says anything."""
    if actor.rights.everything:
        return Policy.FREE, Policy.FREE
    usual = usual_policy(col.kind)
    found = actor.rights.policies.get((col.spec.key, col.field), (usual, usual))
    if col.link is None:
        return found
    # Over a link we do not know whose row it is: the stricter of both counts. Whoever may not
    # know where the link leads may not know either what is there.
    strict = min(found)
    mine, others = policies(actor, col.link)
    return min(strict, mine), min(strict, others)


def usual_policy(kind: kinds.Kind) -> Policy:
    """What counts where no field rule of a role says anything."""
    return Policy.MASKED if kind.guarded else Policy.FREE


def may_set(col: Column, rule: Policy) -> bool:
    """Whether a value may be written under this policy; guarded ones are set unseen."""
    return rule is Policy.FREE or (col.kind.guarded and rule is Policy.MASKED)


def policy(actor: Actor, col: Column, *, mine: bool) -> Policy:
    return policies(actor, col)[0 if mine else 1]


def is_open(actor: Actor, col: Column) -> bool:
    """Whether this column may order, filter, search and be summed.

    What is masked on some of the rows asked would tell its secret through order and counts.
    """
    return min(policies(actor, col)) >= Policy.READONLY


def is_seen(actor: Actor, col: Column) -> bool:
    """Whether the column shows anything at all on some rows."""
    return max(policies(actor, col)) > Policy.HIDDEN
