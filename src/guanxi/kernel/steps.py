"""Days, months, quarters and years of a date column, in the database's own functions.

Django cuts dates on SQLite in Python, row by row: 1 to 3 seconds for 100,000 rows. Dates lie there
as text, so a month is its first letters; instants are moved into the reader's zone first.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.db import connection
from django.db.models import DateField, Func, Max, Min, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncQuarter, TruncYear
from django.utils import timezone

CUTS = {"day": TruncDay, "month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}
STEPS = ("month", "quarter", "year")
FORMAT = "%Y-%m-%d %H:%M:%S"
#: Clocks are not put forward and back again within less than this.
STRIDE = timedelta(days=20)


def first_day(rows: QuerySet, value: Any, step: str, *, instant: bool) -> Any:
    """An expression: the first day of the step in which the value of each row lies.

    value: an expression over `rows`; instant: it is a moment, to be seen in the zone in force
    """
    zone = timezone.get_current_timezone()
    if connection.vendor != "sqlite":
        return CUTS[step](value, output_field=DateField(), **({"tzinfo": zone} if instant else {}))
    return _SqliteStep(value, step=step, offsets=_offsets(rows, value, zone) if instant else ())


class _SqliteStep(Func):
    """offsets: (UTC text from which on it counts, seconds ahead of UTC), the newest first."""

    output_field = DateField()

    def __init__(self, value: Any, *, step: str, offsets: Any) -> None:
        super().__init__(value)
        self.step, self.offsets = step, tuple(offsets)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        day, count = self._day(sql)
        made = {
            "day": "substr({0}, 1, 10)",
            "month": "substr({0}, 1, 7) || '-01'",
            "quarter": "substr({0}, 1, 5) || substr('01040710', "
            "(substr({0}, 6, 2) - 1) / 3 * 2 + 1, 2) || '-01'",
            "year": "substr({0}, 1, 4) || '-01-01'",
        }[self.step]
        return made.format(day), [*params] * count * made.count("{0}")

    def _day(self, sql: str) -> tuple[str, int]:
        """The local day as text, and how often the value stands in it."""
        if not self.offsets:
            return sql, 1
        local = [f"datetime({sql}, '{seconds:+d} seconds')" for _since, seconds in self.offsets]
        if len(local) == 1:
            return local[0], 1
        whens = [
            f"WHEN {sql} >= '{since}' THEN {one}"
            for (since, _seconds), one in zip(self.offsets[:-1], local[:-1], strict=True)
        ]
        return f"(CASE {' '.join(whens)} ELSE {local[-1]} END)", 2 * len(local) - 1


def _offsets(rows: QuerySet, value: Any, zone: tzinfo) -> list[tuple[str, int]]:
    """What the clocks of the zone show over the time the rows span, the newest first."""
    ends = rows.order_by().aggregate(low=Min(value), high=Max(value))
    if ends["low"] is None:
        return [("", 0)]
    return list(_changes(ends["low"], ends["high"], zone))[::-1]


def _changes(low: datetime, high: datetime, zone: tzinfo) -> Iterator[tuple[str, int]]:
    ahead = _ahead(low, zone)
    yield "", ahead
    while low < high:
        after = min(low + STRIDE, high)
        if _ahead(after, zone) != ahead:
            since = _turn(low, after, zone)
            ahead = _ahead(since, zone)
            yield since.astimezone(UTC).strftime(FORMAT), ahead
            after = since
        low = after


def _turn(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The second at which the offset of `low` ends."""
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if _ahead(middle, zone) == _ahead(low, zone):
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _ahead(at: datetime, zone: tzinfo) -> int:
    ahead = at.astimezone(zone).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds())
