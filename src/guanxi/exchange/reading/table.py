"""Open a table of any supported kind and walk its rows."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

from guanxi.exchange.words import COLUMNS
from guanxi.kernel.text import simplify

from . import headless
from .cells import show
from .delimited import DelimitedSource
from .faults import MEBIBYTE, BadCell, Limits, ReadFault
from .legacy import MAGIC
from .scans import letters
from .sheets import SheetSource

LOOK_AHEAD = 60
#: The line of a heading that isn't there: the first row is a record.
NO_HEADING = 0
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version:")
OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"RIFF", "RIFF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
)
DEFAULT_LIMITS = Limits()
#: What columns are called; the marks and units that stand beside their names.
NAMES = frozenset(name for group in COLUMNS for name in group)
MARKS = re.compile(r"[*＊:：]|[(（].*?[)）]")

Cell = object


class Row(NamedTuple):
    """``line``: 1-based line of the text file, or row of the sheet, where the row starts.
    ``cells``: as many as the heading has; str, int, float, bool, date, datetime, time,
    timedelta or ``BadCell``; "" where blank. ``fault``: why the row can't be used, or None."""

    line: int
    cells: list[Cell]
    fault: ReadFault | None = None


class Table:
    """A table; where it has no heading ``header_line`` is NO_HEADING and ``header`` says what the
    columns hold. ``rows()`` streams and may be called again."""

    def __init__(self, source: DelimitedSource | SheetSource, header_line: int | None) -> None:
        self._source = source
        self.sheets = source.sheets
        self.sheet = source.sheet
        self.encoding = source.encoding
        self.delimiter = source.delimiter
        filled = (pair for pair in source.rows() if not _is_blank(pair[1]))
        first = list(islice(filled, LOOK_AHEAD))
        self.header_line, titles, below = _heading(first, filled, header_line)
        self.header = _names(titles, below)

    def rows(self) -> Iterator[Row]:
        """Yield the filled rows below the heading. Raises ``ReadFault`` when one ends it all."""
        width = len(self.header)
        for line, cells in self._source.rows():
            if line <= self.header_line or _is_blank(cells):
                continue
            fault = None
            if len(cells) != width:
                if len(cells) > width and not _is_blank(cells[width:]):
                    found = len(_trimmed(cells))
                    fault = ReadFault("too_many_fields", line=line, found=found, expected=width)
                cells = cells[:width] + [""] * (width - len(cells))
            yield Row(line, cells, fault)


