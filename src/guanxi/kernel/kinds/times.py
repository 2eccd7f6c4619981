"""Dates and instants, with calendar periods and ages in days."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, empty_operators
from guanxi.kernel.kinds.texts import TextKind

EARLIEST, LATEST = date(1800, 1, 1), date(2200, 12, 31)
CLOCK_TEXT = re.compile(r"^([01]?\d|2[0-3])[:.点时]([0-5]\d)?分?$")
DATE_TEXT = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
PERIODS = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
    "this_week": _("this week"),
    "last_week": _("last week"),
    "next_week": _("next week"),
    "this_month": _("this month"),
    "last_month": _("last month"),
    "next_month": _("next month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "next_quarter": _("next quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
    "next_year": _("next year"),
}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def period_days(name: str, today: date | None = None) -> tuple[date, date]:
    """First and last day of a named calendar period; weeks begin on Monday."""
    today = today or timezone.localdate()
    if name in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[name])
        return day, day
    which, _under, unit = name.partition("_")
    shift = {"this": 0, "last": -1, "next": 1}[which]
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return first, first + timedelta(days=6)
    months = MONTHS_OF[unit]
    index = today.year * 12 + today.month - 1
    start = index - index % months + shift * months
    return month_of(start), month_of(start + months) - timedelta(days=1)


def month_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


Span = tuple[date | None, date | None]
ToQ = Callable[[str, Span], Q]


def _span(name: str, label: Any, takes: str, days: Callable[[Any], Span], to_q: ToQ) -> Operator:
    """An operator that means: the day lies between two days, either of which may be open."""

    def test(value: Any, argument: Any) -> bool:
        if value is None:
            return False
        if isinstance(value, datetime):
            value = timezone.localtime(value).date()
        low, high = days(argument)
        return (low is None or value >= low) and (high is None or value <= high)

    return Operator(name, label, takes, lambda path, argument: to_q(path, days(argument)), test)


def _operators(to_q: ToQ) -> dict[str, Operator]:
    today, day = timezone.localdate, timedelta(days=1)
    spans: list[tuple[str, Any, str, Callable[[Any], Span]]] = [
        ("is", _("is on"), "value", lambda at: (at, at)),
        ("before", _("is before"), "value", lambda at: (None, at - day)),
        ("after", _("is after"), "value", lambda at: (at + day, None)),
        ("between", _("is between"), "range", lambda bounds: bounds),
        ("period", _("lies in"), "period", period_days),
        (
            "older_than_days",
            _("is more than … days ago"),
            "days",
            lambda days: (None, today() - timedelta(days=days + 1)),
        ),
        (
            "last_days",
            _("lies in the last … days"),
            "days",
            lambda days: (today() - timedelta(days=days), today()),
        ),
        (
            "next_days",
            _("lies in the next … days"),
            "days",
            lambda days: (today(), today() + timedelta(days=days)),
        ),
        (
            "due_within_days",
            _("is overdue or due within … days"),
            "days",
            lambda days: (None, today() + timedelta(days=days)),
        ),
    ]
    found = {name: _span(name, label, takes, days, to_q) for name, label, takes, days in spans}
    found["not_for_days"] = _or_never(found["older_than_days"])
    return {**found, **empty_operators(blank=False)}


def _or_never(older: Operator) -> Operator:
    """What lies longer ago, or has never been: not contacted for so many days."""
    return Operator(
        "not_for_days",
        _("is more than … days ago, or empty"),
        older.takes,
        lambda path, argument: Q(**{f"{path}__isnull": True}) | older.to_q(path, argument),
        lambda value, argument: value is None or older.test(value, argument),
    )


def _date_q(path: str, span: Span) -> Q:
    low, high = span
    found = Q(**{f"{path}__isnull": False})
    if low is not None:
        found &= Q(**{f"{path}__gte": low})
    if high is not None:
        found &= Q(**{f"{path}__lte": high})
    return found


def _instant_q(path: str, span: Span) -> Q:
    low, high = span
    found = Q(**{f"{path}__isnull": False})
    if low is not None:
        found &= Q(**{f"{path}__gte": midnight(low)})
    if high is not None:
        found &= Q(**{f"{path}__lt": midnight(high + timedelta(days=1))})
    return found


def midnight(day: date) -> datetime:
    """The instant a day begins where the user is."""
    return timezone.make_aware(datetime.combine(day, time.min))


class DateKind(Kind):
    name = "date"
    widget = "date"
    operators = _operators(_date_q)

    def parse(self, raw: Any) -> date | None:
        if isinstance(raw, datetime):
            raw = raw.date()
        if isinstance(raw, date):
            self.check(raw)
            return raw
        text = unicodedata.normalize("NFKC", str(raw or "")).strip()
        if not text:
            return None
        match = DATE_TEXT.match(text)
        try:
            value = date(*map(int, match.groups())) if match else date.fromisoformat(text)
        except ValueError:
            raise Wrong(_("This is not a date. Write it as 2026-01-31.")) from None
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        if value is not None and not EARLIEST <= value <= LATEST:
            raise Wrong(_("This date lies outside 1800 to 2200."))

    def argument(self, raw: Any, takes: str) -> Any:
        if takes == "period":
            if not isinstance(raw, str) or raw not in PERIODS:
                raise Wrong(_("Choose a period."))
            return raw
        return super().argument(raw, takes)

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def from_json(self, value: Any) -> Any:
        return None if value is None else date.fromisoformat(value)

    def sample(self, number: int) -> date:
        return date(2025, 1, 1) + timedelta(days=number % 600)

    def bad_samples(self) -> list[str]:
        return ["2026-02-30", "31.01.26", "soon"]


class InstantKind(DateKind):
    """A moment: aware, UTC inside, shown and read in the user's zone; compared by local day."""

    name = "instant"
    widget = "datetime"
    operators = _operators(_instant_q)

    def parse(self, raw: Any) -> datetime | None:  # type: ignore[override]
        if isinstance(raw, str):
            text = unicodedata.normalize("NFKC", raw).strip()
            if not text:
                return None
            try:
                raw = datetime.fromisoformat(text.replace("/", "-"))
            except ValueError:
                raise Wrong(_("This is not a date with time. Write 2026-01-31 14:30.")) from None
        if raw is None:
            return None
        value = raw if isinstance(raw, datetime) else datetime.combine(raw, time.min)
        value = timezone.make_aware(value) if timezone.is_naive(value) else value
        self.check(value)
        return value

    def argument(self, raw: Any, takes: str) -> Any:
        return DateKind().argument(raw, takes)

    def check(self, value: Any) -> None:
        if value is not None:
            super().check(value.date())

    def edit_text(self, value: Any) -> str:
        return "" if value is None else f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def from_json(self, value: Any) -> Any:
        return None if value is None else datetime.fromisoformat(value)

    def sample(self, number: int) -> datetime:  # type: ignore[override]
        return midnight(date(2025, 1, 1)) + timedelta(hours=9 + number % 9000)

    def bad_samples(self) -> list[str]:
        return ["2026-02-30 10:00", "soon"]


class ClockKind(TextKind):
    """A time of day, kept as 14:30, so that texts sort as times do."""

    name = "clock"
    widget = "time"

    def __init__(self) -> None:
        super().__init__(max=5, check=_clock)

    def parse(self, raw: Any) -> str | None:
        # The text may be longer than what it stands for: 下午 is not understood, 9点30分 is.
        text = unicodedata.normalize("NFKC", str(raw or "")).replace(" ", "")
        return _clock(text) if text else None

    def sample(self, number: int) -> str:
        return f"{8 + number % 10:02}:30"

    def bad_samples(self) -> list[str]:
        return ["25:00", "9:75", "soon"]


def _clock(text: str) -> str:
    match = CLOCK_TEXT.match(text)
    if match is None:
        raise Wrong(_("This is not a time of day. Write it as 14:30."))
    return f"{int(match[1]):02}:{match[2] or '00'}"
