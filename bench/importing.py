"""The importer with a file of its own making, while somebody else saves; and the bare insert."""

import csv
import os
import random
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, transaction

from bench import report, site
from bench.browser import Browser
from guanxi.modules.customers.models import Customer
from guanxi.testing import generate

SAVE_EVERY = 0.5


def import_customers(rows: int, folder: Path, owners: list[str], *, xlsx: bool) -> dict[str, Any]:
    """Imports a generated file through `guanxi import` and tells how it went."""
    source = folder / ("customers.xlsx" if xlsx else "customers.csv")
    _write(source, rows, owners)
    bare = _bare_insert(rows)
    words = ("import", str(source), "--object", "customers", "--as", "1", "--accept-proposals")
    port = int(os.environ["GUANXI_PORT"])
    with site.server(port):
        saver = Saver(port)
        saver.start()
        began = time.monotonic()
        process = subprocess.Popen(
            site.command(*words), env=site.process_environment(), stdout=subprocess.DEVNULL
        )
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        span = time.monotonic() - began
        saver.stop()
    found = {
        "seconds": span,
        "rows_a_second": rows / span,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "most_memory_mb": used.ru_maxrss / 1024,
        "code": process.returncode,
        "bare_seconds": bare,
        "ratio": span / bare,
        "saves": len(saver.spans),
        "slowest_save_ms": max(saver.spans, default=0),
        "failed_saves": saver.failed,
    }
    report.say(
        f"import of {rows:,} ({source.suffix[1:]}): {span:.0f} s, {rows / span:,.0f} rows a second, "
        f"{found['processor_seconds']:.0f} s of processor, {found['most_memory_mb']:.0f} MB; "
        f"bare insert {bare:.1f} s; {found['saves']} saves meanwhile, the slowest "
        f"{found['slowest_save_ms']:.0f} ms, {saver.failed} failed"
    )
    return found


class Saver(threading.Thread):
    """Creates a customer every half second, as somebody at work would."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.spans: list[float] = []
        self.failed = 0
        self._port, self._ended = port, threading.Event()

    def run(self) -> None:
        browser = Browser("127.0.0.1", self._port)
        browser.sign_in(site.CHIEF, site.PASSWORD)
        while not self._ended.wait(SAVE_EVERY):
            pairs = browser.get("/customers/new/").form("/customers/new/").pairs
            name = f"手工录入 {time.monotonic_ns()}"
            changed = [(key, name if key == "name" else value) for key, value in pairs]
            answer = browser.post("/customers/new/", changed)
            self.spans.append(answer.client)
            self.failed += answer.status not in (302, 303)

    def stop(self) -> None:
        self._ended.set()
        self.join(30)


def _write(path: Path, rows: int, owners: list[str]) -> None:
    """A file as `guanxi.testing.generate` makes it, with owners of this installation."""

    rng = random.Random(3)
    owner = generate.HEADER.index("负责人")
    lines = generate.table(rows, seed=9)
    if path.suffix == ".xlsx":
        _write_xlsx(path, lines, owner, owners, rng)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(generate.HEADER)
        for line in lines:
            line[owner] = rng.choice(owners)
            writer.writerow(line)


def _write_xlsx(path: Path, lines: Any, owner: int, owners: list[str], rng: random.Random) -> None:

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("客户")
        sheet.write_row(0, 0, generate.HEADER)
        for number, line in enumerate(lines, start=1):
            line[owner] = rng.choice(owners)
            sheet.write_row(number, 0, line)


def _bare_insert(rows: int) -> float:
    """Seconds for the same number of rows in a table of the same columns, one statement, no
    index."""

    table, columns = Customer._meta.db_table, [f.column for f in Customer._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_bare AS SELECT * FROM {table} WHERE 1 = 0")
        line = [None] * len(columns)
        line[columns.index("name")] = "苏州澜岳精密机械有限公司"
        line[columns.index("version")] = 1
        signs = ", ".join(["%s"] * len(columns))
        start = time.perf_counter()
        with transaction.atomic():
            cursor.executemany(f"INSERT INTO bench_bare VALUES ({signs})", [line] * rows)
        span = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_bare")
    return span
