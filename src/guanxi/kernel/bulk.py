"""Inserting many rows at once: ids taken beforehand, one statement per table and chunk.

Django's bulk_create spends more time on assembling SQL than the database on carrying it out; an
import writes eight rows for every customer. Values are prepared by the fields themselves, those
that need no preparing are passed on. PostgreSQL takes the rows by COPY: for those of an import a
third of the time of as many INSERTs, on both sides.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.fields import NOT_PROVIDED

Prepare = Callable[[Any], Any]
TEXTS = frozenset({"CharField", "TextField"})
NUMBERS = frozenset(
    {
        "AutoField",
        "BigAutoField",
        "BigIntegerField",
        "IntegerField",
        "PositiveBigIntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SmallIntegerField",
    }
)


def fresh(model: Any) -> Any:
    """A new record as `model()` makes it, without working out every default again."""
    found = _defaults(model)
    if found is None:
        return model()
    values, mutable = found
    record = model.__new__(model)
    record.__dict__.update(values)
    for name in mutable:
        record.__dict__[name] = values[name].copy()
    record._state = ModelState()
    return record


@lru_cache
def _defaults(model: Any) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """What a new record holds and which of it is copied; None where it depends on the moment."""
    for field in model._meta.concrete_fields:
        if callable(field.default) and field.default not in (list, dict, NOT_PROVIDED):
            return None
    values = {name: value for name, value in model().__dict__.items() if name != "_state"}
    return values, tuple(name for name, value in values.items() if type(value) in (list, dict))


#: Chinese as it is: escaped it would be twice as long, and the journal is a third of the database.
_to_json = json.JSONEncoder(ensure_ascii=False).encode


class Encoded(str):
    """JSON text that stands for the value of a JSON column."""


def encode(value: Mapping[str, Any]) -> Encoded:
    return Encoded(_to_json(value))


def join(text: Encoded, more: Mapping[str, Any]) -> Encoded:
    """Both objects as one; they have no key in common."""
    if not more:
        return text
    added = encode(more)
    return added if text == "{}" else Encoded(f"{text[:-1]}, {added[1:]}")


class Drafts:
    """Rows of new records, prepared before the transaction that inserts them."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Any]] = {}
        self._late: dict[Any, tuple[str, ...]] = {}

    def add(self, records: Sequence[models.Model], late: Iterable[str]) -> None:
        """Prepares records of one model. `late`: attributes that get their value only when the
        record is inserted, besides its id; what else changes after this is not stored."""
        if not records:
            return
        model = type(records[0])
        self._late[model] = (model._meta.pk.attname, *late)
        self._rows.update(zip(map(id, records), map(list, _rows_of(model, records)), strict=True))

    def rows_of(self, records: Sequence[models.Model]) -> list[list[Any]] | None:
        """The rows of records of one model, if each of them has been prepared."""
        rows = [self._rows.get(id(record)) for record in records]
        if None in rows:
            return None
        model = type(records[0])
        prepares = _prepares(model, connection.vendor)
        names = list(prepares)
        for name in self._late[model]:
            place, prepare = names.index(name), prepares[name]
            values = [record.__dict__[name] for record in records]
            for row, value in zip(rows, map(prepare, values) if prepare else values, strict=True):
                row[place] = value  # type: ignore[index]
        return rows  # type: ignore[return-value]


def insert_records(records: Sequence[models.Model], drafts: Drafts | None = None) -> None:
    """Inserts new records of one model as they are and gives those without an id theirs.

    The transaction is the caller's. Nothing is checked, no default is computed.
    """
    if not records:
        return
    model = type(records[0])
    key = model._meta.pk.attname
    fresh = [values for record in records if (values := record.__dict__)[key] is None]
    for values, number in zip(fresh, take_ids(model, len(fresh)), strict=True):
        values[key] = number
    rows = drafts.rows_of(records) if drafts is not None else None
    names = list(_prepares(model, connection.vendor))
    _insert_rows(model, names, _rows_of(model, records) if rows is None else rows)
    alias = connection.alias
    for record in records:
        state = record._state
        state.adding, state.db = False, alias


def insert_values(model: Any, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    """Inserts rows given as values of the attributes `names`; returns their ids (of an own id
    column)."""
    if not rows:
        return []
    key, columns = model._meta.pk, list(zip(*rows, strict=True))
    if key.remote_field:
        _insert_rows(model, names, _prepared(model, names, columns))
        return []
    numbers = take_ids(model, len(rows))
    names = [key.attname, *names]
    _insert_rows(model, names, _prepared(model, names, [numbers, *columns]))
    return numbers


def take_ids(model: Any, count: int) -> list[int]:
    """Ids nobody else will get. On SQLite the transaction holds the lock of writing."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', model._meta.pk.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return list(range(last + 1, last + count + 1))


def _rows_of(model: Any, records: Sequence[models.Model]) -> list[tuple[Any, ...]]:
    names = list(_prepares(model, connection.vendor))
    held = [record.__dict__ for record in records]
    return _prepared(model, names, zip(*map(itemgetter(*names), held), strict=True))


def _prepared(
    model: Any, names: Sequence[str], columns: Iterable[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Rows of values given column by column: a column that needs no preparing costs nothing."""
    prepares = _prepares(model, connection.vendor)
    return list(
        zip(
            *(
                map(prepare, values) if (prepare := prepares[name]) else values
                for name, values in zip(names, columns, strict=True)
            ),
            strict=True,
        )
    )


def _insert_rows(model: Any, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    named = ", ".join(quote(fields[name].column) for name in names)
    table = f"{quote(model._meta.db_table)} ({named})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, rows)
        else:
            signs = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} VALUES ({signs})", rows)  # noqa: S608


def _copy(cursor: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Faults come as those of any other statement: IntegrityError and the like."""
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache
def _prepares(model: Any, vendor: str) -> dict[str, Prepare | None]:
    """{attribute: how its value is prepared or None} of every column."""
    return {field.attname: _prepare(field, vendor) for field in model._meta.concrete_fields}


def _prepare(field: Any, vendor: str) -> Prepare | None:
    if isinstance(field, models.ForeignKey):
        return None
    kind = field.get_internal_type()
    stock = getattr(models, kind, None)
    is_stock = stock is not None and type(field).get_prep_value is stock.get_prep_value
    if kind in NUMBERS and is_stock:
        return None
    if kind in TEXTS and is_stock:
        # SQLite takes members of a TextChoices for the texts they are.
        return None if vendor == "sqlite" else _text
    if kind == "BooleanField" and is_stock:
        return None
    if kind == "DateTimeField":
        return _moments(field)
    return _json(field) if isinstance(field, models.JSONField) else _by_field(field)


def _text(value: Any) -> Any:
    return value if value is None or type(value) is str else str(value)


def _moments(field: Any) -> Prepare:
    """All rows of a chunk carry the same moment."""
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        if value not in known:
            known.clear()
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return prepare


def _json(field: models.JSONField) -> Prepare:
    """Plain data only; most records have nothing in it."""
    adapt, encoder = connection.ops.adapt_json_value, field.encoder
    empty = adapt({}, encoder)

    def prepare(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is Encoded:
            return str(value)
        return empty if value == {} else adapt(value, encoder)

    return prepare


def _by_field(field: Any) -> Prepare:
    def prepare(value: Any) -> Any:
        return None if value is None else field.get_db_prep_save(value, connection)

    return prepare
