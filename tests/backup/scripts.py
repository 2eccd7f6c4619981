"""What the tests do inside another installation; the first argument says what."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from guanxi.backup import make, restore  # noqa: E402
from guanxi.cli.terminal import say  # noqa: E402
from guanxi.jobs.models import Job, State, Turn  # noqa: E402
from guanxi.kernel import registry  # noqa: E402
from guanxi.kernel.actor import system_actor  # noqa: E402
from guanxi.kernel.acts import delete_record  # noqa: E402
from guanxi.kernel.bulk import take_ids  # noqa: E402
from guanxi.kernel.values import create_record  # noqa: E402
from guanxi.modules.customers.models import Customer  # noqa: E402
from guanxi.search.documents import rebuild_documents  # noqa: E402
from guanxi.talk.entries import attach_file  # noqa: E402

ACTOR = system_actor("tests")
ODD = [
    '引号"与\\反斜杠',
    "换行\n制表\t回车\r\n完",
    "\\N",
    "表情 😀 与生僻字 𠮷",
    "行分隔\u2028段分隔\u2029",
    "NULL",
]


def fill():
    """Forty customers with odd texts, money, JSON, files; the last one deleted again."""
    spec = registry.spec("customers.customer")
    for number in range(40):
        values = {
            "name": f"客户{number:03d}",
            "remark": ODD[number % len(ODD)],
            "revenue": f"{number}.07",
            "tags": "甲,乙" if number % 2 else "",
            "channels": [{"kind": "mobile", "value": f"138 0013 {6000 + number}"}],
        }
        made = create_record(ACTOR, spec, values)
        if number < 3:
            attach_file(ACTOR, made, SimpleUploadedFile(f"合同{number}.bin", os.urandom(50_000)))
    Job.objects.create(kind="backup.make", state=State.RUNNING, surface="page")
    Job.objects.create(kind="exchange.tidy", surface="page", cursor={"小": [1.5, 2.0, None]})


def remove_last():
    last = Customer.rows(ACTOR).order_by("-pk").first()
    delete_record(ACTOR, last)


def next_id():
    say(str(take_ids(Customer, 1)[0]))


def documents():
    """Says how the search documents differ from those made anew."""
    column = "tokens::text" if connection.vendor == "postgresql" else "body"
    key = "id" if connection.vendor == "postgresql" else "rowid"
    sql = f"SELECT {key}, {column} FROM search_customers_customer ORDER BY {key}"

    def read():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    before = read()
    rebuild_documents(registry.spec("customers.customer"))
    say("same" if before and before == read() else "different")


def in_use():
    Turn.objects.create(name="x", owner="y", until=timezone.now() + timedelta(minutes=1))


def out_of_use():
    Turn.objects.all().delete()


def write_long():
    """A backup that is killed when some rows are written."""
    make.OFTEN = 10
    make.make_backup(Path(sys.argv[2]), made_by="", tell=_die)


def restore_long():
    """A restore that is killed at the step named, after everything before it was done."""
    step = sys.argv[3]
    if step == "files":
        known_put = restore._put_file
        restore._put_file = lambda *a: (known_put(*a), _die())
    elif step == "migrations":
        restore.migrate_up = _die
    elif step == "documents":
        restore.finish = _die
    restore.restore_backup(Path(sys.argv[2]), replace=True, tell=lambda *step: None)


def _die(*_anything):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
