"""Small files, small functions, short lines, and no towers of subclasses."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

FILE_LINES = 400
FUNCTION_LINES = 40
# The formatter keeps code at 100; a sentence or an address that breaks badly may run on a little.
LINE_LENGTH = 120
SOURCES = (".py", ".html", ".css", ".js", ".txt.tpl")

SPLIT_FILE = f"split it by what changes together; a file has fewer than {FILE_LINES} lines"
SPLIT_FUNCTION = f"name the steps as functions of their own, at most {FUNCTION_LINES} lines each"
BREAK_LINE = f"break the line; it has at most {LINE_LENGTH} characters"


def check(root: Path = ROOT) -> Iterator[Finding]:
    for path in project_files(*SOURCES, root=root):
        if "migrations" not in path.parts:
            yield from _check_file(path, root)


def _check_file(path: Path, root: Path) -> Iterator[Finding]:
    place = relative(path, root)
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) >= FILE_LINES:
        yield Finding(place, 0, f"{len(lines)} lines", SPLIT_FILE)
    if path.suffix != ".py":
        return
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_LENGTH:
            yield Finding(place, number, f"{len(line)} characters in a line", BREAK_LINE)
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                text = f"{node.name} has {length} lines"
                yield Finding(place, node.lineno, text, SPLIT_FUNCTION)
