"""Small words of a Spec, imported from `kernel.spec`."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Quick:
    """Rows that satisfy `tree` (see `kernel.query`), one tap away.

    `alarm`: such rows stand out in lists and on their own page, under this label.
    """

    label: Any
    tree: Any
    alarm: bool = False


@dataclass(frozen=True, kw_only=True)
class CustomLimits:
    """Custom fields of an object: length of their names, their types, off until switched on."""

    max_name: int = 50
    kinds: tuple[str, ...] = ()
    starts_off: bool = False
