"""Timing of pages against their floors, and the table that tells."""

import sys
import time
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connection, transaction

from bench.browser import Answer, Browser
from bench.pages import Question

WARM = 3


@dataclass
class Measured:
    """Milliseconds at the median unless said otherwise. `work` is the server's own processor time,
    `ratio` the server's time as a multiple of the bare statement's."""

    name: str
    server: float
    p95: float
    work: float
    db: float
    client: float
    statements: int
    most_statements: int
    floor: float
    ratio: float
    bytes: int

    def line(self) -> str:
        floor = f"{self.floor:8.2f} {self.ratio:6.0f}x" if self.floor else f"{'-':>8} {'-':>7}"
        count = str(self.statements) + ("" if self.statements == self.most_statements else "+")
        return (
            f"{self.name:<38} {self.server:8.1f} {self.p95:8.1f} {self.work:8.1f} {self.db:8.1f} "
            f"{self.client:8.1f} {count:>5} {floor} {self.bytes:8,}"
        )


HEAD = (
    f"{'':<38} {'server':>8} {'p95':>8} {'work':>8} {'in db':>8} {'client':>8} {'sql':>5} "
    f"{'floor':>8} {'ratio':>7} {'bytes':>8}"
)


def measure(question: Question, browser: Browser, *, times: int) -> Measured:
    """Raises RuntimeError for an answer that is none."""
    for turn in range(WARM):
        _asked(question, browser, turn)
    answers = [_asked(question, browser, WARM + turn) for turn in range(times)]
    server = median(answer.server for answer in answers)
    bare = _floor(question, times)
    return Measured(
        question.name,
        server,
        quantiles([answer.server for answer in answers], n=20)[-1],
        median(answer.work for answer in answers),
        median(answer.db for answer in answers),
        median(answer.client for answer in answers),
        int(median(answer.statements for answer in answers)),
        max(answer.statements for answer in answers),
        bare,
        server / bare if bare else 0,
        len(answers[-1].text.encode()),
    )


def _asked(question: Question, browser: Browser, turn: int) -> Answer:
    answer = question.ask(browser, turn)
    if answer.status not in question.wants:
        raise RuntimeError(f"{question.name}: {answer.status}\n{answer.text[:2000]}")
    return answer


def _floor(question: Question, times: int) -> float:
    if question.floor is None:
        return 0.0
    statement, values = question.floor
    spans = []
    for _turn in range(times):
        start = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            if cursor.description:
                cursor.fetchall()
        spans.append((time.perf_counter() - start) * 1000)
    return median(spans)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
