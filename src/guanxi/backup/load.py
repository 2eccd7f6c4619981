"""Rows into tables of either database, and back out of them for comparison."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from guanxi.backup.archive import TableEntry
from guanxi.backup.neutral import Sum, read_rows, write_rows
from guanxi.backup.tables import Table, rows_of, set_last_id
from guanxi.kernel.errors import Refused

CHUNK = 2_000
OURS = ("django_", "search_")
ALONE = ("cache",)


def drop_everything() -> None:
    """Every table of the installation. On PostgreSQL tables of others in the same schema stay."""
    with connection.cursor() as cursor:
        for name in _tables_of_ours(cursor):
            more = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}{more}")


def _tables_of_ours(cursor: Any) -> list[str]:
    if connection.vendor == "sqlite":
        # Virtual tables first: the tables below them go along.
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%' "
            "ORDER BY sql NOT LIKE 'CREATE VIRTUAL%%', name",
            (),
        )
        return [name for (name,) in cursor.fetchall()]
    labels = tuple(f"{config.label}_" for config in apps.get_app_configs())
    names = connection.introspection.table_names(cursor)
    return [name for name in names if name in ALONE or name.startswith((*OURS, *labels))]


def load_table(entry: TableEntry, rows: Iterator[list[Any]], count: Callable[[int], None]) -> None:
    """Inserts neutral rows; `count` hears how many came in. Raises Refused where one won't go in."""
    table = entry.table
    ready = write_rows(rows, table.kinds, connection.vendor)
    insert = _copy if connection.vendor == "postgresql" else _insert
    try:
        while chunk := list(islice(ready, CHUNK)):
            insert(table, chunk)
            count(len(chunk))
    except (DatabaseError, UnicodeError, ValueError, OverflowError) as fault:
        text = _("A row of %(table)s can't be kept in this database: %(why)s")
        why = " ".join(str(fault).split())
        raise Refused(text % {"table": entry.name, "why": why}, code="row") from fault
    set_last_id(connection, table, entry.last_id)


def _insert(table: Table, rows: list[list[Any]]) -> None:
    names = ", ".join(map(connection.ops.quote_name, table.names))
    signs = ", ".join(["%s"] * len(table.names))
    name = connection.ops.quote_name(table.name)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({signs})", rows)  # noqa: S608


def _copy(table: Table, rows: list[list[Any]]) -> None:
    names = ", ".join(map(connection.ops.quote_name, table.names))
    name = connection.ops.quote_name(table.name)
    sql = f"COPY {name} ({names}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(sql) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def sum_of_stored(entry: TableEntry) -> Sum:
    """The checksum of what lies in the table now."""
    table = entry.table
    total = Sum(table.kinds)
    for row in read_rows(rows_of(connection, table), table.kinds):
        total.add(row)
    return total


def check_links() -> None:
    """Raises IntegrityError where a row points at none; lets tables be changed afterwards."""
    if connection.vendor == "sqlite":
        connection.check_constraints()
    else:
        _constraints("IMMEDIATE")
        look_at_links_later()


def look_at_links_later() -> None:
    """Rows may come before those they point at; migrations leave some constraints immediate."""
    if connection.vendor == "postgresql":
        _constraints("DEFERRED")


def _constraints(when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")
