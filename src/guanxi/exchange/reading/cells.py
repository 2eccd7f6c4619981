"""Values of single cells: how they show, and whether a number lost its digits on the way."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from .faults import BadCell

EXACT = 10**15
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+\d{1,3}|#{3,}")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
NEEDS_GUARD = re.compile(r"'*[=+\-@\t\r]")
PLAIN_NEGATIVE = re.compile(r"-\d{1,14}(?:\.\d{1,14})?")

DIGITS_LOST = _(
    "%(value)s has lost digits: the spreadsheet kept it as a rounded number. Set the column to"
    " text there and enter the full number again."
)


def digits_lost(value: Any) -> bool:
    """Whether an identifier (phone, credit code, ID number) arrived as a rounded number.

    True for text such as 1.38E+10, a column of #### and numbers of 16 digits or more, of
    which a spreadsheet keeps only 15. An exact 13812345678.0 is fine.
    """
    if isinstance(value, str):
        # Nearly no text has one of these signs, and each rounded one has.
        return ("+" in value or "#" in value) and SCIENTIFIC.fullmatch(value.strip()) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= EXACT


def digits_reason(value: Any) -> str:
    return str(DIGITS_LOST) % {"value": show(value)}


def tidy(value: Any) -> Any:
    """A spreadsheet's number without the .0 that every number has there."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return value


def show(value: Any) -> str:
    """The cell as text without losing a digit: ISO dates, 12 for 12.0, TRUE and FALSE."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return repr(tidy(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    return value.text if isinstance(value, BadCell) else str(value)


def guard(text: str) -> str:
    """Put ' before text that a spreadsheet would run as a formula; plain -12.5 stays."""
    if NEEDS_GUARD.match(text) and not PLAIN_NEGATIVE.fullmatch(text):
        return "'" + text
    return text


def unguard(row: list[str]) -> list[str]:
    """Take away what ``guard`` put in, so that an error file can be read again."""
    if not any(map(GUARDED.match, row)):
        return row
    return [text[1:] if GUARDED.match(text) else text for text in row]


def _hours(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
