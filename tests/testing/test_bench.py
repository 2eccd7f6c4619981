"""The bench runs from its import to its last page: it measures nothing when it has fallen behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_bench_imports_and_asks_every_page(tmp_path):
    environment = os.environ | {"DATABASE_URL": "", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    words = ("--rows", "400", "--times", "2", "--keep", str(tmp_path), "--results", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "pages-sqlite-400.json").read_text(encoding="utf-8"))
    assert found["import"]["code"] == 0 and found["import"]["failed_saves"] == 0
    assert {"list of 50", "record page", "home"} <= {one["name"] for one in found["pages"]}
