"""Expression indexes for the custom fields that are query conditions.

They are none of Django's migrations: which ones there should be is data. What is missing is built,
what is too much removed, whenever a definition changes and after every migration (SQLite loses
them where a migration rebuilds the table).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.sql import Query

from guanxi.kernel import registry
from guanxi.kernel.spec import Spec

PREFIX = "gx_"
#: Long texts would not fit into a page of an index, yes and no would not narrow anything.
INDEXED = frozenset({"text", "integer", "decimal", "date", "choice"})
LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' "
    "AND name LIKE 'gx\\_%' ESCAPE '\\'",
    "postgresql": "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE 'gx\\_%' "
    "AND i.indisvalid",
}


@dataclass(frozen=True)
class Wanted:
    """An index on one expression: the value itself, or the pinyin by which lists sort a text."""

    spec: Spec
    orm: str

    @property
    def name(self) -> str:
        key = self.orm.split("__")[1]
        return f"{PREFIX}{self.spec.model._meta.db_table[:40]}_{key}"

    def sql(self) -> str:
        """The statement that builds it; order and comparison both use the expression."""
        model: Any = self.spec.model
        query = Query(model, alias_cols=False)
        expression = F(self.orm).resolve_expression(query, allow_joins=False)
        column, _no_parameters = query.get_compiler(connection.alias).compile(expression)
        table = connection.ops.quote_name(model._meta.db_table)
        return f"INDEX {_concurrently()} IF NOT EXISTS {self.name} ON {table} (({column}), id)"


def missing() -> list[Wanted]:
    held = _held()
    return [one for one in _wanted() if one.name not in held]


def needless() -> list[str]:
    return sorted(_held() - {one.name for one in _wanted()})


def build(index: Wanted) -> None:
    """On PostgreSQL nobody waits; on SQLite savers wait, about 3 s for a million rows."""
    drop(index.name)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE {index.sql()}")


def drop(name: str) -> None:
    """Also what an interrupted build has left behind."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {_concurrently()} IF EXISTS {connection.ops.quote_name(name)}")


def _concurrently() -> str:
    free = connection.vendor == "postgresql" and not connection.in_atomic_block
    return "CONCURRENTLY" if free else ""


def _wanted() -> Iterator[Wanted]:
    for spec in registry.specs():
        for extra in registry.custom_fields(spec.key).values():
            if extra.asked and extra.kind.name in INDEXED:
                for orm in sorted({extra.orm, extra.sort}):
                    yield Wanted(spec, orm)


def _held() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(LISTED[connection.vendor])
        return {name for (name,) in cursor.fetchall()}
