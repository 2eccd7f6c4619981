"""One moment of the whole database, read while people go on working."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as present


@contextmanager
def frozen() -> Iterator[Any]:
    """A connection of its own that sees the database as it is now until the block ends.

    SQLite: a read transaction of WAL; writers are not kept waiting, the log grows meanwhile.
    PostgreSQL: REPEATABLE READ, READ ONLY.
    """
    copy = present.copy()
    try:
        copy.ensure_connection()
        if copy.vendor == "sqlite":
            _freeze_sqlite(copy)
        else:
            copy.set_autocommit(False)
            with copy.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield copy
    finally:
        # Nothing was written: closing ends the transaction.
        copy.close()


def _freeze_sqlite(copy: Any) -> None:
    with copy.cursor() as cursor:
        cursor.execute("BEGIN")
        # The moment is that of the first read, not that of BEGIN.
        cursor.execute("SELECT count(*) FROM sqlite_master")
        cursor.fetchone()
