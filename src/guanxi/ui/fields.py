"""The context of `ui/_field.html`."""

from collections.abc import Mapping
from typing import Any


class Field(dict[str, Any]):
    """What a field shows; whatever is not given is empty.

    A template that misses a key of a plain mapping goes on to look for attributes and places, which
    costs more than drawing the field.
    """

    def __missing__(self, key: str) -> str:
        return ""

    def __or__(self, other: Mapping[str, Any]) -> "Field":  # type: ignore[override]
        return Field({**self, **other})
