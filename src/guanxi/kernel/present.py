"""Reading values out: field rights are applied here, once, for page, export, print and every other
surface."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import Column, columns, policies
from guanxi.kernel.company import currency_column, foreign, own_currency
from guanxi.kernel.describe import tell
from guanxi.kernel.files import names_of
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.spec import Spec
from guanxi.kernel.titles import (
    colours_of,
    title_for,
    title_policies,
    title_under,
    titles_of,
)

Make = Callable[[Any, bool], "Value"]
Read = Callable[[Any], Any]


class Value(NamedTuple):
    """One presented value. `raw` is None unless the reader may see it in full; `currency` is that
    of an amount."""

    column: Column
    policy: Policy
    raw: Any
    text: str
    html: SafeString
    currency: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text


class Row(NamedTuple):
    """One presented record."""

    id: int
    title: str
    url: str
    version: int
    is_void: bool
    mine: bool
    values: tuple[Value, ...]

    @property
    def cells(self) -> list[SafeString]:
        return [value.html for value in self.values]


def address(spec: Spec, record_id: int) -> str:
    return f"/{spec.path}/{record_id}/"


def shown_file(spec: Spec, record_id: int, stored: Any) -> kinds.Shown:
    """A stored file at its address below the record that holds it."""
    return kinds.Shown(stored.pk, stored.name, f"{address(spec, record_id)}file/{stored.pk}/")


def related_names(spec: Spec, paths: Iterable[str]) -> list[str]:
    """What to select along with the rows so that presenting asks nothing more per row.

    Links are not among it: their titles come by id.
    """
    names = []
    for col in columns(spec, paths):
        if col.hop:
            names.append(col.hop)
        elif col.extra is not None or col.parts is not None:
            continue
        elif isinstance(col.kind, kinds.FileKind):
            names.append(col.field)
    return sorted(set(names))


def for_present(rows: QuerySet, spec: Spec, paths: Iterable[str]) -> QuerySet:
    """The set with only those columns of each row that `present` will read."""
    names = {"pk", "version", "voided_at", spec.title}
    names |= {"owner"} if spec.scope.has_owner else set()
    known = {field.name for field in spec.model._meta.concrete_fields}
    names |= {"name_en"} & known
    for col in columns(spec, paths):
        if col.extra is not None:
            names.add(col.hop or "extra")
        elif col.parts is None:
            names |= {col.hop or col.field, currency_column(col.hop or col.field)} & known
    related = related_names(spec, paths)
    rows = rows.only(*names)
    return rows.select_related(*related) if related else rows


def present(actor: Actor, spec: Spec, records: Sequence[Any], paths: Sequence[str]) -> list[Row]:
    """Rows with one Value per path. Links open only where their target is in the actor's scope."""
    makers = [_maker(actor, col, records) for col in columns(spec, paths)]
    title_rules = title_policies(actor, spec)
    rows = []
    for record in records:
        mine = scope.is_mine(spec, actor, record)
        rows.append(
            Row(
                record.pk,
                title_under(spec, record, title_rules[0 if mine else 1]),
                address(spec, record.pk),
                record.version,
                record.is_void,
                mine,
                tuple([make(record, mine) for make in makers]),
            )
        )
    return rows


def _maker(actor: Actor, col: Column, records: Sequence[Any]) -> Make:
    """How a record gives its value of one column; what is the same for all rows is done here."""
    rules = policies(actor, col)
    if col.parts is not None:
        child = _child_values(actor, col, records)
        return lambda record, mine: _part_value(
            col, rules[0 if mine else 1], child.get(record.pk, ())
        )
    read = reader_of(actor, col, records)
    own = own_currency(actor.book) if isinstance(col.kind, kinds.MoneyKind) else ""
    made: dict[tuple[int, bool], Value] = {}

    def make(record: Any, mine: bool) -> Value:
        policy = rules[0 if mine else 1]
        if policy is Policy.HIDDEN:
            return Value(col, policy, None, "", SafeString(""))
        raw = read(record)
        if not isinstance(raw, kinds.Linked):
            return _value(col, policy, record, raw, own=own)
        # The same few links stand in row after row.
        found = made.get((raw.id, mine))
        if found is None:
            found = made[raw.id, mine] = _value(col, policy, record, raw, own=own)
        return found

    return make


