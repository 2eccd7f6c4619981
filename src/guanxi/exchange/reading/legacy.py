"""Old .xls workbooks: a walk over their records, for the same reasons as in ``package``.

The file is a small file system (OLE2) in which one stream, "Workbook" or "Book", is a row of
records: two bytes of kind, two of length, then the data.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from .faults import Limits, ReadFault
from .scans import SheetScan

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE = 0xFFFFFFFA
DIRECTORY_ENTRY = 128
BOF, EOF, FILEPASS, BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x85
OLD_BOF = (0x009, 0x209, 0x409)
FORMULAS = (0x06, 0x206, 0x406)
BOOLERR = 0x205
SINGLE = (0x203, 0x204, 0x27E, 0xFD, 0xD6, BOOLERR, *FORMULAS)
MULTIPLE_NUMBERS = 0xBD
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class LegacyWorkbook:
    """The record stream of an .xls file. Raises ``ReadFault`` for what is no readable one."""

    kind = "xls"

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        container = _Container(path.read_bytes())
        names = container.streams
        if "Root Entry" not in names:
            raise ReadFault("damaged")
        if "EncryptedPackage" in names:
            raise ReadFault("encrypted")
        name = next((name for name in ("Workbook", "Book") if name in names), None)
        if name is None:
            raise ReadFault("unsupported", kind="Word" if "WordDocument" in names else "OLE")
        self.stream = container.read(name)
        self.offsets = self._sheets()
        # All sheets are loaded when a workbook of this kind is opened.
        self.scans = [self._walk(offset) for offset in self.offsets]

    def sheet_scan(self, _name: str, place: int) -> SheetScan:
        """The walk over the sheet at this place in the list of sheets, from 0."""
        return self.scans[place]

    def _walk(self, offset: int) -> SheetScan:
        found = SheetScan(self.limits.cells)
        for kind, data in self._records(offset):
            if kind in SINGLE and len(data) >= 6:
                row, column = struct.unpack_from("<2H", data)
                found.reach(row, column)
                text = _error(kind, data)
                if text:
                    found.error(row, column, text)
            elif kind == MULTIPLE_NUMBERS and len(data) >= 6:
                (row,) = struct.unpack_from("<H", data)
                found.reach(row, struct.unpack_from("<H", data, len(data) - 2)[0])
            elif kind == EOF:
                break
        return found

    def _sheets(self) -> list[int]:
        offsets = []
        for kind, data in self._records(0):
            if kind == FILEPASS:
                raise ReadFault("encrypted")
            if kind == BOUNDSHEET and len(data) >= 4:
                offsets.append(struct.unpack_from("<I", data)[0])
            if kind in OLD_BOF:
                raise ReadFault("unsupported", kind="Excel 4")
            if kind == EOF:
                break
        return offsets

    def _records(self, offset: int) -> Iterator[tuple[int, bytes]]:
        while offset + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<2H", self.stream, offset)
            yield kind, self.stream[offset + 4 : offset + 4 + length]
            offset += 4 + length


def _error(kind: int, data: bytes) -> str | None:
    if kind == BOOLERR and len(data) >= 8 and data[7]:
        return ERRORS.get(data[6], "#ERROR")
    if kind in FORMULAS and len(data) >= 14 and data[6] == 2 and data[12:14] == b"\xff\xff":
        return ERRORS.get(data[8], "#ERROR")
    return None


class _Container:
    """Streams of an OLE2 file by name. A chain of sectors that loops counts as damage."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.size = 1 << struct.unpack_from("<H", data, 30)[0]
            self.small_size = 1 << struct.unpack_from("<H", data, 32)[0]
            start, self.cutoff = struct.unpack_from("<I4xI", data, 48)
            small_table = struct.unpack_from("<I", data, 60)[0]
            if not 512 <= self.size <= 4096 or self.small_size != 64:
                raise ReadFault("damaged")
            self.table = self._table()
            self.small_table = self._numbers(self._chain(small_table))
            self.streams = self._directory(self._chain(start))
        except (struct.error, IndexError):
            raise ReadFault("damaged") from None

    def read(self, name: str) -> bytes:
        start, size = self.streams[name]
        if size >= self.cutoff:
            return self._chain(start)[:size]
        root, root_size = self.streams["Root Entry"]
        small = self._chain(root)[:root_size]
        pieces = []
        for number in _follow(start, self.small_table):
            pieces.append(small[number * 64 : number * 64 + 64])
        return b"".join(pieces)[:size]

    def _table(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        following, count = struct.unpack_from("<2I", self.data, 68)
        for _step in range(min(count, len(self.data) // self.size)):
            if following >= FREE:
                break
            numbers = self._numbers(self._sector(following))
            sectors += numbers[:-1]
            following = numbers[-1]
        used = (number for number in sectors if number < FREE)
        return self._numbers(b"".join(self._sector(number) for number in used))

    def _directory(self, data: bytes) -> dict[str, tuple[int, int]]:
        streams = {}
        for offset in range(0, len(data) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
            length = struct.unpack_from("<H", data, offset + 64)[0]
            name = data[offset : offset + max(0, min(64, length) - 2)]
            start, size = struct.unpack_from("<2I", data, offset + 116)
            streams[name.decode("utf-16-le", "replace")] = (start, size)
        return streams

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(start, self.table))

    def _sector(self, number: int) -> bytes:
        offset = (number + 1) * self.size
        return self.data[offset : offset + self.size]

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _follow(start: int, table: tuple[int, ...]) -> Iterator[int]:
    seen = 0
    while start < FREE:
        yield start
        seen += 1
        if seen > len(table):
            raise ReadFault("damaged")
        start = table[start]
