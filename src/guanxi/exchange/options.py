"""How a file is to be read: what the person chose beside the assignment of columns."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

MODES = ("both", "new", "update")
DUPLICATES = ("create", "skip", "update")
NAMELESS = ("refuse", "skip")
UNITS = (1, 1_000, 10_000, 1_000_000, 100_000_000)
IN_A_HEADING = re.compile(r"(千|百万|万|亿)元?\W*$|\b(thousands?|millions?)\W*$", re.I)
MEANS = {
    "千": 1_000,
    "thousand": 1_000,
    "万": 10_000,
    "百万": 1_000_000,
    "million": 1_000_000,
    "亿": 100_000_000,
}


@dataclass
class Options:
    """mode: both, new, update; duplicates: what becomes of new rows that look like stored ones
    nameless: what becomes of rows without a title: refuse, skip
    history: rows are taken as found, by the object's own rule
    formats: {column: date format}; units: {column: factor of a sum of money}
    replace: {column: {text of the file: what it means; "" = leave empty}}
    create: columns whose unknown names become new rows of the linked object
    """

    mode: str = "both"
    duplicates: str = "skip"
    nameless: str = "refuse"
    history: bool = False
    formats: dict[int, str] = field(default_factory=dict)
    units: dict[int, int] = field(default_factory=dict)
    replace: dict[int, dict[str, str]] = field(default_factory=dict)
    create: list[int] = field(default_factory=list)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Options":
        found = cls(**{key: value for key, value in stored.items() if key in cls.__annotations__})
        found.formats = {int(key): value for key, value in found.formats.items()}
        found.units = {int(key): int(value) for key, value in found.units.items()}
        found.replace = {int(key): dict(value) for key, value in found.replace.items()}
        return found

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def unit_of(heading: str) -> int:
    """What the sums below a heading are counted in: 10,000 for 注册资本（万元）, else 1."""
    found = IN_A_HEADING.search(heading.strip())
    word = (found[1] or found[2].casefold().removesuffix("s")) if found else ""
    return MEANS.get(word, 1)