def _value(col: Column, policy: Policy, record: Any, raw: Any, *, own: str) -> Value:
    """`own`: the company's currency, which amounts don't name."""
    if policy is Policy.MASKED:
        stored = raw.title if isinstance(raw, kinds.Linked) else raw
        text = col.kind.mask(stored)
        return Value(
            col, policy, None, text, format_html('<span class="gx-masked">{}</span>', text)
        )
    if raw is None:
        return Value(col, policy, None, "", SafeString(""))
    if isinstance(col.kind, kinds.MoneyKind):
        currency = currency_of(col, record)
        text = kinds.show_money(raw, foreign(currency, own=own))
        return Value(col, policy, raw, text, kinds.as_html(text), currency)
    return Value(col, policy, raw, col.kind.show(raw), col.kind.cell(raw))


def _part_value(col: Column, policy: Policy, stored: Sequence[Any]) -> Value:
    if policy is Policy.HIDDEN:
        return Value(col, policy, None, "", SafeString(""))
    if policy is Policy.MASKED:
        text = "、".join(col.kind.mask(value) for value in stored)
        return Value(col, policy, None, text, kinds.as_html(text))
    text = "、".join(col.kind.show(value) for value in stored)
    html = SafeString("、".join([col.kind.cell(value) for value in stored]))
    return Value(col, policy, list(stored), text, html)


def reader_of(actor: Actor, col: Column, records: Sequence[Any]) -> Read:
    """How a record gives what a column holds; None for nothing, and for what lies out of reach."""
    if not col.hop:
        return _holder_reader(actor, col, records)
    hop = attrgetter(col.hop)
    holders = [holder for record in records if (holder := hop(record)) is not None]
    near = scope.granted(col.spec, actor, "view", {holder.pk for holder in holders})
    inner = _holder_reader(actor, col, holders)

    def read(record: Any) -> Any:
        holder = hop(record)
        return inner(holder) if holder is not None and holder.pk in near else None

    return read


def _holder_reader(actor: Actor, col: Column, holders: Sequence[Any]) -> Read:
    if col.extra is not None:
        return col.extra.get
    field: Any = col.spec.model._meta.get_field(col.path.rpartition(".")[2])
    if isinstance(col.kind, kinds.FileKind):
        return lambda holder: _file_of(col, field.name, holder)
    if isinstance(col.kind, kinds.LinkKind):
        return _link_reader(actor, col, field, holders)
    if isinstance(col.kind, kinds.ConditionsKind):
        return _tree_reader(actor, col.kind, field)
    return attrgetter(field.attname)


def _file_of(col: Column, name: str, holder: Any) -> Any:
    stored = getattr(holder, name)
    return None if stored is None else shown_file(col.spec, holder.pk, stored)


def _link_reader(actor: Actor, col: Column, field: Any, holders: Sequence[Any]) -> Read:
    assert isinstance(col.kind, kinds.LinkKind)
    linked = _links(actor, col.kind, {getattr(holder, field.attname) for holder in holders})
    return lambda holder: linked.get(getattr(holder, field.attname))


def _links(actor: Actor, kind: kinds.LinkKind, ids: set[Any]) -> dict[int, kinds.Linked]:
    """id -> the linked row as shown."""
    spec = registry.spec(kind.to)
    titles, colours = titles_of(actor, spec, ids), colours_of(actor, spec)
    # Terms explain themselves; a link to each dictionary entry would only be noise.
    opens = set() if spec.small else scope.granted(spec, actor, "view", titles.keys())
    return {
        one: kinds.Linked(
            one, title, address(spec, one) if one in opens else "", colours.get(one, "")
        )
        for one, title in titles.items()
    }


