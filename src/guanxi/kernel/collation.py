"""Key columns sort by code point on PostgreSQL, too, as they do in Python and on SQLite.

Paging merges the branches of a scope in Python, so both must agree on the order of `name_key`.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

FOREIGN = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s
    AND column_name = ANY(%s) AND collation_name IS DISTINCT FROM 'C'
"""


def sort_by_code_point(**_signal: Any) -> None:
    """After every migration: gives key columns the collation "C" where they have another."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, columns in _key_columns():
            cursor.execute(FOREIGN, [table, list(columns)])
            changes = ", ".join(
                f'ALTER COLUMN {quote(name)} TYPE varchar({columns[name]}) COLLATE "C"'
                for (name,) in cursor.fetchall()
            )
            if changes:
                cursor.execute(f"ALTER TABLE {quote(table)} {changes}")


def _key_columns() -> Iterator[tuple[str, dict[str, int]]]:
    """(table, {key column: its length}) of every model that keeps sort keys beside its texts."""
    for model in apps.get_models():
        names = [
            f"{field.name}_key"
            for field in model._meta.local_fields
            if "key" in getattr(field, "companions", {})
        ]
        found: dict[str, int] = {}
        for name in names:
            key = model._meta.get_field(name)
            assert isinstance(key, models.CharField) and key.column and key.max_length
            found[key.column] = key.max_length
        if found:
            yield model._meta.db_table, found
