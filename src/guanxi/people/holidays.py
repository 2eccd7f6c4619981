"""The official Chinese calendar a new installation begins with, and bringing it up to date.

2025 and 2026 as the State Council announced them (国办发明电〔2024〕12号, 〔2025〕7号). For 2027 the
days the law names (全国年节及纪念日放假办法, 2024); its swapped days were not announced yet. What
stands in the table is never overwritten.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import begin_batch, change_many
from guanxi.kernel.registry import spec
from guanxi.people.models import Holiday

#: name: first day to last day off; after a stroke the days worked instead.
OFFICIAL = """
元旦 2025-01-01
春节 2025-01-28 2025-02-04 | 2025-01-26 2025-02-08
清明节 2025-04-04 2025-04-06
劳动节 2025-05-01 2025-05-05 | 2025-04-27
端午节 2025-05-31 2025-06-02
国庆节、中秋节 2025-10-01 2025-10-08 | 2025-09-28 2025-10-11
元旦 2026-01-01 2026-01-03 | 2026-01-04
春节 2026-02-15 2026-02-23 | 2026-02-14 2026-02-28
清明节 2026-04-04 2026-04-06
劳动节 2026-05-01 2026-05-05 | 2026-05-09
端午节 2026-06-19 2026-06-21
中秋节 2026-09-25 2026-09-27
国庆节 2026-10-01 2026-10-07 | 2026-09-20 2026-10-10
元旦 2027-01-01
春节 2027-02-05 2027-02-08
清明节 2027-04-05
劳动节 2027-05-01 2027-05-02
端午节 2027-06-09
中秋节 2027-09-15
国庆节 2027-10-01 2027-10-03
"""


#: The last year whose swapped days stand above.
ANNOUNCED = 2026


def is_announced(year: int) -> bool:
    """Whether the calendar of the year was published when this was written."""
    return year <= ANNOUNCED


def official_days() -> Iterator[tuple[date, str, bool]]:
    """(day, name, whether it is worked) in the order of the calendar's lines."""
    for line in filter(None, OFFICIAL.splitlines()):
        off, _stroke, worked = line.partition("|")
        name, first, *last = off.split()
        day, end = date.fromisoformat(first), date.fromisoformat(last[0] if last else first)
        while day <= end:
            yield day, name, False
            day += timedelta(days=1)
        for text in worked.split():
            yield date.fromisoformat(text), f"{name}调休", True


def make_holidays() -> None:
    """Adds the official days of years that have none in the table yet."""
    add_official(system_actor("day-one holidays", surface="command"))


def add_official(actor: Actor) -> int:
    """How many days were added; a year with any day in the table is left as it is, and the page of
    the calendar offers what it lacks."""
    known = {day.year for day in Holiday.rows(actor).values_list("day", flat=True)}
    fresh = [
        Holiday(day=day, name=name, works=works)
        for day, name, works in official_days()
        if day.year not in known
    ]
    return _add(actor, fresh, kind="day-one")[0]


def missing_days(actor: Actor, year: int) -> list[Holiday]:
    """The official days of a year that are not in the table, not stored."""
    known = set(Holiday.rows(actor).filter(day__year=year).values_list("day", flat=True))
    return [
        Holiday(day=day, name=name, works=works)
        for day, name, works in official_days()
        if day.year == year and day not in known
    ]


def add_missing(actor: Actor, year: int) -> tuple[int, int]:
    """How many of them were added, and their batch."""
    return _add(actor, missing_days(actor, year), kind="setup")


def _add(actor: Actor, fresh: list[Holiday], *, kind: str) -> tuple[int, int]:
    if not fresh:
        return 0, 0
    batch = begin_batch(actor, spec(Holiday), kind=kind)
    change_many(actor, fresh, batch=batch).write()
    return len(fresh), batch.pk
