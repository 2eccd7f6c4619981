"""SQLite's write-ahead log copied back into the database by a thread of its own.

Left to SQLite, whoever commits once the log is long does it: an import waited a sixth of its time
for the disk, and now and then somebody's save did.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SECONDS_BETWEEN = 1.0


def copy_back() -> bool:
    """Copies what no reader needs in the log; nobody has to wait meanwhile.

    Returns False: it is enough to be called again in a while (`worker.add_ticker`).
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return False


@contextmanager
def copying_back() -> Iterator[None]:
    """For bulk work that no worker stands beside, such as an import on the command line."""
    if connection.vendor != "sqlite":
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_until, args=(ended,), name="checkpoints", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _until(ended: threading.Event) -> None:
    try:
        while not ended.wait(SECONDS_BETWEEN):
            copy_back()
    finally:
        connection.close()
