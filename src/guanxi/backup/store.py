"""The folder of backups: what lies there, what is old enough to go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guanxi.backup.archive import Manifest, open_archive
from guanxi.backup.make import PART
from guanxi.kernel.errors import Missing, Refused

NAME = re.compile(r"guanxi-(\d{8}-\d{6})(?:-\w+)?\.zip\Z")


@dataclass(frozen=True)
class Kept:
    """A backup in the folder; `manifest` is None where the file is broken."""

    name: str
    path: Path
    size: int
    at: datetime
    manifest: Manifest | None


def folder() -> Path:
    return Path(settings.BACKUP_DIR)


def fresh_path(note: str = "") -> Path:
    """Named by the second in the company's zone; `note` goes into the name."""
    stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
    return folder() / f"guanxi-{stamp}{f'-{note}' if note else ''}.zip"


def kept() -> list[Kept]:
    """Newest first."""
    return sorted(_found(), key=lambda one: (one.at, one.name), reverse=True)


def _found() -> Iterator[Kept]:
    for path in folder().glob("guanxi-*.zip"):
        if not NAME.match(path.name):
            continue
        try:
            about = path.stat()
        except FileNotFoundError:
            continue
        at = datetime.fromtimestamp(about.st_mtime, tz=timezone.get_default_timezone())
        yield Kept(path.name, path, about.st_size, at, manifest_of(path))


def manifest_of(path: Path) -> Manifest | None:
    """What a backup says of itself, without reading its rows; None for a broken file."""
    try:
        with open_archive(path) as archive:
            return archive.manifest
    except Refused:
        return None


def find(name: str) -> Path:
    """The backup of this name; raises Missing for any other file."""
    path = folder() / name
    if not NAME.match(name) or not path.is_file():
        raise Missing
    return path


def prune(keep: int) -> list[str]:
    """Removes all but the newest `keep` whole backups and what killed attempts left; names them."""
    whole = [one for one in kept() if one.manifest is not None]
    gone = [one.path for one in whole[max(keep, 1) :]]
    gone += list(folder().glob(f".guanxi-*{PART}"))
    for path in gone:
        path.unlink(missing_ok=True)
    return [path.name for path in gone]
