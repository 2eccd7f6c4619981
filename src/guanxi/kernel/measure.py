"""One measure language: count or sum, by a field, by a step of time. Every number can be opened.

Over a link, what the reader does not see falls into the empty group and adds nothing to a sum.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count as DbCount
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models import Sum as DbSum
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import Column, column, is_open
from guanxi.kernel.company import currency_column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import extras
from guanxi.kernel.kinds.times import month_of
from guanxi.kernel.present import title_for
from guanxi.kernel.sight import counted, seen_q
from guanxi.kernel.spec import Count, Measure, Spec, Sum
from guanxi.kernel.steps import STEPS, first_day

MAX_GROUPS = 1000
#: Regions are counted by province, wherever among the child rows they stand.
PROVINCE = 2
GROUPING = (kinds.LinkKind, kinds.ChoiceKind, kinds.DateKind, kinds.BooleanKind)
SUMMED = (kinds.MoneyKind, kinds.IntegerKind, kinds.DecimalKind, kinds.PercentKind)


@dataclass(frozen=True)
class Figure:
    """One group: `value` is a count (int) or a sum (Decimal), `tree` the condition that opens its
    rows.

    `then` carries the second grouping (key, label) where a measure is cut two ways.
    """

    key: Any
    label: str
    value: Any
    currency: str
    tree: Any
    then: "tuple[Any, str] | None" = None


@dataclass(frozen=True)
class Measured:
    """The figures of one measure. Where there are more than can be shown, the largest of them, of
    time the latest; `found` says how many there are.

    totals: (key of the second grouping, currency) -> over every group, shown or not
    """

    figures: list[Figure]
    found: int
    totals: dict[tuple[Any, str], Any]


def measurable(spec: Spec, actor: Actor) -> list[Column]:
    """Number columns this person may sum."""
    found = []
    for model_field in spec.model._meta.fields:
        kind = getattr(model_field, "kind", None)
        if isinstance(kind, (kinds.MoneyKind, kinds.IntegerKind)) and _adds_up(kind):
            if model_field.editable and model_field.name in spec.form_fields:
                found.append(column(spec, model_field.name))
    found += [col for col in _custom(spec, actor) if _adds_up(col.kind)]
    return [col for col in found if is_open(actor, col)]


def _adds_up(kind: kinds.Kind) -> bool:
    """Whether a sum means anything: years and the like are numbers only in writing."""
    plain = isinstance(kind, kinds.IntegerKind) and kind.plain
    return isinstance(kind, SUMMED) and not plain


def groupable(spec: Spec, actor: Actor) -> list[Column]:
    """Columns by which rows can be grouped: links, choices, dates, yes/no."""
    names = [
        f.name for f in spec.model._meta.fields if isinstance(getattr(f, "kind", None), GROUPING)
    ]
    wanted = [name for name in names if name not in ("created_at", "updated_at", "voided_at")]
    found = [column(spec, name) for name in [*wanted, "created_at"]]
    found += [
        column(spec, f"{parts.name}.{name}")
        for parts in spec.parts
        for name in parts.fields
        if isinstance(parts.model._meta.get_field(name).kind, kinds.RegionKind)  # type: ignore[union-attr]
    ]
    found += [col for col in _custom(spec, actor) if isinstance(col.kind, GROUPING)]
    return [col for col in found if is_open(actor, col)]


def _custom(spec: Spec, actor: Actor) -> list[Column]:
    return [column(spec, extra.path) for extra in extras(spec, book=actor.book)]


def measure(
    actor: Actor, spec: Spec, rows: QuerySet, asked: Measure, *, then: Measure | None = None
) -> list[Figure]:
    """The figures alone, as `measured` gives them."""
    return measured(actor, spec, rows, asked, then=then).figures


def measured(
    actor: Actor, spec: Spec, rows: QuerySet, asked: Measure, *, then: Measure | None = None
) -> Measured:
    """One measure over `rows` (already in scope); raises Wrong for closed columns.

    `then` groups a second time, by its `by` and `step`. Money is summed per currency.
    """
    cuts = [(asked.by, asked.step)] + ([(then.by, then.step)] if then else [])
    cols = [(_group_column(spec, actor, path), step) for path, step in cuts]
    names = [f"cut{index}" for index in range(len(cuts))]
    for name, (col, step) in zip(names, cols, strict=True):
        rows = _cut(rows, col, step, actor=actor, alias=name)
    total: Any = DbCount("pk")
    if isinstance(asked, Sum):
        rows, total, currency = _summed(rows, _sum_column(spec, actor, asked.field), actor)
        names += currency
    groups = rows.order_by().values(*names).annotate(total=total)
    first = "-cut0" if _is_time(*cols[0]) else "-total"
    lines = _merged(groups.order_by(first)[: MAX_GROUPS + 1], names)
    is_cut = len(lines) > MAX_GROUPS
    lines = lines[:MAX_GROUPS]
    labels = [
        _labels(col, step, {line[f"cut{i}"] for line in lines}, actor)
        for i, (col, step) in enumerate(cols)
    ]
    whole = lines
    if is_cut:
        rest = [name for name in names if name != "cut0"]
        whole = _merged(rows.order_by().values(*rest).annotate(total=total), rest)
    several = len({line.get("currency") for line in whole}) > 1
    summed = asked.field if several and isinstance(asked, Sum) else ""
    figures = [_figure(line, cols, labels, summed=summed) for line in lines]
    figures.sort(key=lambda one: _figure_order(one, cols[0]))
    return Measured(
        figures, groups.count() if is_cut else len(figures), _totals(whole, second=bool(then))
    )


def _summed(rows: QuerySet, col: Column, actor: Actor) -> tuple[QuerySet, Any, list[str]]:
    """The rows with what is to be added up, the expression that does, and the currency's name."""
    guard = seen_q(actor, col)
    total = DbSum(counted(col.orm, guard))
    if not isinstance(col.kind, kinds.MoneyKind):
        return rows, total, []
    rows = rows.annotate(currency=counted(currency_column(col.orm), guard))
    # Behind a link that leads nowhere there is no amount, and so no currency.
    return (rows.filter(currency__isnull=False) if col.link else rows), total, ["currency"]


