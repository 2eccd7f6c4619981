"""When something happened: how the timeline says it, and how it goes on from there."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.kernel.text import whole_number

#: Before every date that is taken.
EPOCH = datetime(1700, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def moment(at: datetime) -> dict[str, str]:
    """{"when": short, without the year of today, "iso": exact}, in the reader's time zone."""
    local = timezone.localtime(at)
    this_year = local.year == timezone.localdate().year
    when = f"{local:%m-%d %H:%M}" if this_year else f"{local:%Y-%m-%d}"
    return {"when": when, "iso": f"{local:%Y-%m-%d %H:%M:%S}"}


def mark_of(at: datetime, pk: int) -> str:
    """Where the next page of a source begins; "" is the start."""
    return f"{(at - EPOCH) // TICK}-{pk}"


def older(rows: QuerySet, field: str, mark: str) -> QuerySet:
    """Newest first by time, then by id: history brought along is written later than it happened."""
    rows = rows.order_by(f"-{field}", "-id")
    ticks, _sign, last = mark.partition("-")
    if whole_number(ticks) is None or whole_number(last) is None:
        return rows
    try:
        at = EPOCH + int(ticks) * TICK
    except OverflowError:
        return rows
    same = Q(**{field: at, "pk__lt": int(last)})
    return rows.filter(same | Q(**{f"{field}__lt": at}))
