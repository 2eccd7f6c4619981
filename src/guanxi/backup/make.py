"""Makes a backup: one moment of the database, then the files, into one zip that appears whole."""

import errno
import hashlib
import hmac
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.backup.archive import INDEX, MANIFEST, Manifest, TableEntry, member_of, new_zip
from guanxi.backup.neutral import Sum, line_of, read_rows
from guanxi.backup.snapshot import frozen
from guanxi.backup.tables import Table, count_rows, last_id, rows_of, tables
from guanxi.backup.version import version
from guanxi.kernel.errors import Refused

#: `tell(done, total)` hears how many rows and files are written; it may raise to end the work.
Tell = Callable[[int, int], None]
PIECE = 1 << 20
OFTEN = 2_000
PART = ".part"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass
class _Work:
    zipped: ZipFile
    manifest: Manifest
    tell: Tell
    total: int = 0
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.done % OFTEN == 0:
            self.tell(self.done, max(self.total, self.done))


def make_backup(target: Path, *, made_by: str, tell: Tell) -> Manifest:
    """Writes the backup to `target`, which must not exist: whole or not at all.

    Raises Refused where it can't be written (full disk, no right); what was begun is removed.
    """
    if target.exists():
        text = _("%(path)s exists already. Choose another name.")
        raise Refused(text % {"path": target}, code="exists")
    with unspoilt(target) as part:
        manifest = _write(part, made_by=made_by, tell=tell)
    return manifest


@contextmanager
def unspoilt(target: Path) -> Iterator[Path]:
    """A name to write to beside `target`, which takes its place at the end or is removed."""
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}{PART}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, target)
    except OSError as fault:
        raise Refused(_trouble(target, fault), code="unwritable") from fault
    finally:
        with suppress(OSError):
            part.unlink()


def _trouble(target: Path, fault: OSError) -> str:
    if fault.errno in FULL:
        text = _("There is not enough room on the disk for %(path)s. Nothing has been left behind.")
        return text % {"path": target}
    text = _("%(path)s can't be written: %(why)s")
    return text % {"path": target, "why": fault.strerror or fault}


def _write(part: Path, *, made_by: str, tell: Tell) -> Manifest:
    # Others on this machine have no business with everybody's data.
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "w+b") as stream, new_zip(stream) as zipped:
        return _fill(zipped, made_by=made_by, tell=tell)


def _fill(zipped: ZipFile, *, made_by: str, tell: Tell) -> Manifest:
    with frozen() as connection:
        manifest = Manifest(
            version=version(),
            made_at=timezone.now().isoformat(timespec="seconds"),
            made_by=made_by,
            database=connection.vendor,
            key_marks=key_marks(),
            migrations=_applied(connection),
        )
        work = _Work(zipped, manifest, tell)
        known = tables()
        _check_tables(connection, known)
        work.total = sum(count_rows(connection, table) for table in known)
        for table in known:
            manifest.tables.append(_write_table(work, connection, table))
        manifest.missing = _missing(connection)
        connection.close()
        # Files come after the rows that name them: a file without a row is harmless.
        _write_files(work)
        zipped.writestr(MANIFEST, manifest.to_json())
        tell(work.done, max(work.done, 1))
    return manifest


def _check_tables(connection: Any, known: list[Table]) -> None:
    if {table.name for table in known} - set(connection.introspection.table_names()):
        text = _("The database is not of this version. Run guanxi migrate first.")
        raise Refused(text, code="not_migrated")


def key_marks() -> list[str]:
    """Tell whether two installations share the keys of encrypted fields, without telling a key."""
    return [
        hmac.new(key.encode(), b"mark in a backup", hashlib.sha256).hexdigest()[:16]
        for key in settings.FIELD_KEYS
    ]


def _applied(connection: Any) -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _write_table(work: _Work, connection: Any, table: Table) -> TableEntry:
    total = Sum(table.kinds)
    with work.zipped.open(member_of(table.name), "w", force_zip64=True) as member:
        for row in read_rows(rows_of(connection, table), table.kinds):
            line = line_of(row)
            member.write(line)
            total.add(row, line)
            work.step()
    columns = [list(column) for column in table.columns]
    highest = last_id(connection, table)
    return TableEntry(table.name, table.key, columns, total.rows, total.hex, highest)


def _missing(connection: Any) -> int:
    """How many stored files have rows and no content."""
    folder = Path(settings.MEDIA_ROOT)
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT path FROM kernel_storedfile", ())
        return sum(not (folder / path).is_file() for (path,) in iter(cursor.fetchone, None))


def _write_files(work: _Work) -> None:
    folder, total = Path(settings.MEDIA_ROOT), Sum(("text", "int", "text"))
    with tempfile.TemporaryFile() as index:
        for path in _files_below(folder):
            try:
                with path.open("rb") as content:
                    row = _write_file(work, path.relative_to(folder).as_posix(), content)
            except FileNotFoundError:
                # Tidied away since the folder was listed: its row is gone as well, or goes now.
                continue
            line = line_of(row)
            index.write(line)
            total.add(row, line)
            work.manifest.bytes += row[1]
            work.step()
        index.seek(0)
        with work.zipped.open(INDEX, "w", force_zip64=True) as member:
            shutil.copyfileobj(index, member, PIECE)
    work.manifest.files, work.manifest.files_sha256 = total.rows, total.hex


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(root) / name for name in sorted(names) if not name.endswith(PART))


def _write_file(work: _Work, name: str, content: IO[bytes]) -> list[Any]:
    digest, size = hashlib.sha256(), 0
    info = ZipInfo(f"files/{name}", timezone.now().timetuple()[:6])
    # Pictures, PDF and office files are compressed as they are.
    info.compress_type = ZIP_STORED
    with work.zipped.open(info, "w", force_zip64=True) as member:
        while piece := content.read(PIECE):
            member.write(piece)
            digest.update(piece)
            size += len(piece)
    return [name, size, digest.hexdigest()]
