"""Runs one claimed job and stores how it ended, whatever the function or the database does."""

import contextvars
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import translation

from guanxi.jobs import queue
from guanxi.jobs.models import Job, State
from guanxi.jobs.registry import ENDS, KINDS, get_kind
from guanxi.jobs.run import Cancelled, Interrupted, LeaseLost, Run, Timing
from guanxi.kernel.errors import Invalid, Missing, Refused

logger = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
Settle = Callable[[], bool]


def execute(job: Job, *, timing: Timing, stopping: threading.Event) -> None:
    """Runs a job claimed in this thread. Only what no job may catch passes through."""
    run = Run(job, timing=timing, stopping=stopping)
    with _heartbeat(run, timing):
        # Nothing a job leaves in a context variable (language, actor) reaches the next one.
        settle = contextvars.Context().run(_call, run)
        if _store(settle, run, timing):
            _tell_end(run.job)


def _call(run: Run) -> Settle:
    job = run.job
    try:
        with translation.override(job.language or settings.LANGUAGE_CODE):
            result = get_kind(job.kind).function(run, **job.arguments)
            json.dumps(result)
    except Cancelled:
        return partial(queue.finish, job, State.CANCELLED, **run.columns())
    except Interrupted:
        return partial(queue.give_back, job)
    except LeaseLost:
        return lambda: False
    except PASSING as fault:
        return partial(queue.put_off, job, reason=str(fault))
    except (Exception, SystemExit) as fault:
        code, text = _reason(job, fault)
        columns = run.columns() | {"error_code": code, "error_text": text}
        return partial(queue.finish, job, State.FAILED, **columns)
    columns = run.columns() | {"result": result, "error_text": ""}
    return partial(queue.finish, job, State.DONE, **columns)


def _reason(job: Job, fault: BaseException) -> tuple[str, str]:
    if isinstance(fault, Refused):
        return fault.code, str(fault.message)
    if isinstance(fault, Invalid):
        return "invalid", " ".join(text for texts in fault.errors.values() for text in texts)
    if isinstance(fault, Missing):
        return "missing", str(fault)
    logger.error("job %s failed", job, exc_info=fault)
    return "unexpected", f"{type(fault).__name__}: {fault}"[:2000]


def _tell_end(job: Job) -> None:
    """The work is done: a fault of who listens to its end changes nothing about that."""
    known = KINDS.get(job.kind)
    if known is None or not known.page:
        return
    job.refresh_from_db()
    for function in () if job.is_active else ENDS:
        try:
            function(job)
        except Exception:
            logger.exception("who was told of the end of job %s failed", job)


def _store(settle: Settle, run: Run, timing: Timing) -> bool:
    """Tries for as long as the lease lasts; after that another worker goes on from the cursor."""
    deadline = time.monotonic() + timing.lease
    while True:
        try:
            if not settle():
                logger.warning("job %s was taken over by another worker", run.job)
                return False
            return True
        except PASSING as fault:
            logger.warning("the end of job %s can't be stored now: %s", run.job, fault)
            if time.monotonic() > deadline:
                return False
            connection.close()
            time.sleep(timing.shortest_wait)


@contextmanager
def _heartbeat(run: Run, timing: Timing) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, timing, over), name=f"lease {run.job.pk}")
    thread.daemon = True
    thread.start()
    try:
        yield
    finally:
        over.set()


def _beat(run: Run, timing: Timing, over: threading.Event) -> None:
    while not over.wait(timing.beat):
        try:
            if not queue.renew(run.job, lease=timing.lease_span) and not over.is_set():
                run.lost.set()
                break
        except PASSING as fault:
            logger.warning("the lease of job %s can't be renewed now: %s", run.job, fault)
            connection.close()
    connection.close()
