"""Markup carries no script, no style and no address of another host."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lint.files import ROOT, Finding, project_files, relative, syntax_tree

SCRIPT = "put it into a file under static/ and find the element by a data- attribute"
STYLE = "use a class of the style sheet; a computed width goes into <progress>, <meter> or SVG"
LOCAL = "commit the file (frontend/package.json, `make vendor`); pages load nothing from elsewhere"

DATA_SCRIPT = r"[^>]*\b(?:src|type=[\"']?(?:application/json|importmap))"
MARKUP_RULES = (
    (re.compile(rf"<script\b(?!{DATA_SCRIPT})", re.I), "a script in the markup", SCRIPT),
    (re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I), "an event attribute", SCRIPT),
    (re.compile(r"\bhx-on[:\-]", re.I), "a script in an hx-on attribute", SCRIPT),
    (re.compile(r"=\s*[\"']?javascript:", re.I), "a javascript: address", SCRIPT),
    (re.compile(r"<style\b", re.I), "a style element", STYLE),
    (re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I), "a style attribute", STYLE),
    (re.compile(r"\bsrc(?:set)?\s*=\s*[\"']?(?:https?:)?//", re.I), "another host", LOCAL),
    (re.compile(r"<link\b[^>]*href\s*=\s*[\"']?(?:https?:)?//", re.I), "another host", LOCAL),
)
FILE_RULES = (
    (
        re.compile(r"(?:url\(|@import|\bfetch\()\s*[\"']?(?:https?:)?//", re.I),
        "another host",
        LOCAL,
    ),
)
# A template tag inside an element may hold the sign that would end it.
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)


def check(root: Path = ROOT) -> Iterator[Finding]:
    for path in project_files(".html", ".svg", under="src/guanxi/", root=root):
        source = TAG.sub(_blank, path.read_text(encoding="utf-8"))
        yield from _search(source, relative(path, root), 1, MARKUP_RULES)
    for path in project_files(".css", ".js", under="src/guanxi/", root=root):
        yield from _search(path.read_text(encoding="utf-8"), relative(path, root), 1, FILE_RULES)
    for path in project_files(".py", under="src/guanxi/", root=root):
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _search(node.value, relative(path, root), node.lineno, MARKUP_RULES)


def _blank(tag: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "_", tag.group())


def _search(source: str, place: str, first_line: int, rules) -> Iterator[Finding]:
    for pattern, text, instead in rules:
        for found in pattern.finditer(source):
            line = first_line + source.count("\n", 0, found.start())
            yield Finding(place, line, text, instead)
