"""What the start page says about selling: figures of one's own reach, what is due, what lies
still."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.amounts import exact_amounts, short_amounts, short_money
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.present import Row, present
from guanxi.modules.sales.models import Opportunity, StageKind
from guanxi.modules.sales.specs import OPPORTUNITY

SHOWN = 6
STALE_DAYS = 30


def home(actor: Actor) -> list[dict[str, Any]]:
    """Figures and cards of the start page; nothing for people who sell nothing."""
    if not actor.may(OPPORTUNITY.key, "view"):
        return []
    rows = Opportunity.rows(actor).live()
    open_rows = rows.filter(stage__kind=StageKind.OPEN)
    return [*_figures(actor, rows, open_rows), *_cards(actor, open_rows)]


def _figures(actor: Actor, rows: QuerySet, open_rows: QuerySet) -> list[dict[str, Any]]:
    first, last = kinds.period_days("this_month")
    before = kinds.period_days("last_month")
    won = rows.filter(stage__kind=StageKind.WON)
    this_month = won.filter(closed_on__range=(first, last))
    sums = is_open(actor, column(OPPORTUNITY, "amount"))
    month = "closed_on_op=this_month"
    yesterday = timezone.localdate() - timedelta(days=1)
    return [
        _figure(
            _("Won this month"), this_month, f"/opportunities/?{month}&{_stages('won')}", sums=sums
        )
        | {
            "note": _("last month %(amount)s")
            % {"amount": _short(won.filter(closed_on__range=before), sums)}
        },
        _figure(_("In the pipeline"), open_rows, "/opportunities/board/", sums=sums),
        _figure(
            _("Closing this month"),
            open_rows.filter(close_on__range=(first, last)),
            "/opportunities/?close_on_op=this_month",
            sums=sums,
        ),
        _figure(
            _("Past their date"),
            open_rows.filter(close_on__lt=timezone.localdate()),
            f"/opportunities/?close_on_to={yesterday}&{_stages('open')}",
            sums=sums,
        ),
    ]


def _stages(kind: str) -> str:
    return f"tree=[%22stage.kind%22,%22in%22,[%22{kind}%22]]"


def _figure(label: str, rows: QuerySet, url: str, *, sums: bool) -> dict[str, Any]:
    count, totals = _measure(rows)
    deals = _("%(count)s opportunities") % {"count": f"{count:,}"}
    if not sums:
        return {
            "label": label,
            "value": f"{count:,}",
            "unit": "",
            "note": "",
            "url": url,
            "exact": "",
        }
    return {
        "label": label,
        "value": short_amounts(totals),
        "unit": "",
        "note": deals,
        "url": url,
        "exact": exact_amounts(totals),
    }


def _measure(rows: QuerySet) -> tuple[int, dict[str, Decimal]]:
    """How many, and the sum of each currency."""
    found = list(
        rows.order_by().values("amount_currency").annotate(count=Count("pk"), total=Sum("amount"))
    )
    totals = {line["amount_currency"]: line["total"] or Decimal(0) for line in found}
    return sum(line["count"] for line in found), totals


def _short(rows: QuerySet, sums: bool) -> str:
    count, totals = _measure(rows)
    return short_amounts(totals) if sums else f"{count:,}"


def _cards(actor: Actor, open_rows: QuerySet) -> list[dict[str, Any]]:
    today = timezone.localdate()
    soon = open_rows.filter(close_on__gte=today).order_by("close_on", "-id")
    still = open_rows.filter(updated_at__lt=timezone.now() - timedelta(days=STALE_DAYS))
    return [
        _card(
            actor,
            _("About to close"),
            "target-arrow",
            soon,
            "/opportunities/?sort=close_on&" + _stages("open"),
            none=_("No opportunity has a date ahead."),
        ),
        _card(
            actor,
            _("Untouched for a month"),
            "hourglass",
            still.order_by("updated_at", "id"),
            "/opportunities/?sort=updated_at&" + _stages("open"),
            none=_("Every open opportunity has been worked on lately."),
        ),
    ]


def _card(
    actor: Actor, label: str, icon: str, rows: QuerySet, url: str, *, none: str
) -> dict[str, Any]:
    found = list(rows.select_related("stage", "customer")[:SHOWN])
    shown = present(actor, OPPORTUNITY, found, ("amount", "close_on", "stage"))
    return {
        "label": label,
        "icon": icon,
        "items": [_item(row) for row in shown],
        "url": url,
        "none": none,
    }


def _item(row: Row) -> dict[str, Any]:
    amount, close_on, stage = row.values
    late = close_on.raw is not None and close_on.raw < timezone.localdate()
    note = " · ".join(text for text in (stage.text, close_on.text) if text)
    end = short_money(amount.raw) if amount.raw is not None else amount.text
    return {"title": row.title, "url": row.url, "end": end, "note": note, "late": late}
