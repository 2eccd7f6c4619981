"""From one row of a file to values of the record: compiled once per column, used on every row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.bands import read_band
from guanxi.exchange.lookups import Lookup, choice_reader
from guanxi.exchange.options import Options
from guanxi.exchange.reading import BadCell, digits_lost, digits_reason, show
from guanxi.exchange.reading.dates import parse_date, year_of
from guanxi.exchange.reading.phones import split_phones
from guanxi.exchange.targets import PHONE_KINDS, Target
from guanxi.exchange.words import BLANK
from guanxi.kernel import kinds
from guanxi.kernel.company import currency_column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.figures import UNITS
from guanxi.kernel.kinds.choices import split_tags
from guanxi.kernel.kinds.numbers import MONEY_STEP, read_sum
from guanxi.kernel.phones import read_phone
from guanxi.kernel.values import not_found_message

Read = Callable[[Any], Any]
MEMORY = 5_000
#: A break between two ideographs, where no blank belongs.
WRAP = re.compile(r"(?<=[\u3400-\u9fff）)])\s*\n\s*(?=[\u3400-\u9fff（(])")
#: 13912345678（微信同号): the number is an account of WeChat, too.
ALSO_WECHAT = re.compile(
    r"[(（]?\s*(?:手机)?(?:微信同(?:号|步)?|同(?:步)?微信号?)\s*[)）]?", re.IGNORECASE
)
SEVERAL = ";；、，,|\n"


class Unknown(Wrong):
    """A name that no row within reach has."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{not_found_message()} ({text[:80]})", code="not_found")
        self.text = text


