"""Typed access to a key of `Record.extra` for queries: `extra__f12__as_whole`.

Every expression gives the same values on SQLite and PostgreSQL, sorts by code point, and can stand
in an index: keys are literals, casts immutable. Texts and yes/no are never NULL, as native columns.
"""

import re

from django.db.models import BigIntegerField, BooleanField, DateField, TextField, Transform
from django.db.models.fields.json import KeyTransform

from guanxi.kernel.fields import Money

EXTRA_PATH = re.compile(r"f[1-9][0-9]{0,17}")
JSON_KEY = re.compile(r"[fk][1-9][0-9]{0,17}")


def is_extra(path: str) -> bool:
    """Whether this is the path of a custom field, such as "f12"."""
    return path[-1:].isdigit() and EXTRA_PATH.fullmatch(path) is not None


def sort_key(path: str) -> str:
    """Where the JSON column keeps the pinyin of a custom text, by which lists sort: "k12"."""
    return f"k{path[1:]}"


class _Typed(Transform):
    on_sqlite = on_postgresql = "{}"

    def as_sql(self, compiler, connection, **_context):
        key = self.lhs.key_name
        if isinstance(self.lhs.lhs, KeyTransform) or not JSON_KEY.fullmatch(key):
            raise ValueError(f"{key} is no key of a custom value.")
        column, params = compiler.compile(self.lhs.lhs)
        if connection.vendor == "postgresql":
            return self.on_postgresql.format(f"({column} ->> '{key}')"), params
        return self.on_sqlite.format(f"json_extract({column}, '$.{key}')"), params


class AsText(_Typed):
    lookup_name = "as_text"
    output_field = TextField()
    on_sqlite = "COALESCE({}, '')"
    on_postgresql = "(COALESCE({}, '') COLLATE \"C\")"


class AsWhole(_Typed):
    lookup_name = "as_whole"
    output_field = BigIntegerField()
    on_postgresql = "({})::bigint"


class AsDecimal(_Typed):
    """Kept as an integer of 1/10,000: SQLite would add fractions up as floats."""

    lookup_name = "as_decimal"
    output_field = Money("")
    on_postgresql = "({})::bigint"


class AsDay(_Typed):
    lookup_name = "as_day"
    output_field = DateField()

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        if connection.vendor != "postgresql":
            return sql, params
        # A cast from text to date depends on the session and can't stand in an index.
        parts = ", ".join(f"substr({sql}, {at}, {n})::int" for at, n in ((1, 4), (6, 2), (9, 2)))
        return f"make_date({parts})", [*params] * 3


class AsFlag(_Typed):
    lookup_name = "as_flag"
    output_field = BooleanField()
    on_sqlite = "COALESCE({}, 0)"
    on_postgresql = "COALESCE(({})::boolean, false)"


def register() -> None:
    for transform in (AsText, AsWhole, AsDecimal, AsDay, AsFlag):
        KeyTransform.register_lookup(transform)
