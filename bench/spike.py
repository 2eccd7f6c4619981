"""The kernel at a million rows: scope branches, paging, jumps, pickers and search under every
reach.

``python -m bench.spike load`` fills an empty database (DATABASE_URL or GUANXI_DATA_DIR),
``python -m bench.spike`` measures and writes bench/results/spike-<database>.json.
"""

import argparse
import importlib
import sys

from guanxi.cli.program import prepare_django


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.spike")
    parser.add_argument("act", nargs="?", choices=("load", "measure"), default="measure")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--drawn", type=int, default=100_000, help="the rest are copies of these")
    parser.add_argument("--owners", type=int, default=3_000)
    parser.add_argument("--only", default="", help="measure what has this word in its name")
    parser.add_argument("--sql", action="store_true", help="show the slowest statement of each")
    options = parser.parse_args(arguments)
    prepare_django()
    return getattr(importlib.import_module("bench.million"), options.act)(options)


if __name__ == "__main__":
    sys.exit(main())
