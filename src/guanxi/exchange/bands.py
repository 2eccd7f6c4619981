"""Ranges such as 500-1000人 and 50人以下, and the entry of a dictionary they belong to."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from guanxi.kernel.figures import UNITS, parse_number

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_END = rf"(\d[\d,]*(?:\.\d+)?)\s*({_UNIT})?"
_AFTER = r"\s*(?:元|人民币|人|名|员工|people|employees)*\s*"
BETWEEN = re.compile(
    rf"{_END}{_AFTER}(?:-|–|—|~|～|至|到|to)\s*{_END}{_AFTER}(?:之间)?", re.IGNORECASE
)
BELOW = re.compile(
    rf"(?:{_END}{_AFTER}(?:及|含)?(?:以下|以内|之内|内)|(?:少于|不足|小于|低于|<|≤|under)\s*{_END}{_AFTER})",
    re.IGNORECASE,
)
ABOVE = re.compile(
    rf"(?:{_END}{_AFTER}(?:(?:及|含)?以上|\+|多)|(?:超过|大于|多于|高于|>|≥|over)\s*{_END}{_AFTER})\s*(?:人|名)?",
    re.IGNORECASE,
)
Band = tuple[Decimal, Decimal | None]


def read_band(text: str) -> Band | None:
    """(500, 1000) of 500-1000人, (1000, None) of 1000人以上; None for what is no range."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]")
    if found := BETWEEN.fullmatch(plain):
        low, unit, high, last = found.groups()
        return _number(low, unit or last), _number(high, last)
    if found := BELOW.fullmatch(plain):
        return Decimal(0), _number(*_filled(found)) - 1
    if found := ABOVE.fullmatch(plain):
        return _number(*_filled(found)), None
    return None


def nearest(text: str, titles: Iterable[str]) -> str:
    """The one entry of several ranges in which most of this range, or this number, lies."""
    bands = {title: band for title in titles if (band := read_band(title)) is not None}
    point = _point(text) if len(bands) > 1 else None
    if point is None:
        return ""
    # 500-999人 and 1000-4999人 leave no gap between whole numbers.
    fitting = [
        title
        for title, (low, high) in bands.items()
        if low <= point and (high is None or point < high + 1)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _point(text: str) -> Decimal | None:
    band = read_band(text)
    if band is None:
        try:
            return parse_number(text).value
        except ValueError:
            return None
    low, high = band
    if high is None:
        return low
    return high if low == 0 else (low + high) / 2


def _number(digits: str, unit: str | None) -> Decimal:
    return Decimal(digits.replace(",", "")) * (UNITS[unit.casefold()] if unit else 1)


def _filled(found: "re.Match[str]") -> tuple[str, str | None]:
    """Number and unit, before the word or behind it."""
    one, unit, other, second = found.groups()
    return (one, unit) if one else (other, second)
