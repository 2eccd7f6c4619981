"""`guanxi test`: the checks, then the tests on SQLite, then those for PostgreSQL on PostgreSQL.

With arguments: pytest with just these, on the database DATABASE_URL names.
GUANXI_TEST_SEED repeats an order; with GUANXI_TEST_ALL=1 a part that can't run is a failure.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from guanxi.conf.messages import compile_catalogs
from guanxi.testing.postgres import no_server, postgres_server

ROOT = Path(__file__).resolve().parents[3]
WORKERS = "2"
KEPT_VARIABLES = ("GUANXI_TEST_", "GUANXI_WRITE_BUDGETS", "GUANXI_MANUAL", "GUANXI_SHARED_DATA")
# An empty value wins over a line in `.env` and then counts as none.
NO_SETTINGS = dict.fromkeys(
    (
        "GUANXI_HOST",
        "GUANXI_PORT",
        "GUANXI_URL",
        "GUANXI_SECRET_KEY",
        "GUANXI_DEBUG",
        "GUANXI_TIME_ZONE",
    ),
    "",
)


#: A class makes its rows once: all its tests go to the worker that made them.
GROUPED = ("--dist", "loadscope")
MAY_BE_LEFT_OUT = "left out, see above for what it needs"


def main(arguments: list[str]) -> int:
    # Before Django starts: it reads a language once and would keep what was missing.
    compile_catalogs()
    if arguments:
        return _pytest([*arguments])
    seed = os.environ.get("GUANXI_TEST_SEED") or str(random.randrange(2**31))  # noqa: S311
    outcomes: dict[str, int | None] = {
        "checks": _checks(),
        "SQLite": _pytest(["-n", WORKERS, *GROUPED, f"--randomly-seed={seed}"], database=""),
        "PostgreSQL": _on_postgres(seed),
    }
    for part, code in outcomes.items():
        _say(f"{part}: {'green' if code == 0 else MAY_BE_LEFT_OUT if code is None else 'RED'}")
    _say(f"order of the tests: GUANXI_TEST_SEED={seed}")
    everything = os.environ.get("GUANXI_TEST_ALL") == "1"
    return 1 if any(code if code is not None else everything for code in outcomes.values()) else 0


def _checks() -> int:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    command = [sys.executable, "-m", "lint.run"]
    env = os.environ | {"PYTHONPATH": paths}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _on_postgres(seed: str) -> int | None:
    with postgres_server() as url:
        if url is None:
            _say(no_server())
            return None
        options = ["-n", WORKERS, *GROUPED, f"--randomly-seed={seed}", "-m", "postgres"]
        return _pytest(options, database=url)


def _pytest(options: list[str], *, database: str | None = None) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guanxi-test-") as scratch:
        env = _clean_environment() | {"GUANXI_DATA_DIR": scratch}
        if database is not None:
            env["DATABASE_URL"] = database
        command = [sys.executable, "-m", "pytest", *options]
        code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    _say(f"pytest {' '.join(options)}: {time.monotonic() - started:.0f} s")
    return code


def _clean_environment() -> dict[str, str]:
    """Without this installation's settings: tests must not depend on them, nor on its data."""
    return NO_SETTINGS | {
        name: text
        for name, text in os.environ.items()
        if not name.startswith("GUANXI_") or name.startswith(KEPT_VARIABLES)
    }


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
