import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from guanxi.jobs import worker
from guanxi.jobs.run import Timing
from guanxi.jobs.turns import end_turns_of, take_turn
from guanxi.jobs.worker import add_ticker, poll, run_worker

FAST = Timing(shortest_wait=0.001, longest_wait=0.002, longest_trouble=0.002)


def test_loop_outlives_every_fault(caplog):
    stop, faults = threading.Event(), [OperationalError("locked"), KeyError("x")]

    def step():
        if faults:
            raise faults.pop(0)
        stop.set()

    poll(step, stop, timing=FAST)
    assert "locked" in caplog.text
    assert "KeyError" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_tickers_run_beside_the_quick_lane_only(monkeypatch):
    monkeypatch.setattr(worker, "_tickers", [])
    monkeypatch.setattr(worker, "_lane_step", lambda lane, stop, timing: lambda: ticked.wait(1))
    ticked, stop = threading.Event(), threading.Event()

    @add_ticker
    def tick():
        ticked.set()
        stop.set()

    run_worker(("quick",), stop, timing=FAST)
    assert ticked.is_set()
    assert add_ticker(tick) is tick
    assert worker._tickers == [tick]
    ticked.clear()
    stop.set()
    run_worker(("bulk",), stop, timing=FAST)
    assert not ticked.is_set()


@pytest.mark.django_db
@pytest.mark.postgres
def test_one_process_at_a_time_has_the_turn():
    minute, over = timedelta(minutes=1), timedelta(seconds=-1)
    assert take_turn("outbox", "first", span=minute)
    assert not take_turn("outbox", "second", span=minute)
    assert take_turn("outbox", "first", span=over)
    assert take_turn("outbox", "second", span=minute)
    assert not take_turn("outbox", "first", span=minute)
    assert end_turns_of("second") == 1
    assert take_turn("outbox", "first", span=minute)