def _tree_reader(actor: Actor, kind: kinds.ConditionsKind, field: Any) -> Read:
    return lambda holder: tell(actor, kind, getattr(holder, field.attname))


def currency_of(col: Column, record: Any) -> str:
    holder = getattr(record, col.hop) if col.hop else record
    return getattr(holder, currency_column(col.orm.split("__")[-1]), "")


def _child_values(actor: Actor, col: Column, records: Sequence[Any]) -> dict[int, list[Any]]:
    """record id -> what its child rows hold in this column, in order, without empty ones."""
    if col.parts is None or not records:
        return {}
    model, owner = col.parts.model, f"{col.parts.owner_field}_id"
    field: Any = model._meta.get_field(col.path.split(".")[1])
    hits = model._all.filter(**{f"{owner}__in": [record.pk for record in records]})
    beside = getattr(col.kind, "beside", "")
    names = (owner, field.attname, *([beside] if beside else []))
    lines = list(hits.order_by("position", "id").values_list(*names))
    if beside:
        lines = [(owner_id, kinds.Account(value, code)) for owner_id, value, code in lines]
    shown = shown_in_parts(actor, col, {value for _owner, value in lines})
    found: dict[int, list[Any]] = {}
    for owner_id, value in lines:
        one = value if shown is None else shown.get(value)
        if not col.kind.is_empty(one):
            found.setdefault(owner_id, []).append(one)
    return found


def shown_in_parts(actor: Actor, col: Column, ids: set[Any]) -> dict[int, Any] | None:
    """id -> linked row or file as shown; None where child rows hold the values themselves."""
    if isinstance(col.kind, kinds.LinkKind):
        return dict(_links(actor, col.kind, ids))
    if isinstance(col.kind, kinds.FileKind):
        return {one: kinds.Shown(one, name, "") for one, name in names_of(list(ids)).items()}
    return None


def present_parts(actor: Actor, spec: Spec, record: Any, name: str) -> list[dict[str, Value]]:
    """The child rows of one record as presented values by field, under the policy of the whole
    part."""
    parts = spec.part(name)
    assert parts is not None
    mine = scope.is_mine(spec, actor, record)
    rows = []
    for stored in part_rows(spec, name, record):
        line = {}
        for field in parts.fields:
            col = columns(spec, (f"{name}.{field}",))[0]
            policy = policies(actor, col)[0 if mine else 1]
            line[field] = _part_cell(actor, col, policy, stored, field)
        rows.append(line)
    return rows


def _part_cell(actor: Actor, col: Column, policy: Policy, stored: Any, field: str) -> Value:
    column_field = stored._meta.get_field(field)
    raw = getattr(stored, column_field.attname)
    if policy is Policy.HIDDEN or col.kind.is_empty(raw):
        return Value(col, policy, None, "", SafeString(""))
    if isinstance(col.kind, kinds.AccountKind):
        raw = kinds.Account(raw, getattr(stored, col.kind.beside))
    elif isinstance(col.kind, kinds.FileKind):
        owner_id = getattr(stored, f"{col.parts.owner_field}_id") if col.parts else 0
        raw = shown_file(col.spec, owner_id, getattr(stored, field))
    elif isinstance(col.kind, kinds.LinkKind):
        target, linked = getattr(stored, field), registry.spec(col.kind.to)
        opens = not linked.small and scope.granted(linked, actor, "view", {target.pk})
        url = address(linked, target.pk) if opens else ""
        raw = kinds.Linked(target.pk, title_for(actor, target), url)
    if policy is Policy.MASKED:
        text = col.kind.mask(raw)
        return Value(col, policy, None, text, kinds.as_html(text))
    return Value(col, policy, raw, col.kind.show(raw), col.kind.cell(raw))
