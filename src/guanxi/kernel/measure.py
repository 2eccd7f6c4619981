"""One measure language: count or sum, by a field, by a step of time. Every number can be opened."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count as DbCount
from django.db.models import F, QuerySet
from django.db.models import Sum as DbSum
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import Column, column, is_open
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import extras
from guanxi.kernel.kinds.times import month_of
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Count, Measure, Spec, Sum

STEPS = {"month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}
MAX_GROUPS = 1000
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


def measurable(spec: Spec, actor: Actor) -> list[Column]:
    """Number columns this person may sum."""
    found = []
    for model_field in spec.model._meta.fields:
        kind = getattr(model_field, "kind", None)
        if isinstance(kind, (kinds.MoneyKind, kinds.IntegerKind)) and model_field.editable:
            if model_field.name in spec.form_fields:
                found.append(column(spec, model_field.name))
    found += [col for col in _custom(spec, actor) if isinstance(col.kind, SUMMED)]
    return [col for col in found if is_open(actor, col)]


def groupable(spec: Spec, actor: Actor) -> list[Column]:
    """Columns by which rows can be grouped: links, choices, dates, yes/no."""
    names = [
        f.name for f in spec.model._meta.fields if isinstance(getattr(f, "kind", None), GROUPING)
    ]
    wanted = [name for name in names if name not in ("created_at", "updated_at", "voided_at")]
    found = [column(spec, name) for name in [*wanted, "created_at"]]
    found += [col for col in _custom(spec, actor) if isinstance(col.kind, GROUPING)]
    return [col for col in found if is_open(actor, col)]


def _custom(spec: Spec, actor: Actor) -> list[Column]:
    return [column(spec, extra.path) for extra in extras(spec, book=actor.book)]


def measure(
    actor: Actor, spec: Spec, rows: QuerySet, asked: Measure, *, then: Measure | None = None
) -> list[Figure]:
    """The figures of one measure over `rows` (already in scope); raises Wrong for closed columns.

    `then` groups a second time, by its `by` and `step`. Money is summed per currency.
    """
    cuts = [(asked.by, asked.step)] + ([(then.by, then.step)] if then else [])
    names, cols = [], []
    for index, (path, step) in enumerate(cuts):
        col = _group_column(spec, actor, path)
        rows = _cut(rows, col, step, alias=f"cut{index}")
        names.append(f"cut{index}")
        cols.append((col, step))
    currency = ""
    if isinstance(asked, Sum):
        summed = _sum_column(spec, actor, asked.field)
        if isinstance(summed.kind, kinds.MoneyKind):
            currency = f"{summed.orm}_currency"
            names.append(currency)
    total = DbSum(summed.orm) if isinstance(asked, Sum) else DbCount("pk")
    found = rows.order_by().values(*names).annotate(total=total)
    lines = list(found[:MAX_GROUPS])
    labels = [
        _labels(col, step, {line[f"cut{i}"] for line in lines}, actor)
        for i, (col, step) in enumerate(cols)
    ]
    figures = [_figure(line, cols, labels, currency) for line in lines]
    return sorted(figures, key=lambda one: _figure_order(one, cols[0]))


def _figure(line: dict[str, Any], cols: Any, labels: Any, currency: str) -> Figure:
    keys = [_plain(line[f"cut{index}"]) for index in range(len(cols))]
    leaves = [condition(col, step, key) for (col, step), key in zip(cols, keys, strict=True)]
    value = line["total"]
    return Figure(
        keys[0],
        labels[0].get(keys[0], ""),
        value if value is not None else Decimal(0),
        line[currency] if currency else "",
        {"and": leaves},
        (keys[1], labels[1].get(keys[1], "")) if len(cols) > 1 else None,
    )


def _figure_order(figure: Figure, cut: tuple[Column, str]) -> tuple[Any, ...]:
    if cut[1] or isinstance(cut[0].kind, kinds.DateKind):
        return (figure.key is None, str(figure.key))
    return (figure.key is None, -figure.value, str(figure.key))


def _open_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = column(spec, path)
    if not is_open(actor, col):
        raise Wrong(_("You may not search by “%(field)s”.") % {"field": col.label})
    return col


def _group_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = _open_column(spec, actor, path)
    if col.parts is not None or not isinstance(col.kind, GROUPING):
        raise Wrong(_("Rows can't be grouped by “%(field)s”.") % {"field": col.label})
    return col


def _sum_column(spec: Spec, actor: Actor, path: str) -> Column:
    col = _open_column(spec, actor, path)
    if col.parts is not None or not isinstance(col.kind, SUMMED):
        raise Wrong(_("“%(field)s” can't be added up.") % {"field": col.label})
    return col


def _cut(rows: QuerySet, col: Column, step: str, *, alias: str) -> QuerySet:
    if not step:
        return rows.annotate(**{alias: F(col.orm)})
    if step not in STEPS or not isinstance(col.kind, kinds.DateKind):
        raise Wrong(_("This can't be grouped by time."))
    zone: dict[str, Any] = (
        {"tzinfo": timezone.get_current_timezone()}
        if isinstance(col.kind, kinds.InstantKind)
        else {}
    )
    return rows.annotate(**{alias: STEPS[step](col.orm, **zone)})


def _plain(key: Any) -> Any:
    if isinstance(key, datetime):
        return timezone.localtime(key).date()
    return key


def condition(col: Column, step: str, key: Any) -> list[Any]:
    """The leaf that selects exactly the rows of one group."""
    if key in (None, ""):
        return [col.path, "empty"]
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
    plain = {_plain(key) for key in keys}
    found: dict[Any, str] = {None: _("(empty)"), "": _("(empty)")}
    if isinstance(col.kind, kinds.LinkKind):
        target = registry.spec(col.kind.to)
        rows = target.model._all.filter(pk__in=[key for key in plain if key is not None])
        found |= {row.pk: title_for(actor, row) for row in rows}
        return found
    for key in plain - {None, ""}:
        found[key] = _step_label(key, step) if step else col.kind.show(key)
    return found


def _step_label(key: Any, step: str) -> str:
    if step == "month":
        return f"{key:%Y-%m}"
    if step == "quarter":
        return _("%(year)s Q%(quarter)s") % {"year": key.year, "quarter": (key.month - 1) // 3 + 1}
    return str(key.year)


__all__ = ["Count", "Figure", "Sum", "condition", "groupable", "measurable", "measure"]
