"""``make bench``: a sales team's database, a running server, real requests, the same rows bare.

Without DATABASE_URL on SQLite in a folder that is removed afterwards; otherwise the database named
there, which must be empty. Results lie in bench/results.
"""

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

from bench import site
from guanxi.cli.program import prepare_django

RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="customers")
    parser.add_argument("--times", type=int, default=30, help="requests of each kind")
    parser.add_argument("--only", default="", help="pages with this word in their name")
    parser.add_argument("--skip-import", action="store_true", help="load past the importer")
    parser.add_argument("--xlsx", action="store_true", help="import an XLSX rather than a CSV")
    parser.add_argument("--keep", type=Path, help="folder for the database, used again if there")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as passing:
        folder = options.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(site.environment(folder, os.environ.get("DATABASE_URL", "")))
        prepare_django()
        return importlib.import_module("bench.session").run(options, folder)


if __name__ == "__main__":
    sys.exit(main())
