"""Column values in a form that belongs to no database, there and back.

A row is a JSON array. Moments are UTC ("2026-01-31T08:00:00Z"), days and times ISO, numbers with
decimals and UUIDs texts, bytes base64. A JSON value stands in a list of one, since its null is not
the database's.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import models

KINDS = {
    "int": "AutoField BigAutoField SmallAutoField IntegerField BigIntegerField SmallIntegerField "
    "PositiveIntegerField PositiveBigIntegerField PositiveSmallIntegerField",
    "bool": "BooleanField",
    "text": "CharField TextField SlugField EmailField URLField FileField FilePathField "
    "GenericIPAddressField",
    "moment": "DateTimeField",
    "day": "DateField",
    "time": "TimeField",
    "decimal": "DecimalField",
    "float": "FloatField",
    "uuid": "UUIDField",
    "json": "JSONField",
    "bytes": "BinaryField",
    "duration": "DurationField",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
Convert = Callable[[Any], Any]


def kind_of(field: Any) -> str:
    """The kind of a model's column; raises LookupError for one nobody has thought of."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    name = field.get_internal_type()
    if name not in KIND_OF:
        raise LookupError(f"{field}: a column of type {name} can't be backed up yet.")
    return KIND_OF[name]


def _moment(value: Any) -> str:
    if isinstance(value, str):
        return f"{value.replace(' ', 'T')}Z"
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return f"{value.isoformat()}Z"


def _iso(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _number(text: str) -> int | float:
    """Databases disagree on how 5.0 is written; both mean five."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _json(value: str) -> list[Any]:
    return [json.loads(value, parse_float=_number)]


def _duration(value: Any) -> int:
    return value if isinstance(value, int) else value // timedelta(microseconds=1)


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode("ascii")


FROM_DATABASE: dict[str, Convert] = {
    "bool": bool,
    "moment": _moment,
    "day": _iso,
    "time": _iso,
    "decimal": lambda value: format(value, "f") if not isinstance(value, str) else value,
    "uuid": lambda value: str(UUID(value)) if isinstance(value, str) else str(value),
    "json": _json,
    "bytes": _bytes,
    "duration": _duration,
}


def _to_json(value: list[Any]) -> str:
    return json.dumps(value[0])


TO_DATABASE: dict[str, dict[str, Convert]] = {
    "sqlite": {
        "bool": int,
        "moment": lambda text: text[:-1].replace("T", " "),
        "uuid": lambda text: UUID(text).hex,
        "json": _to_json,
        "bytes": base64.b64decode,
    },
    "postgresql": {
        "json": _to_json,
        "bytes": base64.b64decode,
        "duration": lambda number: timedelta(microseconds=number),
    },
}

CHECKS: dict[str, Convert] = {
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "float": lambda value: type(value) in (int, float),
    "duration": lambda value: type(value) is int,
    "moment": lambda value: bool(datetime.fromisoformat(value)),
    "day": lambda value: bool(date.fromisoformat(value)),
    "time": lambda value: time.fromisoformat(value) is not None,
    "json": lambda value: isinstance(value, list) and len(value) == 1,
}


def read_rows(rows: Iterable[Sequence[Any]], kinds: Sequence[str]) -> Iterator[list[Any]]:
    """Rows as a cursor of either database gives them, in the neutral form."""
    return _converted(rows, [FROM_DATABASE.get(kind) for kind in kinds])


def write_rows(
    rows: Iterable[Sequence[Any]], kinds: Sequence[str], vendor: str
) -> Iterator[list[Any]]:
    """Neutral rows as parameters for a database of this vendor."""
    return _converted(rows, [TO_DATABASE[vendor].get(kind) for kind in kinds])


def _converted(
    rows: Iterable[Sequence[Any]], converters: Sequence[Convert | None]
) -> Iterator[list[Any]]:
    todo = [(place, convert) for place, convert in enumerate(converters) if convert]
    for row in rows:
        values = list(row)
        for place, convert in todo:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield values


def check_row(row: Any, kinds: Sequence[str]) -> None:
    """Raises ValueError for what is no row of these kinds."""
    if not isinstance(row, list) or len(row) != len(kinds):
        raise ValueError("a row of another length")
    for value, kind in zip(row, kinds, strict=True):
        if value is None:
            continue
        check = CHECKS.get(kind)
        if not (check(value) if check else isinstance(value, str)):
            raise ValueError(f"no {kind}: {value!r}")


class Sum:
    """The checksum of a table: the same whichever database its rows lie in."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._sorts = "json" in kinds
        self._digest = hashlib.sha256()
        self.rows = 0

    def add(self, row: Sequence[Any], line: bytes | None = None) -> None:
        """`line`: the row as `line_of` writes it, where it is at hand."""
        if self._sorts or line is None:
            line = line_of(row, sort=self._sorts)
        self._digest.update(line)
        self.rows += 1

    @property
    def hex(self) -> str:
        return self._digest.hexdigest()


def line_of(row: Sequence[Any], *, sort: bool = False) -> bytes:
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)
    # A lone surrogate is no character; SQLite may hold one all the same.
    return text.encode("utf-8", "surrogatepass") + b"\n"
