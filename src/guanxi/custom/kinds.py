"""The types a custom field can have, and the choice of the object it belongs to."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import kinds, registry

TEXT_LENGTH, LONG_LENGTH = 200, 2000
WHOLE_LIMIT = 999_999_999_999
KIND_LABELS = {
    "text": _("text"),
    "long_text": _("long text"),
    "integer": _("whole number"),
    "decimal": _("number with decimals"),
    "date": _("date"),
    "choice": _("choice"),
    "boolean": _("yes or no"),
}

MAKERS: Mapping[str, Callable[[], kinds.Kind]] = {
    "text": lambda: kinds.TextKind(max=TEXT_LENGTH),
    "long_text": lambda: kinds.LongTextKind(max=LONG_LENGTH),
    "integer": lambda: kinds.IntegerKind(min=-WHOLE_LIMIT, max=WHOLE_LIMIT),
    "decimal": kinds.DecimalKind,
    "date": kinds.DateKind,
    "boolean": kinds.BooleanKind,
}


def make_kind(name: str, *, choices: Mapping[str, Any], closed: Collection[str]) -> kinds.Kind:
    """The kind of a stored definition; `choices` and `closed` count for "choice" only."""
    if name == "choice":
        return kinds.ChoiceKind(choices=choices, closed=closed)
    return MAKERS[name]()


class ObjectKind(kinds.ChoiceKind):
    """The key of an object people can edit; which there are is known once all modules are read."""

    def __init__(self) -> None:
        self.closed = frozenset()

    @property
    def choices(self) -> dict[str, Any]:  # type: ignore[override]
        return {
            spec.key: spec.plural
            for spec in registry.specs()
            if spec.form and not spec.key.startswith("custom.")
        }
