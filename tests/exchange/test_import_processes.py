"""Imports in processes of their own: killed ones go on, no row twice, none lost; two at one file."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import Pipe
from pathlib import Path

import pytest
from django.db import connection

from guanxi.exchange import service
from guanxi.exchange.hand import Hand
from guanxi.exchange.jobs import importer, second_hand
from guanxi.exchange.models import Import, ImportLine, Stage
from guanxi.exchange.run import Waiting
from guanxi.exchange.run import begin as begin_import
from guanxi.exchange.upload import take_file
from guanxi.exchange.work import MOST, prepare
from guanxi.jobs import registry as jobs
from guanxi.jobs.queue import requeue_expired
from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.models import Change
from guanxi.modules.customers.models import Customer
from guanxi.testing.people import Company

SCRIPT = Path(__file__).with_name("import_process.py")
SOURCE = Path(jobs.__file__).parents[2]
ROWS = 4_000
MANY = 9_000
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@pytest.fixture
def start_worker(settings):
    workers = []

    def start(worth_it=100_000):
        names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_MAX_AGE", "OPTIONS")
        database = {name: connection.settings_dict[name] for name in names}
        database["NAME"] = str(database["NAME"])
        options = {"database": database, "media": str(settings.MEDIA_ROOT), "worth_it": worth_it}
        worker = subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(options)],
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_until(check, seconds=120):
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        threading.Event().wait(0.02)
    return found


@pytest.fixture
def begin(settings):
    """Queues the import of a table with duplicates; gives a function that reads its state."""

    def queue(lines, duplicates):
        company = Company()
        actor = importer(company.boss.pk)
        table = "\n".join(["客户编号,客户名称,手机", *lines]).encode()
        imported = take_file(actor, registry.spec("customers.customer"), "many.csv", [table])
        imported.options |= {"duplicates": duplicates}
        imported.save()
        service.start_import(actor, imported)
        return lambda: Import.objects.get(pk=imported.pk)

    return queue


def lines_of(count):
    return [f"K{number},第{number}号客户,138{number:08d}" for number in range(count)]


def written():
    return Customer.rows(system_actor("test")).count()


def helpers_of(worker):
    """Process numbers of the second processes a worker has now."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (folder / "cmdline").read_text()
        except OSError:
            continue
        if parent == worker.pid and "spawn_main" in words:
            found.append(int(folder.name))
    return found


def is_alive(pid):
    """Whether the process still works; one that nobody has asked about yet is over, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def assert_each_row_once(done, count):
    assert written() == count
    made = Change.objects.filter(batch=done.batch, verb="create", object="customers.customer")
    assert made.count() == made.values("record_id").distinct().count() == count


def test_a_killed_import_goes_on_where_it_stopped(start_worker, begin):
    lines = lines_of(ROWS)
    lines[3_000] = "K7,又一个七号,"
    fresh = begin(lines, "create")
    first = start_worker()
    wait_until(lambda: fresh().cursor)
    first.kill()
    first.wait()
    stopped = fresh()
    assert stopped.state == Stage.RUNNING
    assert 0 < stopped.cursor["done"] < ROWS
    assert written() == stopped.counts["created"]

    wait_until(requeue_expired)
    start_worker()
    wait_until(lambda: fresh().state == Stage.DONE)
    done = fresh()
    assert done.counts == {"created": ROWS - 1, "skipped": 1}
    assert_each_row_once(done, ROWS - 1)
    assert ImportLine.objects.get(run=done, outcome="skipped").line == 3_002


@on_linux
def test_two_processes_see_the_twins_of_each_others_chunks(start_worker, begin):
    lines = lines_of(MANY)
    # Each looks like a row that stands one chunk before it, or two.
    twins = range(700, MANY, 250)
    for number in twins:
        lines[number] = f"K{number},第{number}号客户,138{number - 450:08d}"
    fresh = begin(lines, "skip")
    worker = start_worker(worth_it=1_000)
    wait_until(lambda: helpers_of(worker))
    wait_until(lambda: fresh().state == Stage.DONE)
    done = fresh()
    assert done.counts == {"created": MANY - len(twins), "skipped": len(twins)}
    assert_each_row_once(done, MANY - len(twins))
    skipped = ImportLine.objects.filter(run=done, outcome="skipped").values_list("line", flat=True)
    assert sorted(skipped) == [number + 2 for number in twins]
    wait_until(lambda: not helpers_of(worker))


@on_linux
@pytest.mark.parametrize("victim", ["first", "second"])
def test_an_import_survives_either_of_its_processes(start_worker, begin, victim):
    fresh = begin(lines_of(MANY), "create")
    worker = start_worker(worth_it=1_000)
    (helper,) = wait_until(lambda: helpers_of(worker))
    # The second process has written once there are more chunks than one.
    wait_until(lambda: (fresh().cursor or {"done": 0})["done"] > MOST * 3)
    os.kill(worker.pid if victim == "first" else helper, signal.SIGKILL)
    wait_until(lambda: not is_alive(helper))
    if victim == "first":
        worker.wait()
        assert fresh().state == Stage.RUNNING
        wait_until(requeue_expired)
        start_worker()
    wait_until(lambda: fresh().state == Stage.DONE)
    assert fresh().counts == {"created": MANY}
    assert_each_row_once(fresh(), MANY)


def test_a_second_hand_that_is_not_needed_goes_quietly():
    ours, theirs = Pipe()
    ours.send((1, None))
    ours.close()
    assert second_hand(theirs) is None


def test_a_chunk_is_read_again_when_its_keys_were_written_meanwhile():
    company = Company()
    actor = importer(company.boss.pk)
    table = "客户名称,手机\n甲公司,13800000001\n乙公司,13800000001\n丙公司,13800000003\n"
    spec = registry.spec("customers.customer")
    imported = take_file(actor, spec, "three.csv", [table.encode()])
    imported.options |= {"duplicates": "skip"}
    begin_import(actor, imported)
    hands = [
        Hand(prepare(actor.within(imported.batch_id), imported), imported, Waiting())
        for _number in range(3)
    ]
    rows = list(hands[0].work.table.rows())
    for hand, row in zip(hands, rows, strict=True):
        hand.read([row])
    cursors = [{"level": 0, "line": row.line, "done": row.line - 1} for row in rows]
    first = hands[0].write(cursors[0], {}, frozenset())
    second = hands[1].write(cursors[1], first.counts, first.keys)
    third = hands[2].write(cursors[2], second.counts, first.keys | second.keys)
    assert second.counts == {"created": 1, "skipped": 1}
    assert third.counts == {"created": 2, "skipped": 1}
    assert sorted(Customer.rows(system_actor("test")).values_list("name", flat=True)) == [
        "丙公司",
        "甲公司",
    ]
