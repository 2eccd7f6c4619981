"""Days as business has them: weekdays, quarter ends, nothing at Spring Festival."""

import random
from bisect import bisect
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate

CHINA = timezone(timedelta(hours=8))

_NEW_YEARS = tuple(
    date.fromisoformat(text)
    for text in (
        "2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 "
        "2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 "
        "2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12"
    ).split()
)
_WEEK = (1.0, 1.05, 1.05, 1.0, 0.9, 0.12, 0.04)
# Hours of the working day by how much is done in them; nobody calls at lunch.
_HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 18, 20)


class Seasons:
    """Days from ``back`` days before ``today`` to ``ahead`` days after it, by their weight.

    ``peak`` is how much stronger the last ten days of a quarter are: about 1 for contacts made,
    2 and more for contracts signed.
    """

    def __init__(
        self,
        today: date,
        *,
        back: int = 730,
        ahead: int = 0,
        peak: float = 1.3,
        growth: float = 0.0,
    ) -> None:
        days = range(-back, ahead + 1)
        self._days = [today + timedelta(days=shift) for shift in days]
        total = max(len(days) - 1, 1)
        self._weights = list(
            accumulate(
                day_weight(day, peak=peak) * (1 + growth * at / total)
                for at, day in enumerate(self._days)
            )
        )

    @property
    def first(self) -> date:
        return self._days[0]

    @property
    def last(self) -> date:
        return self._days[-1]

    def pick(self, rng: random.Random) -> date:
        return self._days[bisect(self._weights, rng.random() * self._weights[-1])]


def day_weight(day: date, *, peak: float = 1.3) -> float:
    """How busy a day is; an ordinary Monday is 1."""
    weight = _WEEK[day.weekday()] * _holiday(day)
    left = monthrange(day.year, day.month)[1] - day.day
    if day.month % 3 == 0 and left < 10:
        weight *= peak
    elif left < 4:
        weight *= 1 + (peak - 1) / 2
    return weight


def _holiday(day: date) -> float:
    for new_year in _NEW_YEARS:
        since = (day - new_year).days
        if -2 <= since <= 6:
            return 0.01
        if -9 <= since < -2:
            return 0.45
        if 6 < since <= 14:
            return 0.6
    if day.month == 10 and day.day <= 7:
        return 0.02
    if (day.month == 5 and day.day <= 4) or (day.month, day.day) == (1, 1):
        return 0.1
    return 1.0


def moment(rng: random.Random, day: date) -> datetime:
    """An instant in the working hours of a day in China, in UTC."""
    hour = _HOURS[int(rng.random() * len(_HOURS))]
    minute, second = int(rng.random() * 60), int(rng.random() * 60)
    return datetime.combine(day, time(hour, minute, second), CHINA).astimezone(UTC)
