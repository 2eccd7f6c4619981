"""Django's SQLite with a quicker ear for the lock of writing.

SQLite's own waiting asks ten times a second once it has waited a while: whoever writes in bulk
had to pause for so long each time somebody else was to get in. Here it is asked every few
milliseconds.
"""

import sqlite3
import time
from typing import Any

from django.db.backends.sqlite3 import base

#: Seconds between two attempts, at first and at most. `jobs.run.Timing.breath` is longer.
SOON, AT_MOST = 0.001, 0.004
#: The low byte of an error code is its kind: SQLITE_BUSY_RECOVERY and others are SQLITE_BUSY.
KIND = 0xFF


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """`timeout` of the options is what `Cursor` waits; the connection itself doesn't."""
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> "Cursor":
        cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        return cursor


class Cursor(base.SQLiteCursorWrapper):
    """Tries again what found the database locked; within a transaction that cannot be."""

    patience: float = 0

    def execute(self, query: str, params: Any = None) -> Any:
        """Raises OperationalError when `patience` seconds were not enough."""
        began, pause = time.monotonic(), SOON
        while True:
            try:
                return super().execute(query, params)
            except sqlite3.OperationalError as fault:
                if not self._may_pass(fault) or time.monotonic() - began > self.patience:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, AT_MOST)

    def _may_pass(self, fault: sqlite3.OperationalError) -> bool:
        is_busy = fault.sqlite_errorcode & KIND == sqlite3.SQLITE_BUSY
        return is_busy and not self.connection.in_transaction
