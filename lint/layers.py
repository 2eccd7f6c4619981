"""Runs the import contracts of pyproject.toml."""

import os
import sys

from importlinter.cli import lint_imports

from lint.files import ROOT


def main() -> int:
    # Import-linter puts the current folder first, and the clone's holds the shim of the same name.
    os.chdir(ROOT / "src")
    return lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)


if __name__ == "__main__":
    sys.exit(main())
