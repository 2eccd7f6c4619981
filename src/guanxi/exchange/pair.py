"""Two hands at one import: the second works in a process of its own.

The chunks stay in the order of the file and each has its own transaction, written by the hand that
read it. Should either process die, the cursor tells what is done, as with one hand.
"""

import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from guanxi.exchange import second
from guanxi.exchange.attempt import Key
from guanxi.exchange.hand import Cursor, Hand, Written
from guanxi.exchange.reading import Row
from guanxi.jobs.run import LeaseLost

#: A second process takes a second and 100 MB to start.
WORTH_IT = 5_000
SECONDS_TO_END = 10
READY = "ready"

Piece = tuple[Sequence[Row], Cursor]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """What went wrong over there: kind "lost" (the lease), "passing" or "" for good."""

    text: str
    kind: str = ""


class Other:
    """The hand of a second process: asked with `ask()`, heard with `answer()`.

    `begin`: "module:function" called over there with the connection, whose first messages are
    `arguments` and what it is told; it ends in `serve()`.
    """

    def __init__(self, begin: str, arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=second.main, args=(theirs, begin), daemon=True)
        self._process.start()
        # Only the second process holds its end now: either notices when the other has gone.
        theirs.close()
        self._is_ready = False
        self.tell(arguments)

    def is_ready(self) -> bool:
        """Whether it has begun; until then one hand goes on alone."""
        if not self._is_ready and self._connection.poll():
            self._is_ready = self.answer() == READY
        return self._is_ready

    def look_again(self) -> None:
        """See `Hand`; waits for it."""
        if not self._is_ready:
            self._is_ready = self.answer() == READY
        self.ask("look_again")
        self.answer()

    def ask(self, word: str, *arguments: Any) -> None:
        self.tell((word, arguments))

    def answer(self) -> Any:
        """What it returned. Raises OperationalError for what may pass, LeaseLost, RuntimeError."""
        try:
            found = self._connection.recv()
        except (EOFError, OSError) as fault:
            raise _ended() from fault
        if isinstance(found, Fault):
            if found.kind == "lost":
                raise LeaseLost
            raise (OperationalError if found.kind else RuntimeError)(found.text)
        return found

    def end(self) -> None:
        """After whatever it is doing; nothing of it is left then."""
        self._connection.close()
        self._process.join(SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def tell(self, message: Any) -> None:
        try:
            self._connection.send(message)
        except OSError as fault:
            raise _ended() from fault


def serve(connection: Connection, hand: Hand) -> None:
    """The second process at work, until the first one closes its end or is no more."""
    connection.send(READY)
    while True:
        try:
            word, arguments = connection.recv()
        except (EOFError, OSError):
            return
        try:
            found = getattr(hand, word)(*arguments)
        except LeaseLost:
            found = Fault("", "lost")
        except (OperationalError, InterfaceError) as fault:
            found = Fault(str(fault), "passing")
        except Exception as fault:
            log.exception("the second process of an import failed")
            found = Fault(f"{type(fault).__name__}: {fault}"[:2_000])
        connection.send(found)


def is_worth_it(rows: int) -> bool:
    """Whether this many rows shall be taken with two hands on this machine."""
    return min(settings.IMPORT_PROCESSES, os.cpu_count() or 1) > 1 and rows >= WORTH_IT


def take_chunks(here: Hand, other: Other | None, pieces: Iterator[Piece]) -> None:
    """Takes every piece, in turns with the other hand as soon as that is ready: while one writes,
    the other reads. Before each piece is a safe point, where nobody writes."""
    rivals: Set[Key] = frozenset()
    mine = _read_next(here, pieces)
    while mine is not None:
        theirs = next(pieces, None) if other is not None and other.is_ready() else None
        if theirs is not None:
            other.ask("read", theirs[0])
        here.run.safe_point()
        written = here.write(mine, here.imported.counts, rivals)
        _note(here, written)
        if theirs is not None:
            other.answer()
            here.run.safe_point()
            other.ask("write", theirs[1], written.counts, written.keys)
        mine, rivals = _read_next(here, pieces), frozenset()
        if theirs is not None:
            written = other.answer()
            _note(here, written)
            rivals = written.keys


def _read_next(here: Hand, pieces: Iterator[Piece]) -> Cursor | None:
    rows, cursor = next(pieces, ((), None))
    if cursor is not None:
        here.read(rows)
    return cursor


def _note(here: Hand, written: Written) -> None:
    here.imported.counts, here.imported.cursor = written.counts, written.cursor
    here.work.took(written.rows, written.seconds)
    here.run.progress(written.cursor["done"], here.work.scan.rows)


def _ended() -> OperationalError:
    return OperationalError("the second process of the import has ended")
