"""Yes/no, fixed choices, tags."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, check_signs, empty_operators, fill
from guanxi.kernel.text import capital, standing

YES = {"1", "true", "yes", "y", "on", "是", "√", "有"}
NO = {"0", "false", "no", "n", "off", "否", "×", "无", ""}
MAX_TAGS, MAX_TAG_LENGTH = 20, 30


class BooleanKind(Kind):
    name = "boolean"
    widget = "boolean"
    operators = {
        "is": Operator(
            "is",
            _("is"),
            "value",
            lambda path, value: Q(**{path: value}),
            lambda stored, value: stored is not None and bool(stored) is value,
        ),
        # An own box is ticked or not; behind a link that leads nowhere there is none.
        **empty_operators(blank=False),
    }

    def parse(self, raw: Any) -> bool | None:
        if isinstance(raw, bool):
            return raw
        text = unicodedata.normalize("NFKC", str(raw or "")).strip().lower()
        if text in YES:
            return True
        if text in NO:
            return False
        raise Wrong(_("Write yes or no."))

    def is_empty(self, value: Any) -> bool:
        return value is None

    def show(self, value: Any) -> str:
        return capital(self.say(value))

    def say(self, value: Any) -> str:
        return str(_("yes") if value else _("no"))

    def edit_text(self, value: Any) -> str:
        return "1" if value else ""

    def sample(self, number: int) -> bool:
        return number % 2 == 0

    def bad_samples(self) -> list[str]:
        return ["perhaps"]


class ChoiceKind(Kind):
    """One of a fixed set of codes; choices maps the code to its translated label.

    `closed` codes stay where they are and can be searched for, but no longer be chosen.
    """

    name = "choice"
    widget = "choice"
    operators = {
        "in": Operator(
            "in",
            _("is one of"),
            "values",
            lambda path, values: Q(**{f"{path}__in": values}),
            lambda stored, values: (stored or "") in values,
        ),
        "not_in": Operator(
            "not_in",
            _("is none of"),
            "values",
            lambda path, values: ~Q(**{f"{path}__in": values}),
            lambda stored, values: (stored or "") not in values,
        ),
        **empty_operators(blank=True),
    }

    def __init__(self, *, choices: Mapping[str, Any], closed: Collection[str] = ()) -> None:
        self.choices = dict(choices)
        self.closed = frozenset(closed)

    def parse(self, raw: Any) -> str | None:
        text = unicodedata.normalize("NFKC", str(raw or "")).strip()
        if not text:
            return None
        if text in self.choices:
            return text
        for code, label in self.choices.items():
            if text.casefold() in (code.casefold(), str(label).casefold()):
                return code
        raise Wrong(_("“%(text)s” is not one of the choices.") % {"text": text[:50]})

    def check(self, value: Any) -> None:
        if value and value not in self.choices:
            raise Wrong(_("“%(text)s” is not one of the choices.") % {"text": str(value)[:50]})
        if value in self.closed:
            raise Wrong(_("“%(text)s” is no longer offered.") % {"text": self.say(value)})

    def show(self, value: Any) -> str:
        return standing(self.choices.get(value, value or ""))

    def say(self, value: Any) -> str:
        return str(self.choices.get(value, value or ""))

    def edit_text(self, value: Any) -> str:
        return value or ""

    def cell(self, value: Any) -> SafeString:
        if not value:
            return SafeString("")
        return fill('<span class="gx-state" data-state="{}">{}</span>', value, self.show(value))

    def sample(self, number: int) -> str:
        codes = [code for code in self.choices if code not in self.closed]
        return codes[number % len(codes)]

    def bad_samples(self) -> list[str]:
        return ["no-such-choice"]


def _tag_q(path: str, tags: list[str]) -> Q:
    found = Q(pk__in=[])
    for tag in tags:
        found |= Q(**{f"{path}__marks": tag})
    return found


def _no_tags(path: str) -> Q:
    none = Q(**{path: []})
    return none | Q(**{f"{path}__isnull": True}) if "__" in path else none


class TagsKind(Kind):
    """Free words on a record: a list of up to 20, each at most 30 characters."""

    name = "tags"
    widget = "tags"
    sortable = False
    operators = {
        "has_any": Operator(
            "has_any",
            _("has one of"),
            "values",
            _tag_q,
            lambda stored, tags: any(tag in (stored or []) for tag in tags),
        ),
        "has_none": Operator(
            "has_none",
            _("has none of"),
            "values",
            lambda path, tags: ~_tag_q(path, tags),
            lambda stored, tags: not any(tag in (stored or []) for tag in tags),
        ),
        "empty": Operator(
            "empty",
            _("is empty"),
            "none",
            lambda path, argument: _no_tags(path),
            lambda stored, argument: not stored,
        ),
        "filled": Operator(
            "filled",
            _("is filled in"),
            "none",
            lambda path, argument: ~_no_tags(path),
            lambda stored, argument: bool(stored),
        ),
    }

    def parse(self, raw: Any) -> list[str] | None:
        parts = raw if isinstance(raw, (list, tuple)) else split_tags(str(raw or ""))
        tags = list(dict.fromkeys(tag for part in parts if (tag := " ".join(str(part).split()))))
        self.check(tags)
        return tags or None

    def check(self, value: Any) -> None:
        for tag in value or ():
            check_signs(tag)
            if len(tag) > MAX_TAG_LENGTH:
                raise Wrong(_("A tag has at most 30 characters."))
            if "|" in tag:
                raise Wrong(_("A tag can't hold the sign “|”."))
        if len(value or ()) > MAX_TAGS:
            raise Wrong(_("At most 20 tags."))

    def _one(self, raw: Any) -> Any:
        tag = " ".join(str(raw or "").split())
        if not tag:
            raise Wrong(_("Give a value."))
        return tag

    def is_empty(self, value: Any) -> bool:
        return not value

    def edit_text(self, value: Any) -> str:
        return "，".join(value or ())

    def cell(self, value: Any) -> SafeString:
        tags = [fill('<span class="gx-tag">{}</span>', tag) for tag in value or ()]
        return SafeString(" ".join(tags))

    def sample(self, number: int) -> list[str]:
        return [f"标签{number % 7}"]

    def bad_samples(self) -> list[str]:
        return ["字" * (MAX_TAG_LENGTH + 1)]


def split_tags(text: str) -> list[str]:
    for sign in "，、;；\n\t":
        text = text.replace(sign, ",")
    return text.split(",")
