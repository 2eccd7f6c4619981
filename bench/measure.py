"""Timing with the statements that ran."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection


@dataclass
class Taken:
    """Milliseconds: the whole call at best, at the median, at worst; its statements at the median;
    `work` is processor time at best, of this process and of its PostgreSQL backend where that runs
    on the same Linux. On a machine that others use, `work` says most."""

    name: str
    best: float
    median: float
    worst: float
    database: float
    work: float
    statements: int
    rows: int
    slowest: str = field(default="", repr=False)

    def line(self) -> str:
        return (
            f"{self.name:<52} {self.best:7.1f} {self.median:8.1f} {self.worst:8.1f} "
            f"{self.database:8.1f} {self.work:7.1f} {self.statements:4d} {self.rows:7d}"
        )


HEAD = f"{'':<52} {'best':>7} {'median':>8} {'worst':>8} {'in db':>8} {'work':>7} {'sql':>4} {'rows':>7}"


def take(name: str, call: Callable[[], Any], *, times: int = 5, most: float = 20.0) -> Taken:
    """Calls once to warm up, then up to `times`, stopping after `most` seconds."""
    spans, inside, works, slowest = [], [], [], ("", 0.0)
    result = call()
    backend = _backend()
    began = time.perf_counter()
    while len(spans) < times and time.perf_counter() - began < most:
        log: list[tuple[str, float]] = []
        with connection.execute_wrapper(_logging(log)):
            start, busy = time.perf_counter(), _busy(backend)
            result = call()
            spans.append((time.perf_counter() - start) * 1000)
            works.append((_busy(backend) - busy) * 1000)
        inside.append(sum(span for _sql, span in log) * 1000)
        slowest = max([slowest, *log], key=lambda pair: pair[1])
    rows = len(result) if hasattr(result, "__len__") else int(result or 0)
    return Taken(
        name,
        min(spans),
        median(spans),
        max(spans),
        median(inside),
        min(works),
        len(log),
        rows,
        slowest[0],
    )


def _backend() -> Path | None:
    """Where Linux tells how long the backend of this connection has run."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return found if found.exists() else None


def _busy(backend: Path | None) -> float:
    """Seconds of processor time so far."""
    ran = int(backend.read_text().split()[0]) / 1e9 if backend is not None else 0.0
    return time.process_time() + ran


def _logging(log: list[tuple[str, float]]):
    def wrapper(execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            log.append((_filled(sql, params), time.perf_counter() - start))

    return wrapper


def _filled(sql: str, params: Any) -> str:
    try:
        return sql % tuple(repr(one) for one in params)
    except (TypeError, ValueError):
        return f"{sql} -- {params!r}"
