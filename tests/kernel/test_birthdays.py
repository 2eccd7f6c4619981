"""Birthdays by both calendars: reading, the next one, and the marks conditions find them by."""

import random
from datetime import date, timedelta

import pytest
from django.utils import translation

from guanxi.kernel import birthdays
from guanxi.kernel.errors import Wrong

TEXTS = {
    "1985-03-12": "1985-03-12",
    "3月12日": "--03-12",
    "19850312": "1985-03-12",
    "农历八月十五": "L--08-15",
    "农历2025年闰六月初三": "L2025-06-03R",
    "lunar 2025-06-03 leap": "L2025-06-03R",
    "阴历1990年冬月廿三": "L1990-11-23",
    "农历一九九〇年正月初十": "L1990-01-10",
    "农历腊月三十": "L--12-30",
}


@pytest.mark.parametrize(("text", "stored"), TEXTS.items())
def test_what_people_write_is_read_and_reads_back(text: str, stored: str) -> None:
    found = birthdays.read_birthday(text)
    assert str(found) == stored
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert birthdays.read_birthday(birthdays.show_birthday(found)) == found


@pytest.mark.parametrize("text", ["1985-02-30", "农历1985年闰六月初三", "2999-01-01", "spring"])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(Wrong):
        birthdays.read_birthday(text)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1985-03-12", date(2026, 11, 22), date(2027, 3, 12)),
        ("2000-02-29", date(2027, 1, 1), date(2027, 2, 28)),
        ("农历八月十五", date(2026, 9, 25), date(2026, 9, 25)),
        ("农历八月十五", date(2026, 9, 26), date(2027, 9, 15)),
        ("农历2025年闰六月初一", date(2026, 1, 1), date(2026, 7, 14)),
    ],
)
def test_the_next_birthday(text: str, today: date, day: date) -> None:
    assert birthdays.next_birthday(birthdays.read_birthday(text), today) == day


def test_conditions_find_exactly_those_who_celebrate() -> None:
    rng = random.Random(7)
    for _turn in range(400):
        lunar = rng.random() < 0.6
        found = birthdays.Birthday(
            0, rng.randint(1, 12), rng.randint(1, 30 if lunar else 28), lunar,
            lunar and rng.random() < 0.3,
        )  # fmt: skip
        first, days = date(2026, 1, 1) + timedelta(days=rng.randint(0, 3000)), rng.randint(0, 60)
        comes = (birthdays.next_birthday(found, first) - first).days <= days
        assert comes == (birthdays.mark(str(found)) in birthdays.marks_of(first, days)), found


def test_days_ahead_are_counted_in_words() -> None:
    with translation.override("en"):
        assert [birthdays.say_ahead(n) for n in (0, 1, 2)] == ["today", "in 1 day", "in 2 days"]
    with translation.override("zh-hans"):
        assert [birthdays.say_ahead(n) for n in (0, 1)] == ["今天", "还有 1 天"]
