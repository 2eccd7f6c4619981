"""What a field type knows: how to read, check, show, mask, compare and invent its values.

Native fields (`kernel.fields`) and custom fields share these. A kind is a plain value: its
parameters are attributes, it holds no state of a request.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong


@dataclass(frozen=True)
class Operator:
    """One comparison. `takes`: none, value, values, range, days, period.

    to_q(path, argument) makes the SQL condition; test(value, argument) decides for one value.
    first: of child rows only the first that is filled in counts.
    `argument` is what `Kind.argument` made of the JSON value.
    """

    name: str
    label: Any
    takes: str
    to_q: Callable[[str, Any], Q]
    test: Callable[[Any, Any], bool]
    first: bool = False


#: Nobody types them, and neither a file nor every database takes them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_signs(text: str) -> None:
    """Raises Wrong for a text with control characters in it."""
    if CONTROL.search(text):
        raise Wrong(_("This text holds control characters. Please type it again."))


def as_html(text: str) -> SafeString:
    """Text as HTML. There are hundreds of cells a page; Django's way minds lazy texts each time."""
    return SafeString(escape(text))


def fill(shape: str, *values: Any) -> SafeString:
    """`shape` with the values as HTML in place of each {}; none of them is HTML yet."""
    return SafeString(shape.format(*[escape(str(value)) for value in values]))


class Kind:
    name = "text"
    widget = "text"
    align = "start"
    sortable = True
    #: Without a field rule that frees it, people may set it but see it masked only.
    guarded = False
    #: The operator of the plain condition in a list's query.
    quick = "contains"
    #: What to type, below the control of a form.
    hint: Any = ""
    operators: dict[str, Operator] = {}

    def parse(self, raw: Any) -> Any:
        """The value of what a person typed or a file holds; raises Wrong. Empty gives None."""
        raise NotImplementedError

    def check(self, value: Any) -> None:
        """Raises Wrong where a value of the right Python type is not acceptable."""

    def is_empty(self, value: Any) -> bool:
        return value is None or value == ""

    def edit_text(self, value: Any) -> str:
        """The value as the form's control holds it; parse() reads it back."""
        return "" if value is None else str(value)

    def show(self, value: Any) -> str:
        """The value as text for a person."""
        return self.edit_text(value)

    def say(self, value: Any) -> str:
        """The value as text within a sentence."""
        return self.show(value)

    def cell(self, value: Any) -> SafeString:
        """The value as HTML of a list cell or a fact line."""
        return as_html(self.show(value))

    def as_title(self, value: Any) -> str:
        """What a record is called whose title this is."""
        return str(value)

    def mask(self, value: Any) -> str:
        return "" if self.is_empty(value) else "***"

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, value: Any) -> Any:
        return value

    def to_journal(self, value: Any) -> Any:
        """As the journal keeps it."""
        return self.to_json(value)

    def from_journal(self, stored: Any) -> Any:
        return self.from_json(stored)

    def argument(self, raw: Any, takes: str) -> Any:
        """An operator's argument from its JSON form; raises Wrong."""
        if takes == "none":
            return None
        if takes == "values":
            return [self._one(item) for item in (raw if isinstance(raw, list) else [raw])]
        if takes == "range":
            if not isinstance(raw, list) or len(raw) != 2:
                raise Wrong(_("Give a lower and an upper value."))
            return tuple(None if item in (None, "") else self._one(item) for item in raw)
        if takes == "days":
            return _whole_days(raw)
        return self._one(raw)

    def _one(self, raw: Any) -> Any:
        value = self.parse(raw)
        if value is None:
            raise Wrong(_("Give a value."))
        return value

    def sample(self, number: int) -> Any:
        """An acceptable value, different for different numbers where the type allows."""
        raise NotImplementedError

    def bad_samples(self) -> list[str]:
        """Texts that parse() and check() must refuse."""
        return []


MAX_DAYS = 36_500


def _whole_days(raw: Any) -> int:
    try:
        days = int(raw)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(_("Give a number of days.")) from None
    if not 0 <= days <= MAX_DAYS:
        raise Wrong(_("Give a number of days between 0 and 36,500."))
    return days


def empty_operators(*, blank: bool) -> dict[str, Operator]:
    """`empty` and `filled`; blank=True where the column stores "" instead of NULL."""

    def empty_q(path: str, argument: Any) -> Q:
        missing = Q(**{f"{path}__isnull": True})
        if not blank:
            return missing
        # Behind an empty link there is nothing, which is as empty as "".
        return Q(**{path: ""}) | missing if "__" in path else Q(**{path: ""})

    def is_empty(value: Any, argument: Any) -> bool:
        return value is None or value == ""

    return {
        "empty": Operator("empty", _("is empty"), "none", empty_q, is_empty),
        "filled": Operator(
            "filled",
            _("is filled in"),
            "none",
            lambda path, argument: ~empty_q(path, argument),
            lambda value, argument: not is_empty(value, argument),
        ),
    }
