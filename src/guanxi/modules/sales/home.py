"""What the start page says about selling: figures of one's own reach, what is due, what lies
still."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.amounts import exact_amounts, short_amounts, short_value
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.company import own_currency
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.present import Row, for_present, present
from guanxi.kernel.sweep import unscoped
from guanxi.modules.sales.models import StageKind
from guanxi.modules.sales.specs import OPPORTUNITY

SHOWN = 6
STALE_DAYS = 30


@dataclass(frozen=True)
class Measured:
    """`totals`: the sum of each currency."""

    count: int
    totals: dict[str, Decimal]


def home(actor: Actor) -> list[dict[str, Any]]:
    """Figures and cards of the start page; nothing for people who sell nothing."""
    if not actor.may(OPPORTUNITY.key, "view"):
        return []
    rows = unscoped(OPPORTUNITY, actor).live()
    open_rows = rows.filter(stage__kind=StageKind.OPEN)
    return [*_figures(actor, rows, open_rows), *_cards(actor, open_rows)]


def _figures(actor: Actor, rows: QuerySet, open_rows: QuerySet) -> list[dict[str, Any]]:
    month, before = kinds.period_days("this_month"), kinds.period_days("last_month")
    today = timezone.localdate()
    won = rows.filter(stage__kind=StageKind.WON, closed_on__range=(before[0], month[1]))
    now, last = _measure(actor, won, Q(closed_on__range=month), Q(closed_on__range=before))
    whole, soon, late = _measure(
        actor, open_rows, Q(), Q(close_on__range=month), Q(close_on__lt=today)
    )
    own = own_currency(actor.book) if is_open(actor, column(OPPORTUNITY, "amount")) else ""
    past = f"close_on_to={today - timedelta(days=1)}&{_stages('open')}"
    closed = f"closed_on_op=this_month&{_stages('won')}"
    amount = short_amounts(last.totals, own=own) if own else f"{last.count:,}"
    return [
        _figure(_("Won this month"), now, f"/opportunities/?{closed}", own=own)
        | {"note": _("last month %(amount)s") % {"amount": amount}},
        _figure(_("In the pipeline"), whole, "/opportunities/board/", own=own),
        _figure(_("Closing this month"), soon, "/opportunities/?close_on_op=this_month", own=own),
        _figure(_("Past their date"), late, f"/opportunities/?{past}", own=own),
    ]


def _stages(kind: str) -> str:
    return f"{CONDITIONS}=[%22stage.kind%22,%22in%22,[%22{kind}%22]]"


def _figure(label: str, found: Measured, url: str, *, own: str) -> dict[str, Any]:
    """`own`: the company's currency, "" where sums are not shown."""
    deals = _("%(count)s opportunities") % {"count": f"{found.count:,}"}
    return {
        "label": label,
        "value": short_amounts(found.totals, own=own) if own else f"{found.count:,}",
        "unit": "",
        "note": deals if own else "",
        "url": url,
        "exact": exact_amounts(found.totals, own=own) if own else "",
    }


def _measure(actor: Actor, rows: QuerySet, *cuts: Q) -> list[Measured]:
    """How many and the sum of each currency, for every cut of the rows in scope; one statement."""
    asked: dict[str, Any] = {}
    for place, cut in enumerate(cuts):
        only = cut or None
        asked |= {f"count{place}": Count("pk", filter=only)}
        asked |= {f"total{place}": Sum("amount", filter=only)}
    reached = scope.within(OPPORTUNITY, actor, rows)
    lines = list(reached.order_by().values("amount_currency").annotate(**asked))
    return [
        Measured(
            sum(line[f"count{place}"] for line in lines),
            {line["amount_currency"]: line[f"total{place}"] or Decimal(0) for line in lines},
        )
        for place in range(len(cuts))
    ]


def _cards(actor: Actor, open_rows: QuerySet) -> list[dict[str, Any]]:
    soon = open_rows.filter(close_on__gte=timezone.localdate())
    own = own_currency(actor.book)
    still = open_rows.filter(updated_at__lt=timezone.now() - timedelta(days=STALE_DAYS))
    return [
        _card(
            _("About to close"),
            "target-arrow",
            _first(actor, soon, "close_on", "-id"),
            "/opportunities/?sort=close_on&" + _stages("open"),
            none=_("No opportunity has a date ahead."),
            own=own,
        ),
        _card(
            _("Untouched for a month"),
            "hourglass",
            _first(actor, still, "updated_at", "id"),
            "/opportunities/?sort=updated_at&" + _stages("open"),
            none=_("Every open opportunity has been worked on lately."),
            own=own,
        ),
    ]


def _first(actor: Actor, rows: QuerySet, *order: str) -> list[Row]:
    wanted = ("amount", "close_on", "stage")
    found = scope.within(OPPORTUNITY, actor, for_present(rows, OPPORTUNITY, wanted))
    return present(actor, OPPORTUNITY, found.order_by(*order)[:SHOWN], wanted)


def _card(
    label: str, icon: str, rows: list[Row], url: str, *, none: str, own: str
) -> dict[str, Any]:
    return {
        "label": label,
        "icon": icon,
        "items": [_item(row, own=own) for row in rows],
        "url": url,
        "none": none,
    }


def _item(row: Row, *, own: str) -> dict[str, Any]:
    amount, close_on, stage = row.values
    late = close_on.raw is not None and close_on.raw < timezone.localdate()
    note = " · ".join(text for text in (stage.text, close_on.text) if text)
    end = short_value(amount, own=own)
    return {"title": row.title, "url": row.url, "end": end, "note": note, "late": late}
