"""Dates as people write them: which order a column follows, and reading one by that order."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from django.utils.translation import gettext_lazy as _

from .quarters import CheckColumn, is_quarter_column, name_similarity, parse_quarter

PIVOT = 50
SERIAL_START = datetime.combine(date(1899, 12, 30), time())
SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
MONTHS = {
    short: place for place, name in enumerate(MONTH_NAMES, 1) for short in (name, name[:3])
} | {"sept": 9}
TIME = re.compile(
    r"""(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*
    (?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,6})\d*)?\s*秒?)?)?
    \s*(?P<am>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?""",
    re.VERBOSE,
)
SEPARATOR = r"\s*(?P<sep>[-/.])\s*"
YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}}|\d{{2}})(?:{SEPARATOR}|\s*年\s*)(?P<m>\d{{1,2}})"
    r"(?:\s*(?P<sep2>[-/.])\s*|\s*月\s*)(?P<d>\d{1,2})(?:\s*[日号])?"
)
COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
NUMBER_FIRST = re.compile(
    rf"(?P<one>\d{{1,2}}){SEPARATOR}(?P<two>\d{{1,2}})\s*(?P<sep2>[-/.])\s*(?P<y>\d{{4}}|\d{{2}})"
)
MONTH_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
YEAR = r"'?(?P<y>\d{4}|\d{2})"
DAY_NAME = re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*{MONTH_NAME}[\s\-/.,]*{YEAR}")
NAME_DAY = re.compile(rf"{MONTH_NAME}[\s\-/.]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]+{YEAR}")
WEEKDAY = re.compile(r"\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?")

MONTH_ONLY = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?:\s*[-/.年]\s*(?P<m>\d{1,2})\s*月?(?:份)?|\s*年度?)?"
)
PATTERNS = {
    "ymd": (YEAR_FIRST, COMPACT),
    "yymd": (YEAR_FIRST,),
    "dmy": (NUMBER_FIRST,),
    "mdy": (NUMBER_FIRST,),
    "name": (DAY_NAME, NAME_DAY),
}
# In order of preference where two read a column equally well.
FORMATS = {
    "ymd": _("year-month-day, such as 2016-10-20"),
    "dmy": _("day-month-year, such as 20-10-2016 or 20-10-16"),
    "mdy": _("month-day-year, such as 10-20-2016 or 10-20-16"),
    "yymd": _("two-digit year, month, day, such as 16-10-20"),
    "name": _("with the month's name, such as 20 Oct 2016 or Oct 20, 2016"),
    "serial": _("day number of a spreadsheet, such as 42663"),
    "month": _("as year-month-day, or month or year alone: the first day counts"),
}


@dataclass(frozen=True, kw_only=True)
class DateProposal:
    """How one format would read a column. Counts are rows; blank rows count nowhere.

    ``ambiguous``: rows read as another day by a format that reads no fewer rows. ``agreed`` and
    ``disagreed``: rows compared with their quarter.
    """

    format: str
    matched: int
    refused: int
    ambiguous: int
    agreed: int = 0
    disagreed: int = 0
    first: int = 0

    @property
    def certain(self) -> bool:
        """Nothing refused, and either no other reading or a quarter column that decides."""
        if self.refused or self.disagreed:
            return False
        return not self.ambiguous or self.agreed > 0

    @property
    def reason(self) -> str:
        parts = [str(_("reads %(matched)s of %(all)s dates"))]
        if self.agreed or self.disagreed:
            parts.append(str(_("%(agreed)s of %(compared)s agree with the quarter column")))
        if self.ambiguous:
            parts.append(str(_("%(ambiguous)s could also be read in another order")))
        if self.first:
            parts.append(str(_("%(first)s name no day and get the first")))
        return str(_("; ")).join(parts) % {
            "matched": self.matched,
            "all": self.matched + self.refused,
            "agreed": self.agreed,
            "compared": self.agreed + self.disagreed,
            "ambiguous": self.ambiguous,
            "first": self.first,
        }


def propose_date_format(
    samples: Sequence[object], *, checks: Sequence[object] | None = None
) -> list[DateProposal]:
    """Formats that read at least one of the texts, the best first.

    ``checks`` holds the quarter of each row ("Q4 2016") and outranks everything else. Values
    that already are dates are left out: they need no format.
    """
    pairs = Counter(
        (str(text).strip(), str(check).strip())
        for text, check in zip(samples, checks or [""] * len(samples), strict=False)
        if not isinstance(text, date) and str(text).strip()
    )
    readings = {name: {text: _try(text, name) for text, _c in pairs} for name in FORMATS}
    readings = {name: days for name, days in readings.items() if any(days.values())}
    proposals = [_weigh(name, pairs, readings) for name in readings]
    order = list(FORMATS)
    return sorted(
        proposals,
        key=lambda p: (p.disagreed - p.agreed, p.refused, p.ambiguous, order.index(p.format)),
    )


def parse_date(text: object, format: str, *, pivot: int = PIVOT) -> date | datetime:
    """Read one date by a word of ``FORMATS``; a datetime where the text has a time of day.

    Two-digit years below ``pivot`` are 20xx, the others 19xx. Dates pass through. A time is
    naive unless the text names its zone. Raises ``ValueError``.
    """
    if isinstance(text, date):
        return text
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    if format == "serial":
        return _serial(plain)
    if format == "month":
        if found := MONTH_ONLY.fullmatch(plain):
            return date(int(found["y"]), int(found["m"] or 1), 1)
        format = "ymd"
    day, rest = _day(plain, format, pivot)
    rest = WEEKDAY.sub("", rest).strip().removeprefix("T").strip()
    return _at(day, rest) if rest else day


def year_of(text: str) -> str:
    """2015 of 2015-06, 2015年6月 and 2015-06-01; other texts as they are."""
    plain = unicodedata.normalize("NFKC", text).strip()
    day = _try(plain, "month")
    return str(day.year) if day is not None else text


def find_check_columns(
    header: Sequence[str], columns: Sequence[Sequence[object]]
) -> dict[int, CheckColumn]:
    """Which quarter column belongs to which date column, by content first, then by name."""
    quarters = [n for n, samples in enumerate(columns) if is_quarter_column(samples)]
    found: dict[int, CheckColumn] = {}
    if not quarters:
        return found
    for place, samples in enumerate(columns):
        if place in quarters or not _is_date_column(samples):
            continue
        ranked = [_compare(header, columns, date_column=place, quarter=n) for n in quarters]
        best = max(ranked, key=lambda c: (c.agreed / max(1, c.compared), c.similarity, -c.column))
        if best.agreed >= 0.9 * max(1, best.compared) and best.compared:
            found[place] = best
    return found


def _compare(
    header: Sequence[str], columns: Sequence[Sequence[object]], *, date_column: int, quarter: int
) -> CheckColumn:
    best = propose_date_format(columns[date_column], checks=columns[quarter])[0]
    similarity = name_similarity(header[date_column], header[quarter])
    return CheckColumn(quarter, best.agreed, best.agreed + best.disagreed, similarity)


def _is_date_column(samples: Sequence[object]) -> bool:
    filled = [s for s in samples if str(s).strip()]
    if not filled or any(isinstance(s, date) for s in filled):
        return False
    best = max((p.matched for p in propose_date_format(filled)), default=0)
    return best >= 0.9 * len(filled)


def _weigh(
    name: str,
    pairs: Counter[tuple[str, str]],
    readings: dict[str, dict[str, date | None]],
) -> DateProposal:
    tally: Counter[str] = Counter()
    own = readings[name]
    reach = {n: sum(pairs[p] for p in pairs if days[p[0]]) for n, days in readings.items()}
    rivals = [days for n, days in readings.items() if n != name and reach[n] >= reach[name]]
    for (text, check), times in pairs.items():
        day = own[text]
        if day is None:
            tally["refused"] += times
            continue
        tally["matched"] += times
        if name == "month" and _try(text, "ymd") is None:
            tally["first"] += times
        if any(days[text] not in (None, day) for days in rivals):
            tally["ambiguous"] += times
        quarter = parse_quarter(check) if check else None
        if quarter:
            agrees = quarter == (day.year, (day.month + 2) // 3)
            tally["agreed" if agrees else "disagreed"] += times
    fields = ("matched", "refused", "ambiguous", "agreed", "disagreed", "first")
    return DateProposal(format=name, **{field: tally[field] for field in fields})


def _try(text: str, name: str) -> date | None:
    try:
        found = parse_date(text, name)
    except ValueError:
        return None
    return found.date() if isinstance(found, datetime) else found


def _serial(plain: str) -> date | datetime:
    if not SERIAL.fullmatch(plain):
        raise ValueError(plain)
    moment = SERIAL_START + timedelta(seconds=round(float(plain) * 86400))
    return moment if "." in plain and moment.time() != time() else moment.date()


def _day(plain: str, format: str, pivot: int) -> tuple[date, str]:
    for found in _matches(plain, format):
        parts = found.groupdict()
        rest = plain[found.end() :]
        if parts.get("sep") != parts.get("sep2") or rest[:1].isdecimal():
            continue
        year_digits = len(parts["y"])
        if (format == "ymd" and year_digits != 4) or (format == "yymd" and year_digits != 2):
            continue
        year = int(parts["y"])
        if year_digits == 2:
            year += 2000 if year < pivot else 1900
        return date(year, *_month_and_day(parts, format)), rest
    raise ValueError(plain)


def _matches(plain: str, format: str) -> Iterator[re.Match[str]]:
    for pattern in PATTERNS[format]:
        found = pattern.match(plain)
        if found:
            yield found


def _month_and_day(parts: dict[str, str], format: str) -> tuple[int, int]:
    if format == "name":
        month = MONTHS.get(parts["name"].casefold())
        if month is None:
            raise ValueError(parts["name"])
        return month, int(parts["d"])
    if format == "dmy":
        return int(parts["two"]), int(parts["one"])
    if format == "mdy":
        return int(parts["one"]), int(parts["two"])
    return int(parts["m"]), int(parts["d"])


def _at(day: date, rest: str) -> datetime:
    found = TIME.fullmatch(rest)
    if not found:
        raise ValueError(rest)
    hour = int(found["hour"])
    half = (found["am"] or {"上午": "a", "下午": "p"}.get(found["half"] or "", ""))[:1].lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(rest)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    part = int((found["part"] or "0").ljust(6, "0"))
    moment = time(hour, int(found["minute"]), int(found["second"] or 0), part)
    return datetime.combine(day, moment, _zone(found["zone"]))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
