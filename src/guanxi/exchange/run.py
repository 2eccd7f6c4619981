"""Trial, import and undo: in chunks, each with its cursor in its own transaction."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from guanxi.exchange.chunk import Chunk, read_chunk
from guanxi.exchange.missing import count_missing, make_missing
from guanxi.exchange.models import Import, ImportLine, Outcome, RememberedMapping, Stage
from guanxi.exchange.results import Result
from guanxi.exchange.upload import header_digest
from guanxi.exchange.work import Work, prepare
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import begin_batch
from guanxi.kernel.errors import Conflict
from guanxi.kernel.outbox import publish_batch
from guanxi.kernel.undo import undo_batch

SHOWN = 200
#: Chunks between two safe points, where a job pauses: while a chunk is read nobody waits anyway.
BREATHE = 8
UNDO_CHUNK = 200
RARELY = (100_000, 20, 20)
ALL_KEPT = (Outcome.REFUSED, Outcome.SKIPPED)


class Run(Protocol):
    """What the work needs of its job (`jobs.run.Run`), or of whoever waits for it."""

    def progress(self, done: int, total: int | None = None, message: str = "") -> None: ...
    def save_cursor(
        self, cursor: Any, *, done: int | None = None, total: int | None = None, message: str = ""
    ) -> None: ...
    def safe_point(self) -> None: ...


class Waiting:
    """A run somebody waits for: a small trial, the command line."""

    def __init__(self, tell: Any = None) -> None:
        self._tell = tell

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        if self._tell is not None:
            self._tell(done, total)

    def save_cursor(
        self, cursor: Any, *, done: int | None = None, total: int | None = None, message: str = ""
    ) -> None:
        self.progress(done or 0, total)

    def safe_point(self) -> None:
        """Nobody can break off but by killing."""


def try_out(actor: Actor, imported: Import, run: Run) -> None:
    """Does everything but write; keeps the counts and the first lines of each outcome."""
    work = prepare(actor, imported)
    imported.extra = count_missing(work)
    for key, names in work.scan.missing.items():
        work.made[key] = set(names)
    counts: Counter[str] = Counter()
    lines: list[ImportLine] = []
    done = 0
    for level in range(work.scan.last_level + 1):
        for rows in work.chunks(level=level, after=0):
            results = read_chunk(work, rows, trial=True).write()
            lines += _lines(imported, results, counts, trial=True)
            done += len(rows)
            run.progress(done, work.scan.rows)
            run.safe_point()
    with transaction.atomic():
        ImportLine.objects.filter(run=imported, trial=True).delete()
        ImportLine.objects.bulk_create(lines, batch_size=500)
        imported.counts, imported.state = dict(counts), Stage.TRIED
        imported.save(update_fields=("counts", "extra", "state"))


def run_import(actor: Actor, imported: Import, run: Run) -> None:
    """Imports what is left to import; goes on from the cursor after whatever broke it off."""
    begin(actor, imported)
    assert imported.batch is not None
    work = prepare(actor.within(imported.batch.pk), imported)
    _make_missing(work, imported)
    cursor = imported.cursor or {"level": 0, "line": 0, "done": 0}
    with _rarely_collecting():
        _go_through(work, imported, cursor, run)
    _end(actor, imported, Stage.DONE)


def _go_through(work: Work, imported: Import, cursor: Any, run: Run) -> None:
    number = 0
    for level in range(cursor["level"], work.scan.last_level + 1):
        after = cursor["line"] if level == cursor["level"] else 0
        for rows in work.chunks(level=level, after=after):
            done = cursor["done"] + len(rows)
            cursor = {"level": level, "line": rows[-1].line, "done": done}
            _take(work, imported, rows, cursor=cursor, run=run)
            work.same_seen.clear()
            run.progress(done, work.scan.rows)
            number += 1
            if number % BREATHE == 0:
                run.safe_point()


def _take(work: Work, imported: Import, rows: Sequence[Any], *, cursor: Any, run: Run) -> None:
    chunk = read_chunk(work, rows, trial=False)
    try:
        start = perf_counter()
        with transaction.atomic():
            _write_chunk(chunk, imported, cursor, run=run)
        work.took(len(rows), perf_counter() - start)
    except (Conflict, IntegrityError):
        # Somebody was quicker with one of these rows: once more, with nobody in between.
        work.look_again()
        imported.refresh_from_db(fields=("counts", "cursor"))
        with transaction.atomic():
            chunk = read_chunk(work, rows, trial=False, lock=True)
            _write_chunk(chunk, imported, cursor, run=run)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Rows leave few cycles behind; looking for them all the time takes a tenth of it."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def begin(actor: Actor, imported: Import) -> None:
    """The state of an import that starts or goes on."""
    with transaction.atomic():
        if imported.batch is None:
            spec = registry.spec(imported.object)
            imported.batch = begin_batch(actor, spec, kind="import", title=imported.file_name)
            imported.counts, imported.extra, imported.cursor = {}, {}, None
            ImportLine.objects.filter(run=imported, trial=False).delete()
        imported.state = Stage.RUNNING
        imported.save()


def _make_missing(work: Work, imported: Import) -> None:
    made = make_missing(work)
    for key, number in made.items():
        imported.extra[key] = imported.extra.get(key, 0) + number
    imported.save(update_fields=("extra",))


def _write_chunk(chunk: Chunk, imported: Import, cursor: Any, *, run: Run) -> None:
    results = chunk.write()
    counts = Counter(imported.counts)
    ImportLine.objects.bulk_create(_lines(imported, results, counts, trial=False), batch_size=500)
    imported.counts, imported.cursor = dict(counts), cursor
    imported.save(update_fields=("counts", "cursor"))
    run.save_cursor(cursor, done=cursor["done"], total=chunk.work.scan.rows)


def _lines(
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


def _end(actor: Actor, imported: Import, state: Stage) -> None:
    batch = imported.batch
    assert batch is not None
    with transaction.atomic():
        imported.state, imported.finished_at = state, timezone.now()
        imported.save(update_fields=("state", "finished_at"))
        batch.rows = sum(imported.counts.get(one, 0) for one in ("created", "updated"))
        batch.save(update_fields=("rows",))
        publish_batch(f"{imported.object}.imported", batch)
        RememberedMapping.objects.update_or_create(
            person_id=imported.person_id,
            object=imported.object,
            header=header_digest(imported.profile["header"]),
            defaults={"mapping": imported.mapping, "options": imported.options},
        )


def undo_import(actor: Actor, imported: Import, run: Run, *, cursor: int = 0) -> None:
    """Takes the whole import back, newest first; what can't be is listed with the reason."""
    batch = imported.batch
    assert batch is not None
    total = batch.rows or sum(imported.counts.values())
    done = 0
    while True:
        with transaction.atomic():
            undone, after = undo_batch(actor, batch, start=cursor, limit=UNDO_CHUNK)
            _keep_left(imported, undone.left)
            done += undone.done + len(undone.left)
            run.save_cursor(after, done=min(done, total), total=total)
        if after == cursor:
            break
        cursor = after
        run.safe_point()
    imported.left = ImportLine.objects.filter(run=imported, outcome=Outcome.LEFT).count()
    imported.state, imported.finished_at = Stage.UNDONE, timezone.now()
    imported.save(update_fields=("left", "state", "finished_at"))
    publish_batch(f"{imported.object}.import_undone", batch)


def _keep_left(imported: Import, left: Sequence[tuple[Any, str]]) -> None:
    ImportLine.objects.bulk_create(
        ImportLine(
            run=imported,
            line=0,
            outcome=Outcome.LEFT,
            title=f"{registry.spec(change.object).name} #{change.record_id}",
            reason=reason,
            record_id=change.record_id if change.object == imported.object else None,
        )
        for change, reason in left
    )
