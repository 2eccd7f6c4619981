"""The migrations say what the models say."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lint.files import ROOT, Finding

INSTEAD = "run `python -m django makemigrations` with the settings of guanxi and commit the file"


def check(root: Path = ROOT) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as scratch:
        told = subprocess.run(
            [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
            cwd=scratch,
            env=os.environ
            | {
                "PYTHONPATH": str(root / "src"),
                "DJANGO_SETTINGS_MODULE": "guanxi.conf.settings",
                "GUANXI_DATA_DIR": scratch,
                "DATABASE_URL": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode:
        report = (told.stdout + told.stderr).strip().splitlines()
        text = "; ".join(line.strip() for line in report[-12:]) or "makemigrations failed"
        yield Finding("src/guanxi", 0, text, INSTEAD)
