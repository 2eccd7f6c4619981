"""Which days are worked: the official calendar, and what a company changes in it."""

from datetime import date, timedelta

import pytest

from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.people.holidays import add_official, make_holidays, official_days
from guanxi.people.models import Holiday
from guanxi.people.workdays import add_workdays, is_workday, workdays_between

pytestmark = pytest.mark.django_db
ACTOR = system_actor("tests")


@pytest.fixture(autouse=True)
def calendar(db):
    make_holidays()


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-11-20", True),  # a Friday
        ("2026-11-21", False),  # a Saturday
        ("2026-02-14", True),  # a Saturday worked for Spring Festival
        ("2026-02-17", False),  # New Year's Day of the lunar calendar
        ("2026-10-10", True),
        ("2026-10-07", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2027-02-08", False),
        ("2030-05-06", True),
    ],
)
def test_the_official_calendar(day, worked):
    assert is_workday(date.fromisoformat(day)) is worked


def test_swapped_days_are_weekends_and_holidays_stand_once():
    days = list(official_days())
    assert len({day for day, _name, _works in days}) == len(days)
    assert all(day.weekday() >= 5 for day, _name, works in days if works)
    # The State Council gives what it takes: 28 and 33 days off.
    for year, off in ((2025, 28), (2026, 33)):
        assert sum(day.year == year and not works for day, _name, works in days) == off


def test_days_are_counted_over_the_holidays():
    before = date(2026, 9, 30)
    assert add_workdays(before, 1) == date(2026, 10, 8)
    assert add_workdays(before, 3) == date(2026, 10, 10)
    assert add_workdays(date(2026, 10, 8), -1) == before
    assert add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert workdays_between(date(2026, 10, 1), date(2026, 10, 10)) == 3
    assert workdays_between(date(2026, 10, 2), date(2026, 10, 1)) == 0


def test_a_company_changes_its_calendar_and_it_counts_at_once():
    day = date(2026, 12, 25)
    assert is_workday(day)
    anniversary = Holiday(day=day, name="司庆")
    with change(ACTOR, anniversary):
        pass
    assert not is_workday(day)
    with change(ACTOR, anniversary):
        anniversary.works = True
    assert is_workday(day)


def test_the_official_days_are_added_to_empty_years_only():
    assert add_official(ACTOR) == 0
    for day in Holiday.rows(ACTOR).filter(day__year=2027, day__gt=date(2027, 1, 1)):
        with change(ACTOR, day):
            day.day = day.day - timedelta(days=3650)
    assert add_official(ACTOR) == 0
