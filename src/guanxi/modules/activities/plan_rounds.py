"""On which days the rounds of a plan setting fall.

Rounds are counted from the first one, so that the 31st of a month stays the last day of the shorter
months and comes back with the longer ones.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from guanxi.modules.activities.plan_models import Cycle

DAYS_OF = {Cycle.DAYS: 1, Cycle.WEEKS: 7, Cycle.MONTHS: 28}


def round_number(setting: Any, number: int) -> date:
    """The day of round `number`, the first being 0."""
    steps = number * setting.every
    if setting.cycle == Cycle.MONTHS:
        return add_months(setting.starts_on, steps)
    return setting.starts_on + timedelta(days=steps * DAYS_OF.get(setting.cycle, 0))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def latest_round(setting: Any, through: date) -> date | None:
    """The last round on or before this day."""
    number = _number_at(setting, min(through, setting.ends_on or through))
    return None if number is None else round_number(setting, number)


def next_round(setting: Any, start: date) -> date | None:
    """The first round on or after this day."""
    before = _number_at(setting, start - timedelta(days=1))
    if before is not None and setting.cycle == Cycle.ONCE:
        return None
    found = round_number(setting, 0 if before is None else before + 1)
    return None if setting.ends_on is not None and found > setting.ends_on else found


def _number_at(setting: Any, day: date) -> int | None:
    """The number of the last round on or before this day; None before the first."""
    if day < setting.starts_on:
        return None
    if setting.cycle == Cycle.ONCE:
        return 0
    days = (day - setting.starts_on).days
    longest = 31 * setting.every if setting.cycle == Cycle.MONTHS else shortest_step(setting)
    number = days // longest
    while round_number(setting, number + 1) <= day:
        number += 1
    return number


def shortest_step(setting: Any) -> int:
    """The least number of days between two rounds; 0 where there is but one."""
    return setting.every * DAYS_OF.get(setting.cycle, 0)


def round_to_make(setting: Any, today: date) -> date | None:
    """The round for which plans are to arise on this day.

    The one whose reminder is due. Where there is none, the latest that was missed while nothing
    ran: earlier ones are let go, so that nobody is called three times in a row.
    """
    ahead = next_round(setting, today)
    if ahead is not None and ahead <= today + timedelta(days=setting.remind_days):
        return ahead
    missed = latest_round(setting, today - timedelta(days=1))
    if missed is None or setting.since is None or missed < setting.since:
        return None
    gone_through = setting.made_through is not None and missed <= setting.made_through
    return None if gone_through else missed
