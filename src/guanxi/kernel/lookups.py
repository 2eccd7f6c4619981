"""Lookups that answer alike on SQLite and PostgreSQL: ASCII letters of text match in either case.

SQLite's LIKE folds ASCII only, PostgreSQL's ILIKE folds every alphabet; with collation "C"
PostgreSQL folds ASCII only, too.
"""

import unicodedata

from django.db.models import CharField, Lookup, TextField

from guanxi.kernel.text import escape_like

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def ascii_lower(text: str) -> str:
    return text.translate(_LOWER)


def both_widths(text: str) -> tuple[str, ...]:
    """The text as typed and its NFKC form, without repeating."""
    return tuple(dict.fromkeys((text, unicodedata.normalize("NFKC", text))))


class _Like(Lookup):
    pattern = "{}"
    prepare_rhs = False

    def _sides(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        return lhs, [*lhs_params, self.pattern.format(escape_like(str(self.rhs)))]

    def as_sql(self, compiler, connection):
        lhs, params = self._sides(compiler, connection)
        return f"{lhs} LIKE %s ESCAPE '\\'", params

    def as_postgresql(self, compiler, connection):
        lhs, params = self._sides(compiler, connection)
        return f'lower({lhs} COLLATE "C") LIKE lower(%s COLLATE "C") ESCAPE \'\\\'', params


class Has(_Like):
    lookup_name = "has"
    pattern = "%{}%"


class Begins(_Like):
    lookup_name = "begins"
    pattern = "{}%"


def register() -> None:
    """Makes the lookups known to every text column."""
    for field in (CharField, TextField):
        field.register_lookup(Has)
        field.register_lookup(Begins)


class Marks(Lookup):
    """A tag list holds exactly this tag."""

    lookup_name = "marks"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        at = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{at}({lhs}, %s) > 0", [*params, f"|{self.rhs}|"]
