"""Imports stand at the top of a file, where one sees what it needs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

# Slow or large to load (seconds, hundreds of megabytes), and seldom needed.
HEAVY = ("pypinyin", "sklearn", "weasyprint")
# Django asks for late imports in `apps.py`, the registry in `module.py`; the shim runs before
# its environment exists.
FREE_FILES = ("apps.py", "module.py")
SHIM = "guanxi.py"
INSTEAD = "import at the top; if that makes a circle, the two files share a third that is missing"


def check(root: Path = ROOT) -> Iterator[Finding]:
    for path in project_files(".py", root=root):
        place = relative(path, root)
        if path.name in FREE_FILES or place == SHIM:
            continue
        for outer in ast.walk(syntax_tree(path)):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(outer):
                    yield from _check_import(node, place)


def _check_import(node: ast.AST, place: str) -> Iterator[Finding]:
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = [node.module or "."]
    else:
        return
    for module in modules:
        if module.split(".")[0] not in HEAVY:
            text = f"import of {module} inside a function"
            yield Finding(place, node.lineno, text, INSTEAD)