def _merged(found: Iterable[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """The lines, those of nothing ("") and of no value (NULL) as one."""
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in found:
        plain = {name: None if line[name] == "" else line[name] for name in names}
        total = line["total"] if line["total"] is not None else Decimal(0)
        same = lines.setdefault(tuple(plain.values()), plain | {"total": total * 0})
        same["total"] += total
    return list(lines.values())


def _totals(lines: list[dict[str, Any]], *, second: bool) -> dict[tuple[Any, str], Any]:
    found: dict[tuple[Any, str], Any] = {}
    for line in lines:
        key = (line["cut1"] if second else None, line.get("currency", ""))
        found[key] = found.get(key, 0) + line["total"]
    return found


def _figure(line: dict[str, Any], cols: Any, labels: Any, *, summed: str) -> Figure:
    """summed: the path of amounts in several currencies, of which this figure opens its own."""
    keys = [line[f"cut{index}"] for index in range(len(cols))]
    leaves = [condition(col, step, key) for (col, step), key in zip(cols, keys, strict=True)]
    if summed:
        leaves.append([currency_column(summed), "in", [line["currency"]]])
    return Figure(
        keys[0],
        labels[0].get(keys[0], ""),
        line["total"],
        line.get("currency", ""),
        {"and": leaves},
        (keys[1], labels[1].get(keys[1], "")) if len(cols) > 1 else None,
    )


def _figure_order(figure: Figure, cut: tuple[Column, str]) -> tuple[Any, ...]:
    if _is_time(*cut):
        return (figure.key is None, str(figure.key))
    return (figure.key is None, -figure.value, str(figure.key))


def _open_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = column(spec, path)
    if not is_open(actor, col):
        raise Wrong(_("You may not search by “%(field)s”.") % {"field": col.label})
    return col


def _group_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = _open_column(spec, actor, path)
    grouping = kinds.RegionKind if col.parts is not None else (*GROUPING, kinds.RegionKind)
    if not isinstance(col.kind, grouping):
        raise Wrong(_("Rows can't be grouped by “%(field)s”.") % {"field": col.label})
    return col


def _sum_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = _open_column(spec, actor, path)
    if col.parts is not None or not _adds_up(col.kind):
        raise Wrong(_("“%(field)s” can't be added up.") % {"field": col.label})
    return col


def _cut(rows: QuerySet, col: Column, step: str, *, actor: Actor, alias: str) -> QuerySet:
    if isinstance(col.kind, kinds.RegionKind):
        return rows.annotate(**{alias: _province(col)})
    value = counted(col.orm, seen_q(actor, col))
    instant = isinstance(col.kind, kinds.InstantKind)
    if step and (step not in STEPS or not isinstance(col.kind, kinds.DateKind)):
        raise Wrong(_("This can't be grouped by time."))
    if step or instant:
        value = first_day(rows, value, step or "day", instant=instant)
    return rows.annotate(**{alias: value})


def _province(col: Column) -> Any:
    """The province of a region; of several addresses that of the first which has one."""
    if col.parts is None:
        return Substr(col.orm, 1, PROVINCE)
    name = col.path.split(".")[1]
    rows = col.parts.model._all.filter(**{col.parts.owner_field: OuterRef("pk")})
    first = rows.exclude(**{name: ""}).order_by("position", "id")
    return Subquery(first.values(cut_province=Substr(name, 1, PROVINCE))[:1])


def _is_time(col: Column, step: str) -> bool:
    return bool(step) or isinstance(col.kind, kinds.DateKind)


def condition(col: Column, step: str, key: Any) -> list[Any]:
    """The leaf that selects exactly the rows of one group."""
    if key is None:
        return [col.path, "empty"]
    if isinstance(col.kind, kinds.RegionKind):
        return [col.path, "first_within" if col.parts else "within", key.ljust(6, "0")]
    if step:
        months = {"month": 1, "quarter": 3, "year": 12}[step]
        first = key.year * 12 + key.month - 1
        last = month_of(first + months).toordinal() - 1
        return [col.path, "between", [key.isoformat(), date.fromordinal(last).isoformat()]]
    if isinstance(col.kind, (kinds.LinkKind, kinds.ChoiceKind)):
        return [col.path, "in", [key]]
    if isinstance(col.kind, kinds.DateKind):
        return [col.path, "is", key.isoformat()]
    return [col.path, "is", key]


def _labels(col: Column, step: str, keys: set[Any], actor: Actor) -> dict[Any, str]:
    found: dict[Any, str] = {None: _("(empty)")}
    if isinstance(col.kind, kinds.LinkKind):
        target = registry.spec(col.kind.to)
        return found | _titles(target, keys - {None}, actor)
    kind = kinds.DateKind() if isinstance(col.kind, kinds.InstantKind) else col.kind
    for key in keys - {None}:
        shown = key.ljust(6, "0") if isinstance(kind, kinds.RegionKind) else key
        found[key] = _step_label(key, step) if step else kind.show(shown)
    return found


def _titles(target: Spec, keys: set[Any], actor: Actor) -> dict[Any, str]:
    """Titles by id; of those that stand twice, such as the last stages of two pipelines, each with
    the row it is below."""
    rows = target.model._all.filter(pk__in=keys)
    titles = {row.pk: title_for(actor, row) for row in rows}
    twice = {title for title, times in Counter(titles.values()).items() if times > 1}
    if twice and target.order_within:
        for row in rows.select_related(target.order_within):
            above = getattr(row, target.order_within)
            if above is not None and titles[row.pk] in twice:
                titles[row.pk] = f"{titles[row.pk]} · {title_for(actor, above)}"
    return titles


def _step_label(key: Any, step: str) -> str:
    if step == "month":
        return f"{key:%Y-%m}"
    if step == "quarter":
        return _("%(year)s Q%(quarter)s") % {"year": key.year, "quarter": (key.month - 1) // 3 + 1}
    return str(key.year)


__all__ = [
    "Count",
    "Figure",
    "Measured",
    "Sum",
    "condition",
    "groupable",
    "measurable",
    "measure",
    "measured",
]
