"""Compiles the translation catalogs of the package; `.mo` files are never committed."""

import os
import tempfile
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGS = "**/locale/*/LC_MESSAGES/*.po"


def compile_catalogs(package: Path = PACKAGE) -> list[Path]:
    """Writes the missing and outdated `.mo` files under `package`; returns their paths."""
    return [_compile(source) for source in sorted(package.glob(CATALOGS)) if _is_outdated(source)]


def _is_outdated(source: Path) -> bool:
    try:
        return source.with_suffix(".mo").stat().st_mtime_ns < source.stat().st_mtime_ns
    except FileNotFoundError:
        return True


def _compile(source: Path) -> Path:
    changed = source.stat().st_mtime_ns
    binary = polib.pofile(str(source)).to_binary()
    target = source.with_suffix(".mo")
    handle, fresh = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(binary)
    # The source's own time: a catalog edited while it is compiled stays outdated.
    os.utime(fresh, ns=(changed, changed))
    os.chmod(fresh, 0o644)
    os.replace(fresh, target)
    return target
