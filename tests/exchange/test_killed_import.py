"""A worker is killed in the middle of an import; another one goes on, no row twice, none lost."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from guanxi.exchange import service
from guanxi.exchange.jobs import importer
from guanxi.exchange.models import Import, ImportLine, Stage
from guanxi.exchange.upload import take_file
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
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@pytest.fixture
def start_worker(settings):
    workers = []

    def start():
        names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_MAX_AGE", "OPTIONS")
        database = {name: connection.settings_dict[name] for name in names}
        database["NAME"] = str(database["NAME"])
        options = {"database": database, "media": str(settings.MEDIA_ROOT)}
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


def test_a_killed_import_goes_on_where_it_stopped(start_worker):
    company = Company()
    actor = importer(company.boss.pk)
    lines = [f"K{number},第{number}号客户,138{number:08d}" for number in range(ROWS)]
    lines[3_000] = "K7,又一个七号,"
    table = "\n".join(["客户编号,客户名称,手机", *lines]).encode()
    imported = take_file(actor, registry.spec("customers.customer"), "many.csv", [table])
    imported.options |= {"duplicates": "create"}
    imported.save()
    service.start_import(actor, imported)

    def fresh():
        return Import.objects.get(pk=imported.pk)

    first = start_worker()
    wait_until(lambda: fresh().cursor)
    first.kill()
    first.wait()
    stopped = fresh()
    assert stopped.state == Stage.RUNNING
    assert 0 < stopped.cursor["done"] < ROWS
    written = Customer.rows(system_actor("test")).count()
    assert written == stopped.counts["created"]

    wait_until(requeue_expired)
    start_worker()
    wait_until(lambda: fresh().state == Stage.DONE)
    done = fresh()
    assert done.counts == {"created": ROWS - 1, "skipped": 1}
    assert Customer.rows(system_actor("test")).count() == ROWS - 1
    made = Change.objects.filter(batch=done.batch, verb="create", object="customers.customer")
    assert made.count() == made.values("record_id").distinct().count() == ROWS - 1
    assert ImportLine.objects.get(run=done, outcome="skipped").line == 3_002
