import argparse
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from guanxi.backup.jobs import plan
from guanxi.backup.make import make_backup
from guanxi.backup.store import fresh_path, prune
from guanxi.cli.terminal import bar, complain, end_bar, say, unusable
from guanxi.kernel.errors import Refused

DESCRIPTION = """\
Writes one file with the database, attachments and pictures, as they are at one moment, while
people go on working. Without FILE it goes to the folder of backups, where the number set on the
page Backup is kept. The secret key is not in it: keep that apart and safe.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = f"{parser.description}. {DESCRIPTION}"
    parser.add_argument("file", nargs="?", type=Path, help="where to; must not exist yet")


def run(options: argparse.Namespace) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        target = _target(options.file)
        try:
            manifest = make_backup(target, made_by="guanxi backup", tell=bar)
        except Refused as refused:
            complain(refused.message)
            return 1
        except DatabaseError as fault:
            raise unusable(fault) from fault
        finally:
            end_bar()
        if options.file is None:
            prune(plan().keep)
        say(
            f"{target}: {manifest.rows:,} rows, {manifest.files:,} files, "
            f"{target.stat().st_size / 1e6:,.1f} MB. 备份完成。"
        )
        if manifest.missing:
            complain(f"{manifest.missing:,} attachments have no file any more. 有附件文件缺失。")
        return 0


def _target(wanted: Path | None) -> Path:
    if wanted is None:
        return fresh_path()
    return wanted / fresh_path().name if wanted.is_dir() else wanted
