"""Quarter columns, and how they decide in which order a date was written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

QUARTER_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}
YEAR = r"(?P<year>\d{4}|'?\d{2})\s*(?:年度?)?"
QUARTER = r"(?:Q(?P<a>[1-4])|(?P<b>[1-4])Q|第?\s*(?P<c>[1-4一二三四])\s*季度?)"
FORMS = (
    re.compile(rf"{YEAR}[\s\-/.]*{QUARTER}", re.IGNORECASE),
    re.compile(rf"{QUARTER}[\s\-/.,]*{YEAR}", re.IGNORECASE),
)
WORDS = re.compile(r"date|quarter|day|qtr|time|日期|季度|时间|_|\W", re.IGNORECASE)
MOSTLY = 0.9


class CheckColumn(NamedTuple):
    """Quarter column ``column`` belongs to a date column: ``agreed`` of ``compared`` rows under
    the best date format; ``similarity`` of the two names, 0 to 1."""

    column: int
    agreed: int
    compared: int
    similarity: float


def parse_quarter(text: str) -> tuple[int, int] | None:
    """(year, quarter) of "Q4 2016", "2016Q4", "4Q16", "2016年第4季度"; None for other text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in FORMS:
        found = form.fullmatch(plain)
        if found:
            mark = found["a"] or found["b"] or found["c"]
            year = int(found["year"].lstrip("'"))
            year += 2000 if year < 100 else 0
            return year, QUARTER_NUMBERS.get(mark) or int(mark)
    return None


def is_quarter_column(samples: Sequence[object]) -> bool:
    filled = [text for text in samples if isinstance(text, str) and text.strip()]
    return bool(filled) and _share(parse_quarter(text) for text in filled) >= MOSTLY


def name_similarity(one: str, other: str) -> float:
    """How alike two column names are apart from words such as date and quarter."""
    first, second = (WORDS.sub("", name).casefold() for name in (one, other))
    return fuzz.ratio(first, second) / 100


def _share(results: Iterable[object]) -> float:
    found = [result is not None for result in results]
    return sum(found) / len(found)
