"""Brings a backup back: into an empty installation, or in place of what is there; whole or not.

Everything in the database is one transaction: the tables as the backup's version had them, the
rows, the comparison with the manifest, the migrations since. Files lie under names nobody else
uses, so they are put there before that transaction ends and the old ones taken away after it.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.backup.archive import Archive, Manifest, TableEntry, damaged_message, open_archive
from guanxi.backup.load import (
    check_links,
    drop_everything,
    load_table,
    look_at_links_later,
    sum_of_stored,
)
from guanxi.backup.make import key_marks
from guanxi.backup.schema import check_known, migrate_to, migrate_up
from guanxi.kernel.errors import Refused
from guanxi.people.organisation import touch

PIECE = 1 << 20
OLD = timedelta(seconds=2)
#: `tell(step, done, total)`: what is being done, and how far.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Restored:
    """`readable`: whether the keys of encrypted values are here."""

    manifest: Manifest
    readable: bool


def restore_backup(path: Path, *, replace: bool, tell: Tell) -> Restored:
    """Raises Refused, with nothing changed: damaged or newer file, rows in the way, Guanxi running."""
    with open_archive(path) as archive:
        manifest = archive.manifest
        check_known(manifest)
        _check_target(replace=replace)
        _check_whole(archive, tell)
        _check_room(manifest)
        with _files_in_place(archive, tell), _foreign_keys_off(), transaction.atomic():
            _fill(archive, tell)
            migrate_up()
            check_links()
        if replace:
            _take_away_others(archive)
    tell(_("Search documents"), 0, 1)
    finish()
    return Restored(manifest, readable=set(manifest.key_marks) <= set(key_marks()))


def finish() -> None:
    """What every start does as well: cache table, search documents, terms of the database."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    touch()


def _check_target(*, replace: bool) -> None:
    if not connection.introspection.table_names():
        return
    if _count("jobs_turn", "until > %s", [timezone.now() + OLD]):
        raise Refused(
            _(
                "Guanxi is running on this database. Stop it first, then wait a minute if it was "
                "stopped by force."
            ),
            code="running",
        )
    if not replace and not is_empty():
        raise Refused(
            _("This installation is not empty. With --replace everything in it is replaced."),
            code="not_empty",
        )


def is_empty() -> bool:
    """Nobody has worked here: no tables, or the first account at the most."""
    first = _count("people_user") <= 1 and _count("people_person") <= 1
    # The first start writes in nobody's name, by a command.
    return first and not _count("kernel_change", "person_id IS NOT NULL OR surface <> 'command'")


def _count(table: str, where: str = "1=1", values: Any = ()) -> int:
    if table not in connection.introspection.table_names():
        return 0
    with connection.cursor() as cursor:
        # Table and condition are those written above.
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}", values)  # noqa: S608
        return cursor.fetchone()[0]


def _check_whole(archive: Archive, tell: Tell) -> None:
    """Reads the file to its end before anything is touched."""
    manifest, done = archive.manifest, 0
    for entry in manifest.tables:
        for _row in archive.rows(entry):
            done += 1
            if done % 5_000 == 0:
                tell(_("Checking the file"), done, manifest.rows)
    for _path in archive.files():
        pass


def _check_room(manifest: Manifest) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < manifest.bytes:
        raise Refused(_("There is not enough room on the disk for the files."), code="full")


@contextmanager
def _foreign_keys_off() -> Iterator[None]:
    """SQLite can't defer them while tables change; `check_links` looks at them at the end."""
    connection.disable_constraint_checking()
    try:
        yield
    except DatabaseError as fault:
        text = _("The database refused the rows: %(why)s. Nothing has been changed.")
        raise Refused(text % {"why": fault}, code="database") from fault
    finally:
        connection.enable_constraint_checking()


def _fill(archive: Archive, tell: Tell) -> None:
    manifest, done = archive.manifest, 0
    drop_everything()
    migrate_to(manifest)
    look_at_links_later()

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        tell(_("Writing the rows"), done, manifest.rows)

    for entry in manifest.tables:
        load_table(entry, archive.rows(entry), count)
    for number, entry in enumerate(manifest.tables):
        tell(_("Comparing table by table"), number, len(manifest.tables))
        _compare(entry)
    check_links()


def _compare(entry: TableEntry) -> None:
    stored = sum_of_stored(entry)
    if (stored.rows, stored.hex) != (entry.rows, entry.sha256):
        text = _("The table %(table)s came out different. Nothing has been changed.")
        raise Refused(text % {"table": entry.name}, code="different")


@contextmanager
def _files_in_place(archive: Archive, tell: Tell) -> Iterator[None]:
    """The backup's files below the folder; taken away again when the block breaks off."""
    written: list[Path] = []
    try:
        for number, (name, size, digest) in enumerate(archive.files()):
            tell(_("Writing the files"), number, archive.manifest.files)
            _put_file(archive, name, (size, digest), written)
        yield
    except BaseException as fault:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(fault, OSError):
            text = _("The files can't be written: %(why)s. Nothing has been changed.")
            raise Refused(text % {"why": fault.strerror or fault}, code="unwritable") from fault
        raise


def _put_file(archive: Archive, name: str, expected: tuple[int, str], written: list[Path]) -> None:
    path = Path(settings.MEDIA_ROOT) / name
    if path.is_file() and _digest(path) == expected:
        return
    if path.exists():
        text = _("%(path)s is in the way: another file of the same name.")
        raise Refused(text % {"path": path}, code="in_the_way")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.restored.part")
    written.append(part)
    with archive.open_file(name) as content, part.open("wb") as target:
        shutil.copyfileobj(content, target, PIECE)
    if _digest(part) != expected:
        raise Refused(damaged_message(name), code="damaged")
    written.append(path)
    os.replace(part, path)


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _take_away_others(archive: Archive) -> None:
    """Files that belonged to what was replaced. Broken off here, they only take up room."""
    folder = Path(settings.MEDIA_ROOT)
    kept = {name for name, _size, _digest in archive.files()}
    for root, _folders, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            if path.relative_to(folder).as_posix() not in kept:
                path.unlink(missing_ok=True)
