"""The tables that hold documents: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Names of tables come from `layout.table_of` and stand in the statements; every value is a parameter.
"""
# ruff: noqa: S608

import json
import math
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import F, Lookup

from guanxi.search.tokens import fts5_match, tsquery

Document = tuple[int, str]
Values = Sequence[str | list[int]]
Terms = Sequence[Sequence[str]]
#: Hits of n rows are many from sqrt(WALK * n) on: docs/decisions/0005-search.md.
WALK_ON_SQLITE, WALK_ON_POSTGRES = 40, 80
FEW = 200


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def exists(table: str) -> bool:
    if on_postgres():
        return _one("SELECT to_regclass(%s) IS NOT NULL", [table])
    return _one("SELECT count(*) FROM sqlite_master WHERE name = %s", [table])


def is_empty(table: str) -> bool:
    return not _one(f"SELECT EXISTS (SELECT 1 FROM {table} LIMIT 1)", [])


def create(table: str) -> None:
    if on_postgres():
        _run(f"CREATE TABLE {table} (id bigint PRIMARY KEY, tokens tsvector NOT NULL)")
        # Whoever fills the list of pending entries writes them all: 4 MB take half a second.
        _run(
            f"CREATE INDEX {table}_tokens ON {table} USING gin (tokens) "
            "WITH (gin_pending_list_limit = 512)"
        )
        # By default the planner knows 1,000 tokens and believes all others to be frequent.
        _run(f"ALTER TABLE {table} ALTER tokens SET STATISTICS 500")
    else:
        # An ordinary table, not a contentless one: before SQLite 3.43 those forget a row only when
        # told its old tokens.
        options = "tokenize='ascii', detail=none, columnsize=0"
        _run(f"CREATE VIRTUAL TABLE {table} USING fts5(body, {options})")


def put(table: str, documents: Sequence[Document]) -> None:
    """Writes documents in place of those with the same ids."""
    if not documents:
        return
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(
                f"INSERT INTO {table} (id, tokens) "
                "SELECT id, array_to_tsvector(string_to_array(body, ' ')) "
                "FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, body) "
                "ON CONFLICT (id) DO UPDATE SET tokens = EXCLUDED.tokens",
                [list(column) for column in zip(*documents, strict=True)],
            )
        else:
            statement = f"INSERT OR REPLACE INTO {table} (rowid, body) VALUES (%s, %s)"
            cursor.executemany(statement, documents)


def drop(table: str, ids: Sequence[int]) -> None:
    if on_postgres():
        _run(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])
    else:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [[one] for one in ids])


def clear(table: str) -> None:
    if on_postgres():
        _run(f"TRUNCATE {table}")
        return
    # Emptying an FTS5 table row by row would read every document.
    with transaction.atomic():
        _run(f"DROP TABLE {table}")
        create(table)


def settle(table: str) -> None:
    """After many writes: what makes the next searches quick."""
    if on_postgres():
        _run(f"ANALYZE {table}")
    else:
        _run(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


class Among(Lookup):
    """The id on the left belongs to a document that matches. `rhs`: (table, query, is frequent).

    Few hits are listed first and their rows sorted. Where many match, a walk through the rows in
    their order meets a page of hits sooner. Each database would choose wrongly by itself.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        table, query, is_frequent = self.rhs
        left, values = self.process_lhs(compiler, connection)
        # Unary plus: SQLite can't start at the hits, as it should for a page and not for a count.
        sign = "+" if is_frequent and compiler.query.is_sliced else ""
        return f"{sign}{left} IN ({_select(table)})", [*values, query]

    def as_postgresql(self, compiler, connection):
        table, query, is_frequent = self.rhs
        left, values = self.process_lhs(compiler, connection)
        # OFFSET 0: the hits are listed by the index, whatever the planner expects of the walk.
        first = "" if is_frequent else " OFFSET 0"
        return f"{left} IN ({_select(table)}{first})", [*values, query]


def matching(table: str, terms: Terms) -> Among:
    """The condition that a row's document matches."""
    query = _query(terms)
    count = _estimated if on_postgres() else _counted
    return Among(F("pk"), (table, query, count(table, query)))


def _counted(table: str, query: str) -> bool:
    """Whether more documents match than are worth sorting, by counting up to there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {table}_content")
        limit = math.isqrt(WALK_ON_SQLITE * (cursor.fetchone()[0] or 0))
        if limit < FEW:
            return False
        cursor.execute(f"SELECT count(*) FROM ({_select(table)} LIMIT {limit})", [query])
        return cursor.fetchone()[0] == limit


def _estimated(table: str, query: str) -> bool:
    """The same by PostgreSQL's statistics: counting would read every hit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [table])
        limit = math.isqrt(WALK_ON_POSTGRES * max(0, int(cursor.fetchone()[0])))
        if limit < FEW:
            return False
        cursor.execute(f"EXPLAIN (FORMAT JSON) {_select(table)}", [query])
        (plan,) = cursor.fetchone()
        found = json.loads(plan) if isinstance(plan, str) else plan
        return found[0]["Plan"]["Plan Rows"] > limit


def tables_with_hits(asked: Sequence[tuple[str, Terms]]) -> list[bool]:
    """For each table and its terms whether anything matches: one statement for all of them."""
    if not asked:
        return []
    # A materialized table is planned as if all of it were read and yet stops at the first row: the
    # planner would else read whole tables for rare words, hoping to meet one soon.
    hint = "MATERIALIZED " if on_postgres() else ""
    hits = ", ".join(f"h{at} AS {hint}({_select(table)})" for at, (table, _) in enumerate(asked))
    columns = ", ".join(f"EXISTS (SELECT 1 FROM h{at})" for at in range(len(asked)))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {hits} SELECT {columns}", [_query(terms) for _table, terms in asked])
        return [bool(hit) for hit in cursor.fetchone()]


def _select(table: str) -> str:
    if on_postgres():
        return f"SELECT id FROM {table} WHERE tokens @@ %s::tsquery"
    return f"SELECT rowid FROM {table} WHERE {table} MATCH %s"


def _query(terms: Terms) -> str:
    return tsquery(terms) if on_postgres() else fts5_match(terms)


def _run(statement: str, values: Values = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _one(statement: str, values: Values) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.fetchone()[0])
