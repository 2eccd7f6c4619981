"""Text tables: which character separates the fields, and the rows with their line numbers."""

import csv
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from .cells import unguard
from .encoding import decide_encoding
from .faults import Limits, ReadFault

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 200
SAMPLE_CHARACTERS = 2**18
END = "\x1eend of file\x1e"

csv.field_size_limit(max(csv.field_size_limit(), Limits.field))


class DelimitedSource:
    """One text file. ``rows()`` starts from the top each time it is called."""

    sheets: tuple[str, ...] = ()
    sheet = None

    def __init__(
        self, path: Path, limits: Limits, *, encoding: str | None, delimiter: str | None
    ) -> None:
        self.path = path
        self.limits = limits
        self.encoding: str | None = decide_encoding(path, encoding)
        sample = self._sample()
        self.hint = _hint(sample)
        self.delimiter: str | None = delimiter or self.hint or sniff_delimiter(sample)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield line number (of the row's first line) and fields of every row, blank ones too."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _lines(file, self.limits.field)
            reader = csv.reader(lines, delimiter=self.delimiter or ",")
            before = 0
            while True:
                try:
                    row = next(reader)
                except csv.Error:
                    raise ReadFault(
                        "field_too_long", line=before + 1, limit=f"{self.limits.field:,}"
                    ) from None
                line, before = before + 1, reader.line_num
                if row and row[-1].endswith(END):
                    if row == [END]:
                        return
                    raise ReadFault("open_quote", line=line)
                if not (self.hint and line == 1):
                    yield line, unguard(row)

    def _sample(self) -> list[str]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = islice(iter(partial(file.readline, SAMPLE_CHARACTERS), ""), SAMPLE_LINES)
            return [line for line in lines if line.strip()]


def sniff_delimiter(lines: list[str]) -> str:
    """The separator that cuts most lines into the same number of fields; "," for one column."""
    ranks = []
    for place, delimiter in enumerate(DELIMITERS):
        rows = list(_cut(lines, delimiter))
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            ranks.append((times / len(rows), width, -place, delimiter))
    return max(ranks)[-1] if ranks else ","


def _cut(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            yield next(rows)
        except (csv.Error, StopIteration):
            return


def _hint(lines: list[str]) -> str | None:
    """Excel's own first line, such as ``sep=;``."""
    first = lines[0].strip().strip('"') if lines else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None


def _lines(file: TextIO, limit: int) -> Iterator[str]:
    for number, line in enumerate(iter(partial(file.readline, limit + 2), ""), 1):
        if len(line) > limit:
            raise ReadFault("field_too_long", line=number, limit=f"{limit:,}")
        yield line
    yield END
