import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from guanxi.backup.make import make_backup
from guanxi.backup.restore import is_empty, restore_backup
from guanxi.backup.store import fresh_path
from guanxi.cli.terminal import WRONG_USE, bar, complain, end_bar, say, unusable
from guanxi.kernel.errors import Refused

WORDS = ("replace", "替换")
DESCRIPTION = """\
Brings a backup back, with Guanxi stopped: whole or not at all. It may come from an older version
and from the other kind of database; DATABASE_URL says into which. Everything in the file is
compared table by table. An installation in use is replaced with --replace only, which asks for a
word and first backs up what is there.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = f"{parser.description}. {DESCRIPTION}"
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="instead of everything that is here")
    parser.add_argument(
        "--no-backup", action="store_true", help="don't back up what is replaced beforehand"
    )


def run(options: argparse.Namespace) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        try:
            if options.replace and not is_empty() and not _agreed():
                complain("nothing has been changed. 未做任何改动。")
                return WRONG_USE
            return _restore(options)
        except DatabaseError as fault:
            raise unusable(fault) from fault
        except Refused as refused:
            end_bar()
            complain(refused.message)
            return 1


def _restore(options: argparse.Namespace) -> int:
    if options.replace and not options.no_backup and not is_empty():
        _keep_present()
    restored = restore_backup(options.file, replace=options.replace, tell=_tell)
    end_bar()
    manifest = restored.manifest
    say(f"{manifest.rows:,} rows, {manifest.files:,} files of {manifest.made_at}. 恢复完成。")
    if not restored.readable:
        say(
            "The key of encrypted values (ID numbers) is another one here than where the backup "
            "was made: they stay unreadable until it is put in place (GUANXI_FIELD_KEYS, else "
            "GUANXI_SECRET_KEY or the file secret-key in the data folder). "
            "字段密钥与备份时不同：身份证号等加密内容要换回原密钥才能读取。"
        )
    return 0


def _agreed() -> bool:
    say(
        "Everything in this installation will be replaced. Type replace to go on. "
        "现有数据将全部被替换，输入“替换”继续："
    )
    return sys.stdin.readline().strip().lower() in WORDS


def _keep_present() -> None:
    target = fresh_path("before")
    try:
        make_backup(target, made_by="guanxi restore", tell=lambda done, total: None)
    except DatabaseError as fault:
        reason = " ".join(str(fault).split())
        text = f"what is here can't be backed up: {reason}. --no-backup 可跳过。"
        raise Refused(text) from fault
    say(f"What was here is kept in 原有数据已备份到 {target}")


def _tell(step: str, done: int, total: int) -> None:
    bar(done, total, step)
