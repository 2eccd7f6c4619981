"""Numbers of records, such as KH-00042: a pattern, a count that may begin anew, taken when written.

Pattern: any text with {yyyy} {yy} {mm} {dd} for the day in the company's zone and one {n}, the
count; {n:4} has at least four digits. Gapless numbers are taken in the transaction that writes the
record: whoever comes second waits for it. Quick ones come from blocks set aside by a transaction of
their own: nobody waits, and what a refused record or an ended process had is left out.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry, stamps
from guanxi.kernel.errors import Wrong
from guanxi.kernel.models import NumberRule
from guanxi.kernel.spec import Spec

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

BLOCK = 20
PIECE = 500
TOKEN = re.compile(r"\{(yyyy|yy|mm|dd|n(?::([1-9]))?)\}")
DATED: Mapping[str, Callable[[date], str]] = {
    "yyyy": lambda day: f"{day.year:04d}",
    "yy": lambda day: f"{day.year % 100:02d}",
    "mm": lambda day: f"{day.month:02d}",
    "dd": lambda day: f"{day.day:02d}",
}
#: What a number must name, so that it does not come again after the count has begun anew.
NEEDED = {"never": "", "year": "y", "month": "ym", "day": "ymd"}
PERIODS = {"never": "", "year": "%Y", "month": "%Y%m", "day": "%Y%m%d"}
LONGEST_COUNT = 9


@dataclass(frozen=True)
class Rule:
    """How the numbers of one object are made; `reset`: never, year, month or day."""

    pattern: str
    reset: str
    gapless: bool

    def period(self, day: date) -> str:
        return day.strftime(PERIODS[self.reset])

    def show(self, day: date, count: int) -> str:
        return _form(self.pattern, day).format(count)


@lru_cache(maxsize=64)
def _form(pattern: str, day: date) -> str:
    """The pattern on one day, for `format` with the count: no other braces may stand in it."""

    def replace(match: re.Match[str]) -> str:
        return DATED[match[1]](day) if match[1] in DATED else f"{{:0{match[2] or 1}d}}"

    return TOKEN.sub(replace, pattern)


def check_rule(rule: Rule, *, longest: int) -> None:
    """Raises Wrong for a pattern that would make no numbers, the same twice, or too long ones."""
    found = [match[1].partition(":")[0] for match in TOKEN.finditer(rule.pattern)]
    if re.search(r"[{}]", TOKEN.sub("", rule.pattern)):
        raise Wrong(_("Only {yyyy} {yy} {mm} {dd} {n} and {n:4} may stand in braces."))
    if found.count("n") != 1:
        raise Wrong(_("The count {n} must stand in it once."))
    if not rule.pattern.isprintable() or rule.pattern != rule.pattern.strip():
        raise Wrong(_("This holds blanks or signs nobody can see."))
    letters = {name[0] for name in found}
    if not set(NEEDED[rule.reset]) <= letters:
        raise Wrong(_("When the count begins anew, the number must name the day, month or year."))
    if len(rule.show(date(2000, 1, 1), 10**LONGEST_COUNT - 1)) > longest:
        text = _("Such numbers could have more than %(max)s characters.")
        raise Wrong(text % {"max": longest})


def number_problems(spec: Spec) -> list[str]:
    """What is wrong with a declaration, for the check at the start."""
    number = spec.number
    assert number is not None
    try:
        check_rule(Rule(number.pattern, number.reset, number.gapless), longest=_length(spec))
    except Wrong as wrong:
        return [f"number {number.pattern}: {wrong.message}"]
    columns = {"book", number.field}
    if not any(
        columns == set(one.fields) for one in spec.model._meta.constraints if hasattr(one, "fields")
    ):
        return [f"number: {number.field} has no unique constraint with book"]
    return []


def rule_of(spec: Spec, book: int) -> Rule:
    """The rule in force, an administrator's or the one the object came with."""
    return _rule(spec.key, book)


@stamps.remembered(256)
def _rule(key: str, book: int) -> Rule:
    default = registry.spec(key).number
    assert default is not None
    stored = NumberRule.objects.filter(book=book, object=key).first()
    if stored is None:
        return Rule(default.pattern, default.reset, default.gapless)
    return Rule(stored.pattern, stored.reset, stored.gapless)


def keep_rule(spec: Spec, book: int, rule: Rule) -> None:
    """Raises Wrong. Whoever calls this moves the organisation's stamp, so that all hear of it."""
    assert spec.number is not None
    check_rule(rule, longest=_length(spec))
    values = {"pattern": rule.pattern, "reset": rule.reset, "gapless": rule.gapless}
    NumberRule.objects.update_or_create(book=book, object=spec.key, defaults=values)


def _length(spec: Spec) -> int:
    assert spec.number is not None
    return spec.model._meta.get_field(spec.number.field).max_length or 40


def last_count(spec: Spec, book: int, day: date) -> int:
    """The count last taken in the period of this day, blocks included."""
    period = rule_of(spec, book).period(day)
    with connection.cursor() as cursor:
        cursor.execute(READ, [book, spec.key, period])
        row = cursor.fetchone()
    return row[0] if row else 0


