"""What a job function sees of its job while it runs."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from guanxi.jobs import queue
from guanxi.jobs.models import Job


# BaseException, as asyncio's: a job that refuses row by row with `except Exception` must still end.
class Cancelled(BaseException):
    """Somebody cancelled the job."""


class Interrupted(BaseException):
    """This worker is stopping; another one goes on from the cursor."""


class LeaseLost(BaseException):
    """Another worker has the job; nothing more may be written for it here."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds. A worker renews its lease every `beat`; who is silent for `lease` loses the job.

    Progress is written every `report`, a wish to cancel looked for every `look`. `breath` is the
    pause of a bulk job between chunks on SQLite: savers ask for the lock every few milliseconds.
    """

    lease: float = 60
    beat: float = 10
    shortest_wait: float = 0.2
    longest_wait: float = 1
    longest_trouble: float = 30
    report: float = 0.5
    look: float = 0.2
    breath: float = 0.02

    @property
    def lease_span(self) -> timedelta:
        return timedelta(seconds=self.lease)


class Run:
    """Handed to every job function as its first argument. `cursor` is where to go on, or None."""

    def __init__(
        self, job: Job, *, timing: Timing | None = None, stopping: threading.Event | None = None
    ) -> None:
        self.job = job
        self.cursor: Any = job.cursor
        self.person_id = job.person_id
        self.lost = threading.Event()
        self._timing = timing or Timing()
        self._stopping = stopping or threading.Event()
        self._first_done = job.done
        self._paced: tuple[float, int] | None = None
        self._reported = self._looked = float("-inf")
        self._cancelled = job.cancel_requested

    def __reduce__(self) -> Any:
        """Sent to another process it reports to the same job there."""
        return partial(Run, timing=self._timing), (self.job,)

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Reports how far the job is; call it as often as you like.

        Inside a transaction it is kept for the next `save_cursor()`: the row stays unlocked.
        """
        self._note(done, total, message)
        if connection.in_atomic_block:
            return
        if time.monotonic() - self._reported >= self._timing.report:
            self._write()

    def save_cursor(
        self, cursor: Any, *, done: int | None = None, total: int | None = None, message: str = ""
    ) -> None:
        """Remembers where to go on: JSON values, committed with the caller's transaction.

        Call it last in the chunk's transaction. Raises LeaseLost, which rolls the chunk back.
        """
        self._note(self.job.done if done is None else done, total, message)
        self._write(cursor=cursor, attempts=1)
        self.cursor = cursor

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the job to end; looks at the row at most 5 times a second."""
        if not self._cancelled and time.monotonic() - self._looked >= self._timing.look:
            self._looked = time.monotonic()
            self._cancelled = Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists()
        return self._cancelled

    def safe_point(self) -> None:
        """Call between chunks, outside a transaction: here a job may end or let others write.

        Raises Cancelled, Interrupted or LeaseLost; let them pass.
        """
        if self.lost.is_set():
            raise LeaseLost
        if self.cancelled:
            raise Cancelled
        if self._stopping.is_set():
            raise Interrupted
        if self.job.lane == "bulk" and connection.vendor == "sqlite":
            self._stopping.wait(self._timing.breath)

    def columns(self) -> dict[str, Any]:
        """The progress as last reported, for the row."""
        return {name: getattr(self.job, name) for name in ("done", "total", "message")}

    def _note(self, done: int, total: int | None, message: str) -> None:
        self.job.done = done
        self.job.total = self.job.total if total is None else total
        self.job.message = str(message)[:500] or self.job.message
        self.job.expected_end = self._expected_end()

    def _expected_end(self) -> datetime | None:
        """From the pace since something was first done: what was made ready before it says little."""
        done, total = self.job.done, self.job.total
        if not total or done <= self._first_done:
            return None
        now = time.monotonic()
        since, already = self._paced = self._paced or (now, done)
        if done <= already:
            return None
        seconds = (now - since) * max(total - done, 0) / (done - already)
        return timezone.now() + timedelta(seconds=min(seconds, 30 * 86400))

    def _write(self, **columns: Any) -> None:
        columns |= self.columns() | {"expected_end": self.job.expected_end}
        if not queue.renew(self.job, lease=self._timing.lease_span, **columns):
            self.lost.set()
            raise LeaseLost
        self._reported = time.monotonic()
