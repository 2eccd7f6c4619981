"""Days of birth by the common or the lunar calendar, with or without the year.

Stored as 1985-03-12, --03-12, L1985-08-15, L--08-15, and with R behind it for a leap month
(闰月). A birthday of the 30th falls on the 29th of a short month, one of a leap month on the plain
month where there is none, 29 February on the 28th. Lunar years 1900 to 2100 (the table of borax).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Wrong

FIRST_YEAR = 1900
LUNAR, LEAP = 10_000, 5_000
MONTHS = " 正 二 三 四 五 六 七 八 九 十 冬 腊".split(" ")
DIGITS = "〇一二三四五六七八九"

_PREFIX = re.compile(r"(?:农历|農曆|阴历|陰曆|旧历|lunar|l)\s*", re.IGNORECASE)
_SOLAR = re.compile(
    r"(?:--|(?P<year>\d{4})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_LUNAR = re.compile(
    r"(?:--|(?P<year>\d{4}|[〇零○一二三四五六七八九]{4})\s*[-/.年]?\s*)?(?P<leap>闰|閏)?\s*"
    r"(?P<month>\d{1,2}|十[一二]|[正一二三四五六七八九十冬腊臘])\s*[-/.月]\s*"
    r"(?P<day>\d{1,2}|[初十廿二三卅][一二三四五六七八九十]?[一二三四五六七八九]?)\s*[日号]?"
    r"\s*(?P<tail>leap|r)?",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Birthday:
    """`year` is 0 where nobody knows it."""

    year: int
    month: int
    day: int
    lunar: bool = False
    leap: bool = False

    def __str__(self) -> str:
        head = f"{self.year:04d}" if self.year else "-"
        text = f"{head}-{self.month:02d}-{self.day:02d}"
        return f"L{text}{'R' if self.leap else ''}" if self.lunar else text


def read_birthday(text: str) -> Birthday:
    """What a person wrote: 1985-03-12, 3月12日, 农历八月十五, 农历2025年闰六月初三; raises Wrong."""
    typed = text.strip()
    prefix = _PREFIX.match(typed)
    if prefix:
        found = _read_lunar(typed[prefix.end() :])
    else:
        packed = _PACKED.fullmatch(typed)
        found = _read_solar("-".join(packed.groups()) if packed else typed)
    if found is None:
        raise Wrong(_("Write a day such as 1985-03-12, 03-12 or 农历八月十五."))
    _check(found)
    return found


def _read_solar(text: str) -> Birthday | None:
    found = _SOLAR.fullmatch(text)
    if found is None:
        return None
    return Birthday(int(found["year"] or 0), int(found["month"]), int(found["day"]))


def _read_lunar(text: str) -> Birthday | None:
    found = _LUNAR.fullmatch(text)
    if found is None:
        return None
    year = found["year"] or "0"
    if not year.isdigit() or not year.isascii():
        year = "".join(str(DIGITS.index("〇" if sign in "零○" else sign)) for sign in year)
    month, day = _lunar_month(found["month"]), _lunar_day(found["day"])
    leap = bool(found["leap"] or found["tail"])
    return Birthday(int(year), month, day, lunar=True, leap=leap) if month and day else None


def _lunar_month(text: str) -> int:
    if text.isascii():
        return int(text)
    known = {"一": 1, "十一": 11, "十二": 12, "臘": 12}
    return known.get(text) or MONTHS.index(text)


def _lunar_day(text: str) -> int:
    """0 for what is no day."""
    if text.isascii():
        return int(text)
    other = {"十": "初十", "廿": "二十", "卅": "三十"}
    name = re.sub(r"^二十(?=.)", "廿", other.get(text, text))
    return next((day for day in range(1, 31) if _day_name(day) == name), 0)


def _day_name(day: int) -> str:
    tens, ones = divmod(day, 10)
    if day <= 10:
        return f"初{(DIGITS + '十')[day]}"
    if not ones:
        return f"{DIGITS[tens]}十"
    return f"{' 十廿'[tens]}{DIGITS[ones]}"


def _check(found: Birthday) -> None:
    try:
        if found.lunar:
            _check_lunar(found)
        else:
            born = date(found.year or 2000, found.month, found.day)
            if found.year and not date(FIRST_YEAR, 1, 1) <= born <= timezone.localdate():
                raise Wrong(
                    _("Nobody was born on that day: it lies in the future or too far back.")
                )
    except (InvalidLunarDateError, ValueError) as fault:
        if isinstance(fault, Wrong):
            raise
        raise Wrong(_("There is no such day in that calendar.")) from None


def _check_lunar(found: Birthday) -> None:
    if found.year:
        born = LunarDate(found.year, found.month, found.day, int(found.leap)).to_solar_date()
        if born > timezone.localdate():
            raise Wrong(_("Nobody was born on that day: it lies in the future or too far back."))
    elif not (1 <= found.month <= 12 and 1 <= found.day <= 30):
        raise ValueError


def show_birthday(found: Birthday) -> str:
    """In the language in force; `read_birthday` reads it back."""
    if (get_language() or "").startswith("en"):
        text = str(Birthday(found.year, found.month, found.day)).removeprefix("--")
        return f"lunar {text}{' leap' if found.leap else ''}" if found.lunar else text
    if found.lunar:
        year = f"{found.year}年" if found.year else ""
        month = f"{'闰' if found.leap else ''}{MONTHS[found.month]}月"
        return f"农历{year}{month}{_day_name(found.day)}"
    return str(found) if found.year else f"{found.month}月{found.day}日"


def next_birthday(found: Birthday, today: date) -> date:
    """The next day it is celebrated, today included."""
    if not found.lunar:
        return next(
            day for year in (today.year, today.year + 1) if (day := _in_year(found, year)) >= today
        )
    first = LunarDate.from_solar(today).year
    return next(
        day for year in range(first, first + 3) if (day := _in_lunar_year(found, year)) >= today
    )


def _in_year(found: Birthday, year: int) -> date:
    try:
        return date(year, found.month, found.day)
    except ValueError:
        return date(year, 2, 28)


def _in_lunar_year(found: Birthday, year: int) -> date:
    leap = int(found.leap and LCalendars.leap_month(year) == found.month)
    day = min(found.day, LCalendars.ndays(year, found.month, leap))
    return LunarDate(year, found.month, day, leap).to_solar_date()


def mark(stored: str) -> int:
    """A number that is the same every year; 0 for no birthday."""
    if not stored:
        return 0
    found = read_birthday(stored)
    return (LUNAR if found.lunar else 0) + _mark(found.month, found.day, leap=found.leap)


def _mark(month: int, day: int, *, leap: bool) -> int:
    return (LEAP if leap else 0) + month * 100 + day


@lru_cache(maxsize=64)
def marks_of(first: date, days: int) -> tuple[int, ...]:
    """The marks of all birthdays from `first` on for so many further days."""
    found: set[int] = set()
    for number in range(min(days, 366) + 1):
        day = first + timedelta(days=number)
        found |= _solar_marks(day) | {LUNAR + one for one in _lunar_marks(day)}
    return tuple(sorted(found))


def _solar_marks(day: date) -> set[int]:
    found = {_mark(day.month, day.day, leap=False)}
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        found.add(_mark(2, 29, leap=False))
    return found


def _lunar_marks(day: date) -> set[int]:
    lunar = LunarDate.from_solar(day)
    days = {lunar.day}
    if lunar.day == 29 and LCalendars.ndays(lunar.year, lunar.month, lunar.leap) == 29:
        days.add(30)
    leaps = {bool(lunar.leap)}
    if not lunar.leap and LCalendars.leap_month(lunar.year) != lunar.month:
        leaps.add(True)
    return {_mark(lunar.month, one, leap=leap) for one in days for leap in leaps}


def say_ahead(days: int) -> str:
    if not days:
        return _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
