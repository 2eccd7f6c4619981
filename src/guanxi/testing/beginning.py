"""What most tests begin with, made once in a process and afterwards put back as the rows it left.

Master data and the company of the tests cost more than a second of rules, journal and search
documents to make, and a few hundredths to insert.
"""

# All names are those of our own tables.
# ruff: noqa: S608

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guanxi.people.organisation import touch

Rows = list[tuple[Any, ...]]
Ground = tuple[int, ...]

#: Below what one statement may carry on either database.
VALUES = 10_000


@dataclass(frozen=True)
class Filled:
    """A table that the making filled: all its rows, and whether some had stood there before."""

    name: str
    columns: list[str]
    rows: Rows
    had_rows: bool


_kept: dict[tuple[Callable[[], Any], date, Ground], tuple[Any, list[Filled]]] = {}


def begin_with(make: Callable[[], Any]) -> Any:
    """What `make` answers, with its rows in the database.

    They are put back on the day and the ground they were made on: as many rows in each table as
    then. On any other they are made.
    """
    circumstances = make, timezone.localdate(), _ground()
    if circumstances not in _kept:
        before = {name: _read(name) for name in _tables()}
        answer = make()
        _kept[circumstances] = deepcopy(answer), _filled(before)
        return answer
    answer, tables = _kept[circumstances]
    with transaction.atomic():
        for table in tables:
            _put_back(table)
        # What the process remembers by the stamp of that time, an earlier test may have changed.
        touch()
    return deepcopy(answer)


@cache
def _tables() -> tuple[str, ...]:
    """All but those in which SQLite keeps its full-text tables: they follow by themselves."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return tuple(sorted(names))
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        texts = [name for (name,) in cursor.fetchall()]
    shadows = {f"{name}_{kept}" for name in texts for kept in ("data", "idx", "content", "config")}
    return tuple(sorted(set(names) - shadows))


def _ground() -> Ground:
    counts = [f'(SELECT count(*) FROM "{name}")' for name in _tables()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        return tuple(cursor.fetchone())


def _read(name: str) -> tuple[list[str], Rows]:
    own = "rowid, *" if name.startswith("search_") and connection.vendor == "sqlite" else "*"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {own} FROM "{name}"')
        rows = cursor.fetchall()
        return [column[0] for column in cursor.description], rows


def _filled(before: dict[str, tuple[list[str], Rows]]) -> list[Filled]:
    after = {name: _read(name) for name in before}
    return [
        Filled(name, columns, rows, bool(before[name][1]))
        for name, (columns, rows) in after.items()
        if rows != before[name][1]
    ]


def _put_back(table: Filled) -> None:
    names = ", ".join(f'"{name}"' for name in table.columns)
    line = f"({', '.join(['%s'] * len(table.columns))})"
    size = VALUES // len(table.columns)
    with connection.cursor() as cursor:
        if table.had_rows:
            cursor.execute(f'DELETE FROM "{table.name}"')
        for start in range(0, len(table.rows), size):
            some = table.rows[start : start + size]
            cursor.execute(
                f'INSERT INTO "{table.name}" ({names}) VALUES {", ".join([line] * len(some))}',
                [value for row in some for value in row],
            )
