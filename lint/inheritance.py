"""A class of ours inherits from at most one layer of ours."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

# What the kernel offers for subclassing starts a new count.
ROOTS = ("Record", "Part", "Dictionary", "Kind", "Channel", "Address")
# Field kinds are one family: a phone is a text, an instant is a date.
FAMILY, FAMILY_ROOT = "guanxi.kernel.kinds.", "Kind"
INSTEAD = "compose: give the class a part or a function instead of a second parent of ours"


@dataclass(frozen=True)
class OwnClass:
    path: Path
    line: int
    module: str
    name: str
    bases: tuple[str, ...]


def check(root: Path = ROOT) -> Iterator[Finding]:
    known = {
        f"{found.module}.{found.name}": found
        for path in project_files(".py", under="src/guanxi/", root=root)
        for found in _classes(path, root)
    }
    for found in known.values():
        if _depth(found, known) > 1:
            text = f"{found.name} stands on more than one class of ours"
            yield Finding(relative(found.path, root), found.line, text, INSTEAD)


def _depth(found: OwnClass, known: dict[str, OwnClass]) -> int:
    parents = [known[base] for base in found.bases if base in known]
    return max(
        (1 + (0 if _is_root(parent, known) else _depth(parent, known)) for parent in parents),
        default=0,
    )


def _is_root(found: OwnClass, known: dict[str, OwnClass]) -> bool:
    if found.name in ROOTS:
        return True
    return found.module.startswith(FAMILY) and any(
        base in known and known[base].name == FAMILY_ROOT for base in found.bases
    )


def _module(path: Path, root: Path) -> str:
    parts = path.relative_to(root / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _classes(path: Path, root: Path) -> Iterator[OwnClass]:
    tree, module = syntax_tree(path), _module(path, root)
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = tuple(_resolve(ast.unparse(base), names, module) for base in node.bases)
            yield OwnClass(path, node.lineno, module, node.name, bases)


def _imported(tree: ast.Module) -> dict[str, str]:
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _resolve(base: str, names: dict[str, str], module: str) -> str:
    head, _, rest = base.partition(".")
    if head in names:
        return f"{names[head]}.{rest}" if rest else names[head]
    return base if rest else f"{module}.{base}"
