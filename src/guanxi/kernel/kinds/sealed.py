"""Texts that lie encrypted in the database."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, empty_operators
from guanxi.kernel.kinds.texts import TextKind
from guanxi.kernel.sealing import UNREADABLE, Sealed, fingerprints, seal

SHOWN = 4


def _is(stored: Any, text: str) -> bool:
    return bool(stored == text)


class SealedKind(Kind):
    """One line of text, encrypted at rest; found again only as a whole.

    Guarded: who has no field rule that frees it may type it, but sees its last four signs.
    """

    name = "sealed"
    sortable = False
    guarded = True
    quick = "is"
    operators = {
        "is": Operator(
            "is",
            _("is"),
            "value",
            lambda path, text: Q(**{f"{path}_mark__in": fingerprints(text)}),
            _is,
        ),
        **empty_operators(blank=True),
    }

    def __init__(
        self,
        *,
        max: int,
        check: Callable[[str], str] | None = None,
        sample: Callable[[int], str] = lambda number: f"{number:08d}",
    ) -> None:
        self.max = max
        self.text = TextKind(max=max, check=check)
        self._sample = sample

    def parse(self, raw: Any) -> str | None:
        return self.text.parse(raw.open() if isinstance(raw, Sealed) else raw)

    def check(self, value: Any) -> None:
        if isinstance(value, str):
            self.text.check(value)

    def show(self, value: Any) -> str:
        return self.edit_text(value) or (str(UNREADABLE) if value else "")

    def edit_text(self, value: Any) -> str:
        return _opened(value)

    def mask(self, value: Any) -> str:
        text = _opened(value)
        if not text:
            return str(UNREADABLE) if value else ""
        # A short value would be told by its end.
        return f"{'*' * 4}{text[-SHOWN:]}" if len(text) > 2 * SHOWN else "*" * 4

    def to_journal(self, value: Any) -> Any:
        if not value:
            return value
        return value.token if isinstance(value, Sealed) else seal(value)

    def from_journal(self, stored: Any) -> Any:
        return Sealed(stored) if stored else stored

    def to_json(self, value: Any) -> Any:
        return _opened(value)

    def sample(self, number: int) -> str:
        return self._sample(number)

    def bad_samples(self) -> list[str]:
        return ["1" * (self.max + 1)]


def _opened(value: Any) -> str:
    """The text; "" for nothing, and for what another key has sealed."""
    if not isinstance(value, Sealed):
        return value or ""
    try:
        return value.open()
    except Wrong:
        return ""
