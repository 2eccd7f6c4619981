"""The loops of a worker process: one thread per lane, one per ticker."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db import close_old_connections, connection

from guanxi.jobs import queue
from guanxi.jobs.execute import PASSING, execute
from guanxi.jobs.models import Job, Lane
from guanxi.jobs.run import Timing
from guanxi.jobs.turns import end_turns_of, take_turn

logger = logging.getLogger(__name__)

LANES = (Lane.QUICK.value, Lane.BULK.value)
Step = Callable[[], Any]

_tickers: list[Step] = []


def add_ticker(function: Step) -> Step:
    """Has `function()` called again and again beside the quick lane, each in its own thread.

    It returns something true when there was work: then it is called again at once, otherwise
    after 0.2 to 1 second. Of all workers of the installation one has the turn; a call should
    take seconds, not minutes (`Timing.lease`), or another worker thinks this one dead.
    """
    if function not in _tickers:
        _tickers.append(function)
    return function


def worker_name(pid: int | None = None) -> str:
    return f"{socket.gethostname()}:{pid or os.getpid()}"


def run_worker(
    lanes: Sequence[str], stop: threading.Event, *, timing: Timing | None = None
) -> None:
    """Works until `stop` is set and what runs has reached a safe point."""
    timing = timing or Timing()
    steps = {f"{lane} lane": _lane_step(lane, stop, timing) for lane in lanes}
    if Lane.QUICK in lanes:
        steps |= {f"ticker {_path(ticker)}": _in_turn(ticker, timing) for ticker in _tickers}
    threads = [
        threading.Thread(target=poll, args=(step, stop), kwargs={"timing": timing}, name=name)
        for name, step in steps.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        # With a time limit, since a wait without one holds signals back on Windows.
        while thread.is_alive():
            thread.join(0.5)
    with suppress(*PASSING):
        end_turns_of(worker_name())
    connection.close()


def continue_for(pid: int) -> None:
    """Takes over from a worker of this machine known to be dead, instead of waiting for it."""
    queue.expire_leases_of(worker_name(pid))
    end_turns_of(worker_name(pid))


def poll(step: Step, stop: threading.Event, *, timing: Timing) -> None:
    """Calls `step()` until `stop` is set: at once after work, less and less often without.

    Whatever goes wrong in a step is logged and tried again; a database that is locked or away
    never ends the loop.
    """
    wait = trouble = timing.shortest_wait
    while not stop.is_set():
        try:
            close_old_connections()
            worked = step()
        except Exception as fault:
            _log_trouble(fault)
            connection.close()
            stop.wait(trouble)
            trouble = min(trouble * 2, timing.longest_trouble)
            continue
        trouble = timing.shortest_wait
        if worked:
            wait = timing.shortest_wait
        else:
            stop.wait(wait)
            wait = min(wait * 1.5, timing.longest_wait)
    connection.close()


def drain(lanes: Sequence[str] = LANES, *, timing: Timing | None = None) -> int:
    """Does what is due, in this thread, until nothing is left; returns how many jobs were done."""
    count = 0
    timing, stopping = timing or Timing(), threading.Event()
    while job := _claim_any(lanes, timing):
        execute(job, timing=timing, stopping=stopping)
        count += 1
    return count


def _claim_any(lanes: Sequence[str], timing: Timing) -> Job | None:
    found = (queue.claim(lane, worker_name(), lease=timing.lease_span) for lane in lanes)
    return next((job for job in found if job), None)


def _lane_step(lane: str, stop: threading.Event, timing: Timing) -> Step:
    owner, tidied = worker_name(), float("-inf")

    def step() -> bool:
        nonlocal tidied
        if time.monotonic() - tidied >= timing.beat / 2:
            tidied = time.monotonic()
            if count := queue.requeue_expired():
                logger.warning("%d jobs of a silent worker were taken back", count)
        job = queue.claim(lane, owner, lease=timing.lease_span)
        if job:
            execute(job, timing=timing, stopping=stop)
        return job is not None

    return step


def _in_turn(ticker: Step, timing: Timing) -> Step:
    owner, next_asking = worker_name(), float("-inf")

    def step() -> Any:
        nonlocal next_asking
        if time.monotonic() >= next_asking:
            if not take_turn(_path(ticker), owner, span=timing.lease_span):
                return False
            next_asking = time.monotonic() + timing.beat
        return ticker()

    return step


def _path(ticker: Step) -> str:
    return f"{ticker.__module__}.{ticker.__qualname__}"


def _log_trouble(fault: Exception) -> None:
    if isinstance(fault, PASSING):
        logger.warning("the database can't be used now, trying again: %s", fault)
    else:
        logger.error("a step of the worker failed, trying again", exc_info=fault)