@dataclass
class Row:
    """One row as read. `values`: target key -> value (a record for links); blank cells are absent.

    errors: target key -> sentence; unknown: target key -> name no row has
    pending: links to rows that a real run would have made by now
    ruled: field -> arguments of the rule that sets it
    """

    line: int
    cells: Sequence[Any]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    ruled: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One assigned column. `read` gives the value of a text or cell that is not blank;
    `currency`: the target of the currency that sums may name; `memory`: {text: value} of what few
    texts stand for, as long as no row comes or goes that may be meant."""

    index: int
    target: Target
    read: Read
    replace: Mapping[str, str]
    lookup: Lookup | None = None
    creates: bool = False
    currency: str = ""
    memory: dict[str, Any] | None = None

    @cached_property
    def key(self) -> str:
        return self.target.key

    def is_blank(self, cell: Any) -> bool:
        return cell == "" or cell is None or (not self._has_words and says_nothing(cell))

    @cached_property
    def _has_words(self) -> bool:
        """Whether 无 may be one of its values."""
        kind = self.target.kind
        return isinstance(kind, (kinds.LongTextKind, kinds.BooleanKind)) or self.target.asks_values

    def text(self, cell: Any) -> str:
        """The cell as text after the replacements the person accepted; "" leaves it empty."""
        text = show(cell).strip()
        return str(self.unwrapped(self.replace.get(text, text)))

    def unwrapped(self, cell: Any) -> Any:
        """A name that was broken into lines to fit its cell is one name all the same."""
        if isinstance(cell, str) and "\n" in cell and self._is_one_line:
            return " ".join(WRAP.sub("", cell).split())
        return cell

    @cached_property
    def _is_one_line(self) -> bool:
        return (
            type(self.target.kind) in (kinds.TextKind, kinds.LinkKind) and not self.target.gathers
        )


def compile_columns(
    mapping: Mapping[int, str],
    known: Mapping[str, Target],
    *,
    options: Options,
    lookups: Mapping[str, Lookup],
) -> list[Column]:
    """The columns of a mapping, in the order of the file."""
    found = []
    for index, key in sorted(mapping.items()):
        target = known[key]
        lookup = lookups.get(key)
        replace = options.replace.get(index, {})
        read = _reader(target, options=options, index=index)
        currency = currency_column(key) if currency_column(key) in known else ""
        creates, memory = index in options.create, _memory(target, lookup)
        found.append(Column(index, target, read, replace, lookup, creates, currency, memory))
    return found


def _memory(target: Target, lookup: Lookup | None) -> dict[str, Any] | None:
    """Where a text means the same in every row of the file, and few are different."""
    memory: dict[str, Any] = {}
    if lookup is None:
        few = isinstance(target.kind, (kinds.ChoiceKind, kinds.RegionKind))
        return memory if few and not target.gathers else None
    if target.parts is not None or target.gathers or lookup.within:
        return None
    lookup.memories.append(memory)
    return memory


def read_row(columns: Sequence[Column], line: int, cells: Sequence[Any]) -> Row:
    row = Row(line, cells)
    for column in columns:
        cell = cells[column.index]
        if cell == "":
            continue
        if column.memory is not None and type(cell) is str and cell in column.memory:
            row.values[column.key] = column.memory[cell]
        else:
            _read_cell(row, column, cell)
    return row


def _read_cell(row: Row, column: Column, typed: Any) -> None:
    cell, key = column.unwrapped(typed), column.key
    if column.is_blank(cell):
        return
    try:
        if isinstance(cell, BadCell):
            raise Wrong(cell.reason)
        if column.replace or (isinstance(cell, str) and cell.isspace()):
            text = column.text(cell)
            if not text:
                return
            cell = text if text != show(cell).strip() else cell
        value = _find(column, cell) if column.lookup else column.read(cell)
    except Wrong as wrong:
        if isinstance(wrong, Unknown) and not says_nothing(cell):
            row.unknown[key] = wrong.text
        elif not says_nothing(cell):
            row.errors[key] = wrong.message
        return
    if value is not None:
        _put(row, column, cell, value)
        if column.memory is not None and type(typed) is str and len(column.memory) < MEMORY:
            column.memory[typed] = value


def _put(row: Row, column: Column, cell: Any, value: Any) -> None:
    """Columns of one kind add up, 手机 and 手机2; the currency a sum names is a value of its own."""
    key = column.key
    row.values[key] = [*row.values.get(key, ()), *value] if column.target.gathers else value
    if column.currency and isinstance(cell, str):
        found = read_sum(cell)
        if found is not None and found.currency:
            row.values[column.currency] = found.currency


def says_nothing(cell: Any) -> bool:
    """Whether a cell says that there is nothing, as "-" and 无 do."""
    return isinstance(cell, str) and len(cell) < 8 and cell.strip().casefold() in BLANK


def _find(column: Column, cell: Any) -> Any:
    """The row a cell names; a record's own pipeline decides between stages of the same name."""
    lookup = column.lookup
    text = show(cell).strip()
    assert lookup is not None
    if column.target.parts is not None:
        return [_one(lookup, part.strip()) for part in split_tags(text) if part.strip()]
    if lookup.within:
        # Decided when the record is known; here only whether any row is called so.
        return None if says_nothing(text) else text
    return _one(lookup, text)


def _one(lookup: Lookup, text: str) -> Any:
    found = lookup.find(text)
    if found is None:
        raise Unknown(text)
    return found


def _reader(target: Target, *, options: Options, index: int) -> Read:
    kind = target.kind
    if target.is_phone and target.parts is not None:
        return _phones(target)
    if isinstance(kind, kinds.InstantKind):
        return _remembering(_instants(kind, options.formats.get(index, "")))
    if isinstance(kind, kinds.DateKind):
        return _remembering(_dates(kind, options.formats.get(index, "")))
    if isinstance(kind, kinds.ChoiceKind):
        known = choice_reader(kind)
        return _remembering(lambda cell: known(show(cell)))
    if isinstance(kind, kinds.MoneyKind):
        return _money(kind, options.units.get(index, 1))
    if isinstance(kind, (kinds.IntegerKind, kinds.PercentKind, kinds.TagsKind, kinds.BooleanKind)):
        return partial(_typed, kind)
    if target.parts is not None and target.part_kind == "email":
        return lambda cell: [
            (target.part_kind, _exact(kind, part)) for part in _several(show(cell))
        ]
    if target.parts is not None and target.key == f"{target.parts.name}.{target.part_kind}":
        return lambda cell: [(target.part_kind, _exact(kind, cell))]
    if isinstance(kind, kinds.RegionKind):
        return _remembering(lambda cell: _exact(kind, cell))
    return lambda cell: _exact(kind, cell)