def set_next(spec: Spec, book: int, day: date, count: int) -> None:
    """From now on numbers of this period go on with `count`; those that exist are stepped over."""
    period = rule_of(spec, book).period(day)
    with connection.cursor() as cursor:
        cursor.execute(SET, [book, spec.key, period, count - 1])


def give_numbers(spec: Spec, edits: Sequence["Edit"]) -> None:
    """Numbers the new records that have none, in their order; called inside every write."""
    if spec.number is None:
        return
    name = spec.number.field
    todo = [edit for edit in edits if edit.is_new and not getattr(edit.record, name)]
    if not todo:
        return
    rule = rule_of(spec, todo[0].record.book)
    typed = {getattr(edit.record, name) for edit in edits}
    zone = timezone.get_default_timezone()
    days = {at: timezone.localdate(at, zone) for at in {edit.at for edit in todo}}
    periods = {at: rule.period(day) for at, day in days.items()}
    for period, some in groupby(todo, key=lambda edit: periods[edit.at]):
        group = list(some)
        taking = Taking(spec, rule, period, group[0].record.book, typed)
        fresh = taking.numbers([days[edit.at] for edit in group])
        for edit, number in zip(group, fresh, strict=True):
            setattr(edit.record, name, number)


@dataclass(frozen=True)
class Taking:
    """Numbers of one period; `typed`: those that stand in the records written with them."""

    spec: Spec
    rule: Rule
    period: str
    book: int
    typed: set[str]

    def numbers(self, days: Sequence[date]) -> list[str]:
        """A number for each day, none of which another record has."""
        found = [""] * len(days)
        todo = list(range(len(days)))
        while todo:
            for place, count in zip(todo, self._counts(len(todo)), strict=True):
                found[place] = self.rule.show(days[place], count)
            taken = self._taken([found[place] for place in todo])
            todo = [place for place in todo if found[place] in taken]
        return found

    def _counts(self, count: int) -> list[int]:
        key = (self.book, self.spec.key, self.period)
        # SQLite knows one writer at a time: who writes waits anyway, and blocks gain nothing.
        if self.rule.gapless or connection.vendor == "sqlite":
            last = _advance(connection, key, count)
            return list(range(last - count + 1, last + 1))
        return BLOCKS.take(key, count)

    def _taken(self, numbers: Sequence[str]) -> set[str]:
        """Those of the numbers somebody has typed."""
        assert self.spec.number is not None
        name, found = self.spec.number.field, self.typed & set(numbers)
        # Said again, so that the index of the constraint, which holds such rows only, serves.
        rows = self.spec.model._all.filter(book=self.book).exclude(**{name: ""})
        for start in range(0, len(numbers), PIECE):
            some = numbers[start : start + PIECE]
            if _is_row(some):
                # A hundred times less to say than each of them.
                among = rows.filter(**{f"{name}__range": (some[0], some[-1])})
            else:
                among = rows.filter(**{f"{name}__in": some})
            found |= set(some) & set(among.values_list(name, flat=True))
        return found


def _is_row(numbers: Sequence[str]) -> bool:
    """Whether they count up by one and look alike, so that little else lies between them."""
    first, last = numbers[0], numbers[-1]
    same = len(commonprefix([first, last]))
    ends = (first[same:], last[same:])
    return (
        len(first) == len(last)
        and all(end.isdecimal() and end.isascii() for end in ends)
        and int(ends[1]) - int(ends[0]) == len(numbers) - 1
    )


INSERT = (
    "INSERT INTO kernel_numbercount (book, object, period, last) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (book, object, period) DO UPDATE SET last = "
)
TAKE = f"{INSERT}kernel_numbercount.last + excluded.last"
SET = f"{INSERT}excluded.last"
READ = "SELECT last FROM kernel_numbercount WHERE book = %s AND object = %s AND period = %s"


def _advance(using: Any, key: tuple[int, str, str], count: int) -> int:
    """Moves the count on and returns where it stands; the row is locked until the transaction
    ends."""
    returning = using.features.can_return_columns_from_insert
    with using.cursor() as cursor:
        cursor.execute(f"{TAKE} RETURNING last" if returning else TAKE, [*key, count])
        if not returning:
            # An old SQLite, whose one writer we are.
            cursor.execute(READ, list(key))
        return cursor.fetchone()[0]


class Blocks:
    """Counts set aside for this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[tuple[int, str, str], range] = {}

    def take(self, key: tuple[int, str, str], count: int) -> list[int]:
        with self._lock:
            left = self._left.get(key, range(0))
            if len(left) < count:
                left = self._more(key, max(count, BLOCK))
            self._left[key] = left[count:]
            return list(left[:count])

    def _more(self, key: tuple[int, str, str], count: int) -> range:
        last = _set_aside(key, count)
        return range(last - count + 1, last + 1)

    def forget(self) -> None:
        with self._lock:
            self._left.clear()


BLOCKS = Blocks()


def _set_aside(key: tuple[int, str, str], count: int) -> int:
    """In a transaction of its own; where our own transaction holds the count, in that one."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        return _advance(other, key, count)
    except DatabaseError:
        return _advance(connection, key, count)
    finally:
        other.close()
