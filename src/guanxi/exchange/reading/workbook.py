"""Reads one sheet of a workbook and writes its rows as JSON lines: a program of its own.

The spreadsheet reader is fast but trusts its input: a hostile file of 5 KB can make it ask for
terabytes and end its process. So it works in a process of its own, within limits, and
``sheets`` reads what that leaves behind. Called with the path, the sheet (or null) and the
limits as JSON; the first line written names the sheets, or the fault.
"""

import contextlib
import json
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from .cells import tidy
from .faults import BadCell, Limits, ReadFault
from .legacy import MAGIC, LegacyWorkbook
from .package import Package
from .scans import SheetScan

with contextlib.suppress(ImportError):
    import resource


class Sheet:
    """The named sheet, else the first visible one that looks like a table, else any with values."""

    def __init__(self, path: Path, sheet: str | None, *, limits: Limits) -> None:
        self.limits = limits
        with path.open("rb") as file:
            legacy = file.read(len(MAGIC)) == MAGIC
        container = (LegacyWorkbook if legacy else Package)(path, limits)
        try:
            book = CalamineWorkbook.from_path(str(path))
            kinds = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
            shown = [meta.name for meta in kinds if meta.visible == SheetVisibleEnum.Visible]
            self.places = {name: place for place, name in enumerate(book.sheet_names)}
            self.names = [meta.name for meta in kinds]
            self.name, self.scan = self._choose(container, sheet, shown=shown)
            self.block = book.get_sheet_by_name(self.name)
        except PasswordError:
            raise ReadFault("encrypted") from None
        except CalamineError:
            raise ReadFault("damaged") from None

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield row number (from 1) and cells of every row with anything in it."""
        errors = self.scan.errors
        start = self.block.start
        left = [""] * start[1] if start else []
        merged = Merged(self.block.merged_cell_ranges or ())
        line = 0
        for line, row in enumerate(self.block.iter_rows(), 1):
            cells = left + [tidy(cell) if type(cell) is float else cell for cell in row]
            if line - 1 in errors:
                _put(cells, errors[line - 1])
            if any(cell != "" for cell in cells):
                merged.fill(line - 1, cells)
                yield line, cells
        for number in sorted(number for number in errors if number >= line):
            cells = []
            _put(cells, errors[number])
            yield number + 1, cells

    def _choose(
        self, container: Package | LegacyWorkbook, sheet: str | None, *, shown: list[str]
    ) -> tuple[str, SheetScan]:
        if sheet is not None and sheet not in self.names:
            raise ReadFault("no_sheet", sheet=sheet)
        filled: tuple[str, SheetScan] | None = None
        for name in [*shown, *self.names] if sheet is None else [sheet]:
            scan = container.sheet_scan(name, self.places[name])
            # A cover or a note stands in front of many tables.
            if scan.rows > 1 and scan.columns > 1:
                return name, scan
            if scan.rows and filled is None:
                filled = name, scan
        if filled is None:
            raise ReadFault("empty")
        return filled


class Merged:
    """Cells joined over several rows: the value stands in the first and counts for all of them."""

    def __init__(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        tall = (one for one in ranges if one[1][0] > one[0][0])
        self._waiting = sorted(((top, column, end) for (top, column), (end, _) in tall))[::-1]
        self._open: dict[int, tuple[int, Any]] = {}

    def fill(self, line: int, cells: list[Any]) -> None:
        """Lines count from 0 and come in order; a line that holds nothing else is not asked."""
        while self._waiting and self._waiting[-1][0] <= line:
            top, column, end = self._waiting.pop()
            if top == line and column < len(cells):
                self._open[column] = end, cells[column]
        for column, (end, value) in list(self._open.items()):
            if line > end:
                del self._open[column]
            elif column < len(cells) and cells[column] == "":
                cells[column] = value


def dump(value: Any) -> dict[str, Any]:
    """What JSON has no word for, as one key and text."""
    if isinstance(value, BadCell):
        return {"error": value.text}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    raise TypeError(type(value))


def load(value: dict[str, Any]) -> Any:
    """The other way round of ``dump``."""
    ((kind, text),) = value.items()
    if kind == "error":
        return BadCell(text)
    if kind == "seconds":
        return timedelta(seconds=text)
    return {"datetime": datetime, "date": date, "time": time}[kind].fromisoformat(text)


def write_rows(arguments: str, target: IO[str]) -> None:
    """Write what ``arguments`` (JSON: path, sheet, limits) asks for to ``target``."""
    path, sheet, limits = json.loads(arguments)
    try:
        opened = Sheet(Path(path), sheet, limits=Limits(**limits))
        first = {"sheets": opened.names, "sheet": opened.name}
        target.write(json.dumps(first) + "\n")
        encode = json.JSONEncoder(default=dump, ensure_ascii=False).encode
        longest = opened.limits.field
        for line, cells in opened.rows():
            text = encode((line, cells))
            if len(text) > longest and any(len(c) > longest for c in cells if type(c) is str):
                raise ReadFault("field_too_long", line=line, limit=f"{longest:,}")
            target.write(text + "\n")
    except ReadFault as fault:
        target.write(json.dumps({"fault": fault.code, "params": fault.params}) + "\n")
    except (LookupError, struct.error):
        target.write(json.dumps({"fault": "damaged", "params": {}}) + "\n")


def arguments_for(path: Path, sheet: str | None, *, limits: Limits) -> str:
    return json.dumps([str(path), sheet, asdict(limits)])


def _put(cells: list[Any], errors: dict[int, str]) -> None:
    cells += [""] * (max(errors) + 1 - len(cells))
    for column, text in errors.items():
        cells[column] = BadCell(text)


def _limit_memory(size: int) -> None:
    with contextlib.suppress(NameError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_memory(json.loads(sys.argv[1])[2]["memory"])
    write_rows(sys.argv[1], sys.stdout)
