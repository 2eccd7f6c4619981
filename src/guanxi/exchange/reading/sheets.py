"""Workbooks (XLSX, XLS, ODS): the rows of one sheet with their numbers."""

import json
import logging
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from .faults import Limits, ReadFault
from .workbook import arguments_for, load

logger = logging.getLogger(__name__)


class SheetSource:
    """One sheet, read by ``workbook`` in a process of its own into a temporary file."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: Limits, *, sheet: str | None) -> None:
        folder = mkdtemp(prefix="guanxi-table-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.spool = Path(folder) / "rows"
        self._read(arguments_for(path, sheet, limits=limits), limits.seconds)
        with self.spool.open(encoding="utf-8", newline="\n") as file:
            first = _line(file.readline())
        self.sheets = tuple(first["sheets"])
        self.sheet: str = first["sheet"]

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield row number (from 1) and cells of every row with anything in it."""
        decode = json.JSONDecoder(object_hook=load).decode
        with self.spool.open(encoding="utf-8", newline="\n") as file:
            file.readline()
            for text in file:
                if text.startswith("{"):
                    _line(text)
                line, cells = decode(text)
                yield line, cells

    def _read(self, arguments: str, seconds: int) -> None:
        command = [sys.executable, "-m", f"{__package__}.workbook", arguments]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
        try:
            with self.spool.open("wb") as target:
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=target,
                    stderr=subprocess.PIPE,
                    env=environment,
                    timeout=seconds,
                    check=False,
                )
        except subprocess.TimeoutExpired:
            raise ReadFault("unreadable") from None
        if done.returncode:
            logger.warning("a workbook could not be read: %s", done.stderr[:500])
            raise ReadFault("unreadable")


def _line(text: str) -> dict[str, Any]:
    first: dict[str, Any] = json.loads(text)
    if "fault" in first:
        raise ReadFault(first["fault"], **first["params"])
    return first
