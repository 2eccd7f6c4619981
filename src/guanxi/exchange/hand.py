"""A hand takes chunks of an import: it reads and checks one, then writes it.

Two hands work on long imports, each in a process of its own: while one writes, the other reads.
"""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from guanxi.exchange.attempt import Key
from guanxi.exchange.chunk import Chunk, read_chunk
from guanxi.exchange.models import Import, ImportLine, Outcome
from guanxi.exchange.reading import Row
from guanxi.exchange.results import Result
from guanxi.exchange.work import Work
from guanxi.kernel.errors import Conflict

SHOWN = 200
ALL_KEPT = (Outcome.REFUSED, Outcome.SKIPPED)

Cursor = dict[str, int]


class Run(Protocol):
    """What the work needs of its job (`jobs.run.Run`), or of whoever waits for it."""

    def progress(self, done: int, total: int | None = None, message: str = "") -> None: ...
    def save_cursor(
        self, cursor: Any, *, done: int | None = None, total: int | None = None, message: str = ""
    ) -> None: ...
    def safe_point(self) -> None: ...


@dataclass(frozen=True)
class Written:
    """How a chunk went. counts: of the whole import so far, by outcome; keys: see `Chunk.keys`."""

    counts: dict[str, int]
    cursor: Cursor
    keys: Set[Key]
    rows: int
    seconds: float


@dataclass
class Hand:
    work: Work
    imported: Import
    run: Run
    _rows: Sequence[Row] = ()
    _chunk: Chunk | None = None
    _keys: set[Key] = field(default_factory=set)

    def read(self, rows: Sequence[Row]) -> None:
        """Reads and checks a chunk; nobody has to wait meanwhile."""
        self._rows, self._chunk = rows, read_chunk(self.work, rows, trial=False)
        self._keys = self._chunk.keys()

    def write(self, cursor: Cursor, counts: dict[str, int], rivals: Set[Key]) -> Written:
        """Writes the chunk read last, with the cursor behind it, in one transaction.

        `rivals`: keys of what was written while it was read. Where they meet its own, or somebody
        else was quicker with one of its rows, it is read once more, with nobody in between.
        """
        chunk, self._chunk = self._chunk, None
        assert chunk is not None
        start, keys = perf_counter(), self._keys
        found = self._try(chunk, cursor, counts=counts) if keys.isdisjoint(rivals) else None
        if found is None:
            self.work.same_seen.clear()
            with transaction.atomic():
                chunk = read_chunk(self.work, self._rows, trial=False, lock=True)
                found = self._put(chunk, cursor, counts=counts)
                keys |= chunk.keys()
        self.work.same_seen.clear()
        self.imported.counts, self.imported.cursor = found, cursor
        return Written(found, cursor, keys, len(self._rows), perf_counter() - start)

    def look_again(self) -> None:
        """Rows of the next level may name what others have written."""
        self.work.look_again()

    def _try(self, chunk: Chunk, cursor: Cursor, *, counts: dict[str, int]) -> Any:
        try:
            with transaction.atomic():
                return self._put(chunk, cursor, counts=counts)
        except (Conflict, IntegrityError):
            self.work.look_again()
            return None

    def _put(self, chunk: Chunk, cursor: Cursor, *, counts: dict[str, int]) -> dict[str, int]:
        results, sums = chunk.write(), Counter(counts)
        lines = lines_to_keep(self.imported, results, sums, trial=False)
        ImportLine.objects.bulk_create(lines, batch_size=500)
        found = dict(sums)
        Import.objects.filter(pk=self.imported.pk).update(counts=found, cursor=cursor)
        self.run.save_cursor(cursor, done=cursor["done"], total=self.work.scan.rows)
        return found


def lines_to_keep(
    imported: Import, results: Sequence[Result], counts: Counter[str], *, trial: bool
) -> list[ImportLine]:
    """The lines to keep: every refused and skipped one of a real run, else the first of each."""
    found = []
    for result in results:
        counts[result.outcome.value] += 1
        if counts[result.outcome.value] <= SHOWN or (not trial and result.outcome in ALL_KEPT):
            record_id = getattr(result.record, "pk", None)
            found.append(
                ImportLine(
                    run=imported,
                    trial=trial,
                    line=result.line,
                    outcome=result.outcome,
                    title=result.title,
                    reason=result.reason,
                    record_id=record_id,
                )
            )
    return found
