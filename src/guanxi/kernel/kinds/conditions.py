"""Conditions over another object, kept as the JSON tree of `kernel.query`."""

import json
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, as_html, empty_operators

MOST = 20_000
JOINS = ("and", "or", "not")


class Told(str):
    """Conditions in the words of one reader; `url`: the list of the rows they mean today."""

    stored = ""
    url = ""

    @classmethod
    def of(cls, text: str, *, stored: str, url: str) -> "Told":
        found = cls(text)
        found.stored, found.url = stored, url
        return found


class ConditionsKind(Kind):
    """Which rows of the object `of` are meant; "" stands for all of them.

    Whether a person may ask so is settled where a tree is set, and again where it is used.
    """

    name = "conditions"
    widget = "conditions"
    sortable = False
    quick = "filled"
    operators: dict[str, Operator] = empty_operators(blank=True)

    def __init__(self, *, of: str) -> None:
        self.of = of

    def parse(self, raw: Any) -> str | None:
        tree = raw if isinstance(raw, (dict, list)) else _loaded(str(raw or "").strip())
        if tree in (None, {}, {"and": []}, []):
            return None
        if isinstance(tree, list):
            tree = {"and": [tree]}
        if not isinstance(tree, dict) or len(tree) != 1 or next(iter(tree)) not in JOINS:
            raise Wrong(_("This condition can't be read."))
        text = tree_text(tree)
        if len(text) > MOST:
            raise Wrong(_("These conditions are too long."))
        return text

    def check(self, value: Any) -> None:
        if value:
            self.parse(value)

    def tree(self, value: Any) -> Any:
        """What `query.read` takes."""
        text = value.stored if isinstance(value, Told) else value
        return json.loads(text) if text else {"and": []}

    def show(self, value: Any) -> str:
        return str(value or "")

    def cell(self, value: Any) -> SafeString:
        shown = as_html(str(value or ""))
        if not isinstance(value, Told) or not value.url:
            return shown
        return SafeString(f'<a href="{as_html(value.url)}">{shown}</a>')

    def to_json(self, value: Any) -> Any:
        tree = self.tree(value)
        return None if tree == {"and": []} else tree

    def from_json(self, value: Any) -> Any:
        return self.parse(value) or ""

    def to_journal(self, value: Any) -> Any:
        return value

    def from_journal(self, stored: Any) -> Any:
        return stored

    def sample(self, number: int) -> str:
        return tree_text({"and": [["created_at", "last_days", number + 1]]})

    def bad_samples(self) -> list[str]:
        return ["all of them", '{"and": [], "or": []}', '{"xor": []}']


def tree_text(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), default=str)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        raise Wrong(_("This condition can't be read.")) from None
