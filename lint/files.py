"""Which files of the project a check reads, and what a check hands back."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDORED = ("src/guanxi/ui/static/vendor/", "src/guanxi/ui/icons/")


@dataclass(frozen=True, order=True)
class Finding:
    """One place to mend; `line` 0 means the whole file."""

    path: str
    line: int
    text: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"


def project_files(*suffixes: str, under: str = "", root: Path = ROOT) -> Iterator[Path]:
    """Files git tracks or would add, by suffix and folder, without vendored ones."""
    for name in _names(root):
        if not name.startswith(under) or name.startswith(VENDORED):
            continue
        if (not suffixes or name.endswith(suffixes)) and (root / name).is_file():
            yield root / name


def relative(path: Path, root: Path = ROOT) -> str:
    return path.relative_to(root).as_posix()


@cache
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def _names(root: Path) -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        return tuple(sorted(set(filter(None, listed.stdout.decode().split("\0")))))
    # An unpacked archive has no git; its hidden folders hold no source.
    found = (relative(path, root) for path in root.rglob("*") if path.is_file())
    return tuple(sorted(name for name in found if not _is_made(name)))


def _is_made(name: str) -> bool:
    parts = name.split("/")
    return (
        parts[0] == "var"
        or "__pycache__" in parts
        or any(part.startswith(".") and part != ".ci" for part in parts)
    )