def _typed(kind: kinds.Kind, cell: Any) -> Any:
    """As typed into a form; a year also from a date, and of a range it is said that it is one."""
    text = show(cell)
    try:
        return kind.parse(text)
    except Wrong:
        if isinstance(kind, kinds.IntegerKind) and kind.plain:
            return kind.parse(year_of(text))
        if isinstance(kind, kinds.IntegerKind) and read_band(text) is not None:
            raise Wrong(
                _("This is a range. Write one number, or assign the column to a field of ranges.")
            ) from None
        raise


def _exact(kind: kinds.Kind, cell: Any) -> Any:
    """A text whose every character counts; numbers that lost digits are refused, never guessed."""
    if digits_lost(cell) and not isinstance(kind, kinds.LongTextKind):
        raise Wrong(digits_reason(cell))
    return kind.parse(cell if isinstance(cell, str) else show(cell))


def _phones(target: Target) -> Read:
    """All the numbers of a cell, each with the kind it turns out to be."""
    assert target.parts is not None
    codes = target.parts.model._meta.get_field(target.parts.main_per).kind.choices

    def read(cell: Any) -> list[tuple[str, str]]:
        if digits_lost(cell):
            raise Wrong(digits_reason(cell))
        found = []
        typed = show(cell)
        typed, also_wechat = ALSO_WECHAT.subn(" ", typed) if "微信" in typed else (typed, 0)
        for text in split_phones(typed):
            kind = PHONE_KINDS.get(read_phone(text).kind, target.part_kind)
            found.append((kind if kind in codes else target.part_kind, target.kind.parse(text)))
            if also_wechat and kind == "mobile" and "wechat" in codes:
                found.append(("wechat", read_phone(text).digits))
        return found

    return read


def _dates(kind: kinds.Kind, format: str) -> Read:
    def read(cell: Any) -> Any:
        if isinstance(cell, (datetime, date)) or not format:
            return kind.parse(cell if isinstance(cell, (str, date)) else show(cell))
        try:
            return kind.parse(parse_date(cell, format))
        except ValueError as fault:
            if isinstance(fault, Wrong):
                raise
            return kind.parse(show(cell))

    return read


def _instants(kind: kinds.InstantKind, format: str) -> Read:
    def read(cell: Any) -> Any:
        if isinstance(cell, str) and format:
            try:
                cell = parse_date(cell, format)
            except ValueError:
                return kind.parse(cell)
        if isinstance(cell, date) and not isinstance(cell, datetime):
            cell = datetime.combine(cell, time.min)
        return kind.parse(cell)

    return read


def _money(kind: kinds.MoneyKind, unit: int) -> Read:
    def read(cell: Any) -> Any:
        text = show(cell)
        found = read_sum(cell if isinstance(cell, Decimal) else text)
        number = None if found is None else found.value
        # 5000万 in a column counted in 万 says itself what it is.
        if number is None or unit == 1 or any(word in text.casefold() for word in UNITS):
            return kind.parse(number)
        return kind.parse((number * unit).quantize(MONEY_STEP))

    return read


def _several(text: str) -> list[str]:
    for sign in SEVERAL:
        text = text.replace(sign, " ")
    return text.split()


def _remembering(read: Read) -> Read:
    """Columns with few different values are read once each; refusals are remembered, too."""
    known: dict[Any, Any] = {}

    def remembered(cell: Any) -> Any:
        found = known.get(cell, known)
        if found is known:
            try:
                found = read(cell)
            except Wrong as wrong:
                found = wrong
            if len(known) < MEMORY:
                known[cell] = found
        if isinstance(found, Wrong):
            raise found
        return found

    return remembered