def open_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Open CSV (any of , ; tab |), XLSX, XLS or ODS; the content decides, not the name.

    ``sheet``, ``encoding``, ``delimiter`` and ``header_line`` overrule what would be found.
    Raises ``ReadFault``.
    """
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise ReadFault("empty")
    if size > limits.file:
        raise ReadFault("too_large", limit=limits.file // MEBIBYTE)
    with path.open("rb") as file:
        head = file.read(4096)
    source: DelimitedSource | SheetSource
    if _is_workbook(head):
        source = SheetSource(path, limits, sheet=sheet)
    else:
        source = DelimitedSource(path, limits, encoding=encoding, delimiter=delimiter)
    try:
        return Table(source, header_line)
    except ReadFault as fault:
        ending = path.suffix.lower()
        if fault.code != "header_only" or _is_workbook(head) or ending not in WORKBOOKS:
            raise
        raise ReadFault("named_workbook", ending=ending) from None


def digest(path: str | Path) -> str:
    """SHA-256 of the file in hexadecimal, read in pieces."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_workbook(head: bytes) -> bool:
    """Whether the file is packed as workbooks are. Raises ``ReadFault`` for other known kinds."""
    if head.startswith((MAGIC, b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return True
    for start, kind in OTHER_KINDS:
        if head.startswith(start) and not _reads_as_text(head, start):
            raise ReadFault("unsupported", kind=kind)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(WEB_PAGES):
        raise ReadFault("web_page")
    return False


def _reads_as_text(head: bytes, start: bytes) -> bool:
    """A CSV may begin with the letters BM or RIFF; a picture holds NULs right after them."""
    return start in (b"BM", b"RIFF", b"GIF8", b"Rar!") and 0 not in head[:64]


def _is_blank(cells: list[Cell]) -> bool:
    return not any(cell.strip() if isinstance(cell, str) else cell is not None for cell in cells)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    end = len(cells)
    while end and _is_blank(cells[end - 1 : end]):
        end -= 1
    return cells[:end]


def _heading(
    first: list[tuple[int, list[Cell]]],
    rest: Iterator[tuple[int, list[Cell]]],
    chosen: int | None,
) -> tuple[int, list[Cell], list[list[Cell]]]:
    """Line and cells of the heading, and the rows seen below it; the line is NO_HEADING where there
    is none, the cells then say what the columns hold."""
    if not first:
        raise ReadFault("empty")
    rows = [_trimmed(cells) for _, cells in first]
    if chosen == NO_HEADING or (chosen is None and _is_headless(rows)):
        return NO_HEADING, [*headless.titles(rows)], rows
    if chosen is not None:
        place = next((n for n, (line, _) in enumerate(first) if line == chosen), None)
        if place is None:
            raise ReadFault("no_header", line=chosen)
    else:
        place = _find_heading(rows)
        if place + 1 < len(rows) and _goes_on(rows[place], rows[place + 1]):
            place += 1
    below = [cells for _, cells in first[place + 1 :]]
    if not below and next(rest, None) is None:
        raise ReadFault("header_only")
    titles = rows[place]
    if place and _goes_on(rows[place - 1], titles):
        pairs = zip_longest(rows[place - 1], titles, fillvalue="")
        titles = [above if _is_blank([title]) else title for above, title in pairs]
    return first[place][0], titles, below


def _is_headless(rows: list[list[Cell]]) -> bool:
    first, below = rows[0], rows[1:]
    known = any(_plain(cell) in NAMES for cell in first)
    return bool(below) and not known and headless.has_no_heading(first, below)


def _goes_on(above: list[Cell], below: list[Cell]) -> bool:
    """Whether two rows are one heading: above, words that span several columns, below, what those
    are called. Of the lower names half must be known ones: the first record looks alike."""
    gaps = any(_is_blank([cell]) for cell, _ in zip_longest(above, below, fillvalue=""))
    spans = gaps and sum(not _is_blank([cell]) for cell in above) > 1
    names = [_plain(cell) for cell in below if not _is_blank([cell])]
    return spans and sum(name in NAMES for name in names) * 2 >= len(names)


def _plain(title: Cell) -> str:
    if not isinstance(title, str):
        return ""
    return simplify(MARKS.sub("", show(title)).strip().casefold())


def _find_heading(rows: list[list[Cell]]) -> int:
    """The first row that fills at least half of the table's usual width; titles fill less."""
    usual = Counter(len(row) for row in rows).most_common()
    width = max(length for length, times in usual if times == usual[0][1])
    for place, row in enumerate(rows):
        filled = sum(not _is_blank([cell]) for cell in row)
        if filled * 2 >= width and (filled > 1 or width == 1):
            return place
    return 0


def _names(titles: list[Cell], below: list[list[Cell]]) -> list[str]:
    """Trimmed titles; a column without one is called by its letters, a second "x" is "x (2)"."""
    widths = [len(_trimmed(cells)) for cells in below]
    common = Counter(widths).most_common(1)
    if common and common[0][0] > len(titles) and common[0][1] * 5 >= len(widths) * 4:
        titles = titles + [""] * (common[0][0] - len(titles))
    names: list[str] = []
    taken: set[str] = set()
    for place, title in enumerate(titles):
        plain = show(title).replace("\ufeff", "") if not isinstance(title, BadCell) else ""
        name = base = " ".join(plain.split()) or f"({letters(place)})"
        number = 2
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        names.append(name)
    return names
