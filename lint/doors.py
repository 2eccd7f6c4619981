"""Business rows are read through `rows(actor)` and nowhere else; nothing listens to signals."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

MANAGERS = ("_all", "_default_manager", "_base_manager")
SHORTCUTS = ("get_object_or_404", "get_list_or_404", "aget_object_or_404")
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals")
PLAIN_PARENTS = ("models.Model", "AbstractUser", "AbstractBaseUser")
# The sign-in library tells what happened by signals only; one file of `people` listens.
LISTENER = "src/guanxi/people/signin_signals.py"
# Reach is computed from these rows, and before the sign-in there is nobody to have any.
REACH = tuple(
    f"src/guanxi/people/{name}.py"
    for name in ("rights", "organisation", "middleware", "checks", "signin")
)

# The kernel is the door; what tests are made of looks behind it to see whether it held.
OPEN = ("src/guanxi/kernel/", "src/guanxi/testing/")

READ = "read through Model.rows(actor, verb); let the kernel offer what is missing"
LISTEN = "write through change() and subscribe to its event; only the kernel knows signals"


def check(root: Path = ROOT) -> Iterator[Finding]:
    for path in project_files(".py", under="src/guanxi/", root=root):
        place = relative(path, root)
        if place.startswith(OPEN) or "/migrations/" in place:
            continue
        plain = _plain_models(_package(place), root)
        for node in ast.walk(syntax_tree(path)):
            yield from _check_node(node, place, plain)


def _check_node(node: ast.AST, place: str, plain: set[str]) -> Iterator[Finding]:
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        if place not in REACH:
            yield Finding(place, node.lineno, f"{node.attr} goes past the scope", READ)
    elif isinstance(node, ast.Attribute) and node.attr == "objects":
        if not (isinstance(node.value, ast.Name) and node.value.id in plain):
            text = f"{ast.unparse(node)} goes past the scope"
            yield Finding(place, node.lineno, text, READ)
    elif isinstance(node, ast.Name) and node.id in SHORTCUTS:
        yield Finding(place, node.lineno, f"{node.id} goes past the scope", READ)
    elif place != LISTENER and _names_signals(node):
        yield Finding(place, getattr(node, "lineno", 0), "signals outside the kernel", LISTEN)


def _names_signals(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module in SIGNALS or module.endswith(".signals"):
            return True
        return any(f"{module}.{alias.name}" in SIGNALS for alias in node.names)
    if isinstance(node, ast.Import):
        return any(alias.name in SIGNALS for alias in node.names)
    return False


def _package(place: str) -> str:
    parts = place.split("/")
    return "/".join(parts[:4] if parts[2] == "modules" else parts[:3]) + "/"


@cache
def _plain_models(package: str, root: Path) -> set[str]:
    """Names of the package's own tables that are no business records, as sign-ins and jobs."""
    return {
        node.name
        for path in project_files(".py", under=package, root=root)
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) in PLAIN_PARENTS for base in node.bases)
    }
