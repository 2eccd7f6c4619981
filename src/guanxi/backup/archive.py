"""The file of a backup: a zip with a manifest, a member of JSON lines per table, and the files.

Read with nothing but this page: `manifest.json` says what is in `tables/NAME.jsonl` (columns with
their kinds, rows, SHA-256, last id) and `files.jsonl` what is below `files/`.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, BadZipFile, LargeZipFile, ZipFile

from django.utils.translation import gettext as _

from guanxi.backup.neutral import Sum, check_row
from guanxi.backup.tables import Table
from guanxi.kernel.errors import Refused

FORMAT = 1
PRODUCT = "guanxi"
MANIFEST, INDEX = "manifest.json", "files.jsonl"
LEVEL = 6
LONGEST_LINE = 256 * 1024 * 1024
DAMAGE = (BadZipFile, LargeZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


@dataclass(frozen=True)
class TableEntry:
    name: str
    key: str
    columns: list[list[str]]
    rows: int
    sha256: str
    last_id: int

    @property
    def table(self) -> Table:
        return Table(self.name, tuple((name, kind) for name, kind in self.columns), self.key)


@dataclass
class Manifest:
    """`migrations`: [app, name] of each one applied. `key_marks`: recognise the keys of encrypted
    fields, which themselves are not in the backup. `missing`: stored files whose content was not there any more."""

    version: str
    made_at: str
    made_by: str
    database: str
    key_marks: list[str]
    migrations: list[list[str]] = field(default_factory=list)
    tables: list[TableEntry] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    missing: int = 0
    files_sha256: str = ""
    product: str = PRODUCT
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(entry.rows for entry in self.tables)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises ValueError, KeyError, Refused."""
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("product") != PRODUCT:
            raise Refused(_("This file is no backup of Guanxi."), code="no_backup")
        if found.get("format") != FORMAT:
            raise Refused(newer_message(), code="newer")
        tables = [TableEntry(**entry) for entry in found.pop("tables")]
        try:
            return cls(**found, tables=tables)
        except TypeError as fault:
            raise ValueError(str(fault)) from fault


def newer_message() -> str:
    return _("This backup was made by a newer version of Guanxi. Update this installation first.")


def damaged_message(detail: str) -> str:
    return _("This backup is damaged (%(detail)s). Nothing has been changed.") % {"detail": detail}


class Archive:
    """An opened backup. Every method raises Refused for a damaged file."""

    def __init__(self, zipped: ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = zipped, manifest

    def rows(self, entry: TableEntry) -> Iterator[list[Any]]:
        """The neutral rows of a table; at its end count and checksum have been compared."""
        kinds = entry.table.kinds
        total = Sum(kinds)
        with _reading(entry.name), self._zip.open(member_of(entry.name)) as lines:
            while line := lines.readline(LONGEST_LINE):
                row = json.loads(line.decode("utf-8", "surrogatepass"))
                check_row(row, kinds)
                total.add(row, line)
                yield row
        if (total.rows, total.hex) != (entry.rows, entry.sha256):
            raise Refused(damaged_message(entry.name), code="damaged")

    def files(self) -> Iterator[tuple[str, int, str]]:
        """(path below the folder of files, bytes, SHA-256) of each file."""
        total = Sum(("text", "int", "text"))
        with _reading(INDEX), self._zip.open(INDEX) as lines:
            for line in lines:
                path, size, digest = row = json.loads(line)
                total.add(row, line)
                yield _safe(path), int(size), str(digest)
        if (total.rows, total.hex) != (self.manifest.files, self.manifest.files_sha256):
            raise Refused(damaged_message(INDEX), code="damaged")

    @contextmanager
    def open_file(self, path: str) -> Iterator[Any]:
        with _reading(path), self._zip.open(f"files/{path}") as content:
            yield content


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Raises Refused for a file that is no backup, broken, or of a newer version."""
    try:
        zipped = ZipFile(path)
    except FileNotFoundError:
        raise Refused(_("There is no file %(path)s.") % {"path": path}, code="no_file") from None
    except BadZipFile:
        raise Refused(
            _("This file is no backup, or was not copied to its end."), code="damaged"
        ) from None
    except OSError as fault:
        text = _("%(path)s can't be read: %(why)s") % {"path": path, "why": fault.strerror}
        raise Refused(text, code="unreadable") from None
    with zipped:
        if MANIFEST not in zipped.namelist():
            raise Refused(_("This file is no backup of Guanxi."), code="no_backup")
        with _reading(MANIFEST):
            manifest = Manifest.from_json(zipped.read(MANIFEST))
        yield Archive(zipped, manifest)


@contextmanager
def _reading(member: str) -> Iterator[None]:
    try:
        yield
    except DAMAGE as fault:
        raise Refused(damaged_message(member), code="damaged") from fault


def new_zip(stream: IO[bytes]) -> ZipFile:
    return ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=LEVEL)


def member_of(table: str) -> str:
    return f"tables/{table}.jsonl"


def _safe(path: str) -> str:
    """Raises ValueError for a path that would leave the folder of files."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or not pure.parts:
        raise ValueError(f"not a path of a file: {path!r}")
    return str(pure)
