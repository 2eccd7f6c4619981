"""Writing tables: exports, and the rows that an import refused."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from .reading.cells import EXACT, guard, show
from .reading.faults import ReadFault

REASON = _("Reason for refusal")
BOM = "\ufeff"
PIECE = 2**16
XLSX_ROWS = 1_048_576
XLSX_CHARACTERS = 32_767
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
EARLIEST = 1900


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The table as CSV in UTF-8 with its mark, in pieces of about 64 KB.

    Text that a spreadsheet would run as a formula gets a ' in front; ``open_table`` takes it
    away again.
    """
    buffer = StringIO(newline="")
    buffer.write(BOM)
    writer = csv.writer(buffer)
    writer.writerow([guard(str(title)) for title in header])
    for row in rows:
        writer.writerow([guard(show(c)) if _is_text(c) else show(c) for c in row])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the table as ``csv_pieces`` to a binary file."""
    for piece in csv_pieces(header, rows):
        target.write(piece)


def write_xlsx(
    target: str | Path | IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Sheet1",
) -> None:
    """Write the table as XLSX, row by row in constant memory.

    Text stays text, dates become dates, numbers of 16 digits and more become text so that
    none is lost. A table of over 1,048,575 rows goes on in a second sheet. Raises
    ``ReadFault`` (cell_too_long) for over 32,767 characters: CSV has no such limit.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        formats = {name: book.add_format({"num_format": name}) for name in (DAY, MOMENT)}
        bold = book.add_format({"bold": True})
        page, line = None, XLSX_ROWS
        for row in _at_least_once(rows):
            if line == XLSX_ROWS:
                number = len(book.worksheets()) + 1
                page = book.add_worksheet(sheet if number == 1 else f"{sheet[:26]} ({number})")
                for column, title in enumerate(header):
                    page.write_string(0, column, str(title), bold)
                line = 1
            if row is not None:
                for column, value in enumerate(row):
                    _write_cell(page, line, column, value=value, formats=formats)
                line += 1


def refused_rows(
    rows: Iterable[tuple[Sequence[Any], Any]],
) -> Iterator[list[Any]]:
    """(cells, reason) pairs as rows with the reason in the last column (heading ``REASON``)."""
    for cells, reason in rows:
        yield [*cells, str(reason)]


def _is_text(value: Any) -> bool:
    return not isinstance(value, int | float | Decimal | date)


def _at_least_once(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any] | None]:
    yield None
    yield from rows


def _write_cell(page: Any, line: int, column: int, *, value: Any, formats: dict[str, Any]) -> None:
    if type(value) is str:
        _write_text(page, line, column, text=value)
    elif isinstance(value, bool):
        page.write_boolean(line, column, value)
    elif isinstance(value, int | float | Decimal) and _is_exact(value):
        page.write_number(line, column, value)
    elif isinstance(value, datetime) and value.tzinfo is None and value.year >= EARLIEST:
        page.write_datetime(line, column, value, formats[MOMENT])
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= EARLIEST:
        page.write_datetime(line, column, value, formats[DAY])
    else:
        _write_text(page, line, column, text=show(value))


def _write_text(page: Any, line: int, column: int, *, text: str) -> None:
    if len(text) * 2 > XLSX_CHARACTERS and _units(text) > XLSX_CHARACTERS:
        raise ReadFault("cell_too_long", line=line + 1)
    if text:
        page.write_string(line, column, text)


def _units(text: str) -> int:
    """Length as Excel counts it: characters beyond the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def _is_exact(value: int | float | Decimal) -> bool:
    if isinstance(value, int):
        return abs(value) < EXACT
    if isinstance(value, float):
        return value == value and abs(value) < EXACT
    return value.is_finite() and Decimal(repr(float(value))) == value and abs(value) < EXACT
