"""Workers as real processes: killed, frozen, locked out, stopped."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from guanxi.jobs import registry
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import cancel, enqueue, expire_leases_of
from guanxi.jobs.worker import worker_name

SCRIPT = Path(__file__).with_name("worker_process.py")
SOURCE = Path(registry.__file__).parents[2]
QUICK_LEASES = {"lease": 2, "beat": 0.4, "shortest_wait": 0.02, "longest_wait": 0.1}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@pytest.fixture
def kinds(monkeypatch):
    known = dict(registry.KINDS)
    monkeypatch.setattr(registry, "KINDS", known)

    @registry.job("probe.count", lane="bulk")
    def count(run, *, upto, pause=0.0, step=10):
        raise AssertionError("runs in the worker's process only")

    @registry.job("probe.sleep")
    def sleep(run, *, seconds):
        raise AssertionError("runs in the worker's process only")


@pytest.fixture
def probe(kinds):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE probe (n integer)")
    yield lambda: _numbers()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE probe")


def _numbers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM probe ORDER BY n")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def start_worker(tmp_path):
    workers = []

    def start(*, timeout=20, **timing):
        options = {"database": _database(timeout), "timing": QUICK_LEASES | timing}
        log = (tmp_path / f"worker-{len(workers)}.log").open("w")
        worker = subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(options)],
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
            stderr=log,
        )
        worker.log = Path(log.name)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def _database(timeout):
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_MAX_AGE", "OPTIONS")
    database = {name: connection.settings_dict[name] for name in names}
    database["NAME"] = str(database["NAME"])
    if connection.vendor == "sqlite":
        database["OPTIONS"] = dict(database["OPTIONS"]) | {"timeout": timeout}
    return database


def wait_until(check, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        threading.Event().wait(0.02)
    return found


def row(job):
    return Job.objects.get(pk=job.pk)


def has_begun(job):
    return lambda: (row(job).cursor or 0) >= 30


def has_ended(job):
    return lambda: not row(job).is_active


def test_killed_worker_loses_and_doubles_nothing(probe, start_worker):
    job = enqueue("probe.count", {"upto": 200, "pause": 0.03}, person_id=1)
    first = start_worker()
    wait_until(has_begun(job))
    first.kill()
    first.wait()
    assert row(job).state == State.RUNNING
    start_worker()
    wait_until(has_ended(job))
    assert row(job).state == State.DONE
    assert probe() == list(range(200))


def test_a_dead_worker_need_not_be_waited_for(probe, start_worker):
    job = enqueue("probe.count", {"upto": 200, "pause": 0.03}, person_id=1)
    first = start_worker(lease=600)
    wait_until(has_begun(job))
    first.kill()
    first.wait()
    assert expire_leases_of(worker_name(first.pid)) == 1
    start_worker(lease=600)
    wait_until(has_ended(job))
    assert probe() == list(range(200))


def test_frozen_worker_writes_nothing_after_it_lost_the_job(probe, start_worker):
    job = enqueue("probe.count", {"upto": 200, "pause": 0.03}, person_id=1)
    frozen = start_worker()
    wait_until(has_begun(job))
    wait_until(_stopped_outside_a_transaction(frozen))
    owner = row(job).lease_owner
    start_worker()
    wait_until(lambda: row(job).lease_owner != owner)
    frozen.send_signal(signal.SIGCONT)
    wait_until(has_ended(job))
    wait_until(lambda: "taken over by another worker" in frozen.log.read_text())
    assert row(job).state == State.DONE
    assert probe() == list(range(200))


def _stopped_outside_a_transaction(worker):
    """Frozen with the write lock in hand, it would lock out the whole of SQLite."""

    def check():
        worker.send_signal(signal.SIGSTOP)
        try:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE probe SET n = n WHERE n < 0")
            return True
        except OperationalError:
            worker.send_signal(signal.SIGCONT)
            return False

    return check


def test_stopped_worker_hands_the_job_back(probe, start_worker):
    job = enqueue("probe.count", {"upto": 10_000, "pause": 0.03}, person_id=1)
    worker = start_worker(lease=600)
    wait_until(has_begun(job))
    worker.terminate()
    assert worker.wait(timeout=10) == 0
    left = row(job)
    assert (left.state, left.attempts, left.lease_owner) == (State.QUEUED, 0, "")
    assert probe() == list(range(left.cursor))


def test_running_job_ends_when_cancelled(probe, start_worker):
    job = enqueue("probe.count", {"upto": 10_000, "pause": 0.03}, person_id=1)
    start_worker()
    wait_until(has_begun(job))
    assert cancel(job.pk)
    wait_until(has_ended(job))
    assert row(job).state == State.CANCELLED
    assert len(probe()) == row(job).cursor


def test_bulk_work_does_not_hold_up_quick_work(probe, start_worker):
    bulk = enqueue("probe.count", {"upto": 100_000, "pause": 0.01}, person_id=1)
    start_worker()
    wait_until(has_begun(bulk))
    quick = enqueue("probe.sleep", {"seconds": 0}, person_id=1)
    wait_until(has_ended(quick), seconds=10)
    assert row(bulk).state == State.RUNNING


def test_long_quick_job_keeps_its_lease(probe, start_worker):
    job = enqueue("probe.sleep", {"seconds": 3}, person_id=1)
    start_worker(lease=1, beat=0.2)
    start_worker(lease=1, beat=0.2)
    wait_until(has_ended(job))
    assert (row(job).state, row(job).attempts) == (State.DONE, 1)


def test_two_workers_share_the_work(probe, start_worker):
    jobs = [enqueue("probe.count", {"upto": 50}, person_id=1) for _ in range(12)]
    start_worker()
    start_worker()
    for job in jobs:
        wait_until(has_ended(job))
    assert {row(job).attempts for job in jobs} == {1}
    assert len(probe()) == 12 * 50


def test_locked_database_does_not_end_a_worker(probe, start_worker):
    if connection.vendor != "sqlite":
        pytest.skip("one writer locks out all others on SQLite only")
    job = enqueue("probe.count", {"upto": 300, "pause": 0.03}, person_id=1)
    worker = start_worker(timeout=0.2, longest_trouble=0.3)
    wait_until(has_begun(job))
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    try:
        wait_until(lambda: _locks(other))
        complaints = ("can't be used now", "can't be renewed now", "can't be stored now")
        wait_until(lambda: any(text in worker.log.read_text() for text in complaints))
        waiting = row(job)
        wait_until(lambda: worker.log.read_text().count("now") > 4)
        assert worker.poll() is None
        assert row(job).cursor == waiting.cursor
    finally:
        other.close()
    wait_until(has_ended(job))
    assert row(job).state == State.DONE
    assert probe() == list(range(300))


def _locks(other):
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True
