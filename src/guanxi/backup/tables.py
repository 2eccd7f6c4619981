"""Which tables a backup holds, and in which state of their sequences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from guanxi.backup.neutral import kind_of

#: Made again by every migration, or worth nothing on another machine: sessions end, turns are over.
LEFT_OUT = frozenset(
    {
        "django_content_type",
        "django_session",
        "auth_permission",
        "auth_group_permissions",
        "people_signedin",
        "people_user_user_permissions",
        "search_layout",
        "jobs_turn",
    }
)
#: The very job that writes the backup must not run again after a restore.
ONLY = {"jobs_job": "NOT (kind LIKE 'backup.%%' AND state IN ('queued', 'running'))"}


@dataclass(frozen=True)
class Table:
    """`columns`: (name, kind) in the order of the rows. `key`: the primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str

    @property
    def kinds(self) -> list[str]:
        return [kind for _name, kind in self.columns]

    @property
    def names(self) -> list[str]:
        return [name for name, _kind in self.columns]


def tables() -> list[Table]:
    """Every table of the installation that can't be made anew, by name."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and not options.swapped:
            found[options.db_table] = model
    return [_table(found[name]) for name in sorted(found) if name not in LEFT_OUT]


def _table(model: Any) -> Table:
    columns = [(str(field.column), kind_of(field)) for field in model._meta.concrete_fields]
    return Table(model._meta.db_table, tuple(columns), model._meta.pk.column)


def rows_of(connection: Any, table: Table, *, chunk: int = 2_000) -> Iterator[tuple[Any, ...]]:
    """The stored rows by their key, as the driver gives them, without holding them all."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, table.names))
    where = f" WHERE {ONLY[table.name]}" if table.name in ONLY else ""
    # Names come from our models, the condition from above.
    sql = f"SELECT {names} FROM {quote(table.name)}{where} ORDER BY {order(connection, table)}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, ())
        while rows := cursor.fetchmany(chunk):
            yield from rows


def order(connection: Any, table: Table) -> str:
    """By code point on both, where the key is a text."""
    key = connection.ops.quote_name(table.key)
    is_text = dict(table.columns)[table.key] == "text"
    return f'{key} COLLATE "C"' if is_text and connection.vendor == "postgresql" else key


def count_rows(connection: Any, table: Table) -> int:
    where = f" WHERE {ONLY[table.name]}" if table.name in ONLY else ""
    quoted = connection.ops.quote_name(table.name)
    return _one(connection, f"SELECT count(*) FROM {quoted}{where}", ()) or 0  # noqa: S608


def last_id(connection: Any, table: Table) -> int:
    """The highest id ever given, also to a row that is gone: the journal may still name it."""
    if dict(table.columns)[table.key] != "int":
        return 0
    if connection.vendor == "sqlite":
        sql = "SELECT seq FROM sqlite_sequence WHERE name = %s"
        return _one(connection, sql, [table.name]) or 0
    sequence = _sequence(connection, table)
    if not sequence:
        return 0
    # The name comes from the catalogue, quoted as it must be.
    sql = f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}"  # noqa: S608
    return _one(connection, sql, ()) or 0


def set_last_id(connection: Any, table: Table, value: int) -> None:
    """The next row gets an id above `value`."""
    if not value:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)"
            cursor.execute(sql, [table.name, value])
        elif sequence := _sequence(connection, table):
            cursor.execute("SELECT setval(%s, %s)", [sequence, value])


def _sequence(connection: Any, table: Table) -> str | None:
    sql = "SELECT pg_get_serial_sequence(%s, %s)"
    return _one(connection, sql, [connection.ops.quote_name(table.name), table.key])


def _one(connection: Any, sql: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None
