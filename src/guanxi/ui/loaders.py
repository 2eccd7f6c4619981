"""Templates compiled once for each language: words, icons and addresses of static files that stand
in them by name become text at the first use, a quarter of what a page would else work out."""

from collections.abc import Iterator
from typing import Any

from django.template import Context, Node, NodeList, Template
from django.template.base import TextNode
from django.template.defaulttags import CommentNode, LoadNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from guanxi.ui.icons import icon


class Loader(cached.Loader):
    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not known:
            _fold(template.nodelist)
        return template


def _fold(nodes: NodeList) -> None:
    """Puts the text in place of each node that gives the same on every page of this language."""
    found: list[Node] = []
    for node in nodes:
        for inner in _lists(node):
            _fold(inner)
        text = _constant(node)
        if text is None:
            found.append(node)
        elif found and type(found[-1]) is TextNode:
            found[-1] = TextNode(found[-1].s + text)
        elif text:
            found.append(TextNode(text))
    nodes[:] = found


def _lists(node: Node) -> Iterator[NodeList]:
    """The nodes a node holds; those of an `if` stand beside their conditions."""
    for held in vars(node).values():
        if isinstance(held, NodeList):
            yield held
    for _condition, nodes in getattr(node, "conditions_nodelists", ()):
        yield nodes


def _constant(node: Node) -> str | None:
    if isinstance(node, TextNode):
        return node.s
    if isinstance(node, (CommentNode, LoadNode)):
        return ""
    if isinstance(node, TranslateNode):
        words = (node.filter_expression, *filter(None, (node.message_context,)))
        is_same = not node.asvar and all(_is_literal(one) for one in words)
    elif isinstance(node, StaticNode):
        is_same = not node.varname and _is_literal(node.path)
    elif isinstance(node, SimpleNode):
        is_same = (
            node.func is icon
            and not node.target_var
            and not node.kwargs
            and all(_is_literal(one) for one in node.args)
        )
    else:
        return None
    return str(node.render(Context())) if is_same else None


def _is_literal(expression: Any) -> bool:
    """Written out in the template, and not passed through a filter."""
    stands = not expression.is_var or expression.var.literal is not None
    return stands and not expression.filters
