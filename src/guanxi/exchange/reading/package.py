"""Workbooks that are zip packages: refuse bombs before anything is unpacked in memory.

The spreadsheet reader lays a sheet out as one dense block up to its farthest cell, so a file
of 5 KB with one value in XFD1048576 would end the whole process. The sheet is therefore
walked once beforehand: how far it reaches, and which cells hold errors (the reader shows them
as blank).
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .faults import Limits, ReadFault
from .scans import SheetScan
from .walks import OdsWalk, XlsxWalk, quick_walk

CHUNK = 2**18
SUSPICIOUS = 64 * 2**20
OFFICE_PARTS = {"word/": "Word", "ppt/": "PowerPoint", "visio/": "Visio"}


class Package:
    """An open zip file whose directory has been checked against the limits."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise ReadFault("damaged") from None
        self.parts = {_plain(info.filename): info for info in infos}
        self._check(infos)
        self.kind = self._kind()
        self.scans: dict[str, SheetScan] = {}
        if self.kind == "ods":
            # All sheets are loaded when a workbook of this kind is opened.
            walk = OdsWalk(limits.cells)
            self._parse("content.xml", walk)
            self.scans = walk.sheets

    def sheet_scan(self, name: str, _place: int) -> SheetScan:
        """Walk one sheet. Raises ``ReadFault`` where it reaches farther than the limits."""
        if self.kind == "ods":
            return self.scans[name]
        part = self._sheet_part(name)
        found = quick_walk(self._inflated(part), self.limits.cells)
        if found is not None:
            return found
        walk = XlsxWalk(self.limits.cells)
        self._parse(part, walk)
        return walk.found

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > self.limits.parts:
            raise ReadFault("zip_bomb")
        if len(self.parts) < len(infos):
            raise ReadFault("damaged")
        if any(info.flag_bits & 1 for info in infos):
            raise ReadFault("encrypted")
        unpacked = sum(info.file_size for info in infos)
        packed = max(1, self.path.stat().st_size)
        wide = unpacked > SUSPICIOUS and unpacked / packed > self.limits.ratio
        if wide or unpacked > self.limits.unpacked:
            raise ReadFault("zip_bomb")

    def _kind(self) -> str:
        if "xl/workbook.xml" in self.parts:
            for part in ("xl/sharedstrings.xml", "xl/styles.xml"):
                if part in self.parts:
                    self._walk(part)
            return "xlsx"
        if "xl/workbook.bin" in self.parts:
            raise ReadFault("unsupported", kind="XLSB")
        if b"opendocument.spreadsheet" in self._small("mimetype"):
            if b"encryption-data" in self._small("meta-inf/manifest.xml"):
                raise ReadFault("encrypted")
            return "ods"
        for start, kind in OFFICE_PARTS.items():
            if any(name.startswith(start) for name in self.parts):
                raise ReadFault("unsupported", kind=kind)
        raise ReadFault("not_a_workbook")

    def _sheet_part(self, name: str) -> str:
        targets: dict[str, str] = {}
        ids: dict[str, str] = {}

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet":
                key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                ids[attributes.get("name", "")] = key

        self._parse("xl/_rels/workbook.xml.rels", _Starts(relation))
        self._parse("xl/workbook.xml", _Starts(sheet))
        target = targets.get(ids.get(name, ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return part.lower()

    def _parse(self, part: str, handler: Any) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            for chunk in self._inflated(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError):
            raise ReadFault("damaged") from None

    def _walk(self, part: str) -> None:
        for _chunk in self._inflated(part):
            pass

    def _small(self, part: str) -> bytes:
        return b"".join(self._inflated(part)) if part in self.parts else b""

    def _inflated(self, part: str) -> Iterator[bytes]:
        """The bytes of one part, no more of them than the directory declares: a package may lie."""
        info = self.parts.get(part)
        if info is None:
            raise ReadFault("damaged")
        left = info.file_size
        try:
            with self.path.open("rb") as file:
                for chunk in _raw(file, info):
                    left -= len(chunk)
                    if left < 0:
                        raise ReadFault("zip_bomb")
                    yield chunk
        except (zlib.error, struct.error):
            raise ReadFault("damaged") from None
        if left:
            raise ReadFault("damaged")


def _raw(file: Any, info: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(info.header_offset)
    names, extra = struct.unpack("<26x2H", file.read(30))
    file.seek(names + extra, 1)
    packed = info.compress_size
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReadFault("damaged")
    stored = info.compress_type == zipfile.ZIP_STORED
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0 and (data := file.read(min(CHUNK, packed))):
        packed -= len(data)
        if stored:
            yield data
            continue
        while data:
            yield inflater.decompress(data, CHUNK)
            data = inflater.unconsumed_tail
    if not stored:
        yield inflater.flush()


def _plain(name: str) -> str:
    """Part names compare without case; some programs write them with backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _no_doctype(*_arguments: object) -> None:
    raise ReadFault("damaged")


class _Starts:
    """Hands the start of every element, without its prefix, to one function."""

    def __init__(self, take: Callable[[str, dict[str, str]], None]) -> None:
        self.take = take

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.take(tag.rpartition(":")[2], attributes)

    def end(self, tag: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass
