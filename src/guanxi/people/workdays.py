"""Which days are worked: Monday to Friday, but for what the table of holidays says."""

from collections.abc import Mapping
from datetime import date, timedelta

from guanxi.kernel import stamps
from guanxi.kernel.actor import system_actor
from guanxi.people.models import Holiday

SATURDAY = 5
LONGEST = 3_660


def is_workday(day: date, *, book: int = 1) -> bool:
    """Holidays are not worked, swapped weekends (调休) are."""
    return exceptions(book).get(day, day.weekday() < SATURDAY)


def add_workdays(day: date, count: int, *, book: int = 1) -> date:
    """The `count`th workday after `day`, before it where negative; 0 is `day` itself.

    Raises ValueError where none comes within ten years.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left, found = abs(count), day
    for _tried in range(LONGEST):
        if not left:
            return found
        found += step
        left -= is_workday(found, book=book)
    raise ValueError("more workdays than ten years have")


def workdays_between(first: date, last: date, *, book: int = 1) -> int:
    """How many days from `first` to `last`, both included, are worked."""
    span = range((last - first).days + 1)
    return sum(is_workday(first + timedelta(days=step), book=book) for step in span)


@stamps.remembered(8)
def exceptions(book: int = 1) -> Mapping[date, bool]:
    """{day: whether it is worked} of the table."""
    rows = Holiday.rows(system_actor("workdays", book=book)).live()
    return dict(rows.values_list("day", "works"))
