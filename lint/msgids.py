"""Finds every text a person may read: translated calls in Python, translate tags in templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from lint.files import ROOT, project_files, relative, syntax_tree

PLAIN_CALLS = ("gettext", "gettext_lazy", "gettext_noop")
COUNTED_CALLS = ("ngettext", "ngettext_lazy")
CONTEXT_CALLS = ("pgettext", "pgettext_lazy")
COUNTED_CONTEXT_CALLS = ("npgettext", "npgettext_lazy")
ALL_CALLS = PLAIN_CALLS + COUNTED_CALLS + CONTEXT_CALLS + COUNTED_CONTEXT_CALLS
TEMPLATE_CALL = re.compile(r"\b(?:n?p?gettext(?:_lazy|_noop)?|_)\(")


@dataclass(frozen=True)
class Msgid:
    """`context` is None without one; `text` None stands for a call whose text is computed."""

    path: str
    line: int
    text: str | None
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> tuple[str | None, str | None]:
        return self.context, self.text


def all_msgids(root: Path = ROOT) -> Iterator[Msgid]:
    for path in project_files(".py", under="src/guanxi/", root=root):
        yield from python_msgids(syntax_tree(path), relative(path, root))
    for path in project_files(".html", ".txt", under="src/guanxi/", root=root):
        if "templates" in path.parts:
            yield from template_msgids(path.read_text(encoding="utf-8"), relative(path, root))


def python_msgids(tree: ast.Module, place: str) -> Iterator[Msgid]:
    names = _call_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node.func, names)
            if name is not None:
                yield _msgid(name, node, place, node.lineno)


def template_msgids(source: str, place: str) -> Iterator[Msgid]:
    """`templatize` turns the tags into calls, line by line, and all else into X and B."""
    for number, line in enumerate(templatize(source).splitlines(), start=1):
        for call in TEMPLATE_CALL.finditer(line):
            node = _parse_call(line[call.start() :])
            if node is not None and isinstance(node.func, ast.Name):
                name = "gettext" if node.func.id == "_" else node.func.id
                yield _msgid(name, node, place, number)


def _parse_call(text: str) -> ast.Call | None:
    for end in (match.end() for match in re.finditer(r"\)", text)):
        try:
            parsed = ast.parse(text[:end], mode="eval").body
        except SyntaxError:
            continue
        return parsed if isinstance(parsed, ast.Call) else None
    return None


def _call_names(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in ALL_CALLS
    }


def _called(function: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(function, ast.Name):
        return names.get(function.id)
    if isinstance(function, ast.Attribute) and function.attr in ALL_CALLS:
        return function.attr
    return None


def _msgid(name: str, node: ast.Call, place: str, line: int) -> Msgid:
    values = [_constant(argument) for argument in node.args[:3]] + [None] * 3
    if name in COUNTED_CALLS:
        return Msgid(place, line, values[0], plural=values[1])
    if name in CONTEXT_CALLS:
        return Msgid(place, line, values[1], context=values[0])
    if name in COUNTED_CONTEXT_CALLS:
        return Msgid(place, line, values[1], plural=values[2], context=values[0])
    return Msgid(place, line, values[0])


def _constant(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None
