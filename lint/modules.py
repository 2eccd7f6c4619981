"""A business module imports another only if it says so, and its own files only downwards."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

FOLDER = "src/guanxi/modules/"
PACKAGE = "guanxi.modules."
# `api` and `pages` stand side by side.
STEPS = {"models": 0, "rules": 1, "specs": 2, "pages": 3, "api": 3}

NEED = "name the module in `needs` of module.py, or listen to its event instead"
DOWN = "inside a module: models <- rules <- specs <- pages / api; move what both need further down"


def check(root: Path = ROOT) -> Iterator[Finding]:
    files = list(project_files(".py", under=FOLDER, root=root))
    needs = {_module(path, root): _needs(path) for path in files if path.name == "module.py"}
    for path in files:
        module = _module(path, root)
        allowed = {module, *needs.get(module, ())}
        for line, name in _imports(path, root):
            other, _, rest = name.removeprefix(PACKAGE).partition(".")
            if other not in allowed:
                text = f"{module} imports {other}"
                yield Finding(relative(path, root), line, text, NEED)
            elif other == module and _goes_up(_step(path, root), rest):
                text = f"imports {name} from below"
                yield Finding(relative(path, root), line, text, DOWN)


def _module(path: Path, root: Path) -> str:
    return path.relative_to(root / FOLDER).parts[0]


def _step(path: Path, root: Path) -> str:
    parts = path.relative_to(root / FOLDER).with_suffix("").parts
    return parts[1] if len(parts) > 1 else ""


def _goes_up(step: str, rest: str) -> bool:
    target = rest.split(".")[0]
    if step not in STEPS or target not in STEPS or step == target:
        return False
    return STEPS[target] >= STEPS[step]


def _needs(path: Path) -> tuple[str, ...]:
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.keyword) and node.arg == "needs":
            return tuple(ast.literal_eval(node.value))
    return ()


def _imports(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path, root)
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.startswith(PACKAGE))


def _absolute(node: ast.ImportFrom, path: Path, root: Path) -> str:
    if not node.level:
        return node.module or ""
    folders = path.relative_to(root / "src").parts[: -node.level]
    return ".".join((*folders, node.module) if node.module else folders)
