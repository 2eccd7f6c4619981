"""A worker of its own for the tests that kill, freeze and lock out workers.

Argument: JSON with the database's settings and the timing. Jobs count into the table `probe`.
"""

import json
import logging
import signal
import sys
import threading

import django
from django.conf import settings
from django.db import connection, transaction

OPTIONS = json.loads(sys.argv[1])
settings.configure(
    DATABASES={"default": OPTIONS["database"]},
    INSTALLED_APPS=["guanxi.kernel", "guanxi.jobs"],
    USE_TZ=True,
    LOCAL_TIME_ZONE="Asia/Shanghai",
    LANGUAGE_CODE="zh-hans",
)
django.setup()

from guanxi.jobs.registry import job  # noqa: E402
from guanxi.jobs.run import Timing  # noqa: E402
from guanxi.jobs.worker import run_worker  # noqa: E402


@job("probe.count", lane="bulk")
def count(run, *, upto, pause=0.0, step=10):
    """Writes 0, 1, 2 ... `upto` - 1, `step` numbers a transaction, `pause` seconds between."""
    start = run.cursor or 0
    while start < upto:
        run.safe_point()
        with transaction.atomic(), connection.cursor() as cursor:
            chunk = range(start, start + step)
            cursor.executemany("INSERT INTO probe (n) VALUES (%s)", [(n,) for n in chunk])
            start += step
            run.save_cursor(start, done=start, total=upto)
        threading.Event().wait(pause)
    return start


@job("probe.sleep")
def sleep(run, *, seconds):
    """Sits still without a safe point."""
    threading.Event().wait(seconds)


def main():
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(("quick", "bulk"), stop, timing=Timing(**OPTIONS["timing"]))


if __name__ == "__main__":
    main()
