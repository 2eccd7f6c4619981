"""Trial, import and undo: in chunks, each with its cursor in its own transaction."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from guanxi.exchange.chunk import read_chunk
from guanxi.exchange.hand import Cursor, Hand, Run, lines_to_keep
from guanxi.exchange.missing import count_missing, make_missing
from guanxi.exchange.models import Import, ImportLine, Outcome, RememberedMapping, Stage
from guanxi.exchange.pair import Other, Piece, take_chunks
from guanxi.exchange.results import Reasons
from guanxi.exchange.upload import header_digest
from guanxi.exchange.work import Work, prepare
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import begin_batch
from guanxi.kernel.outbox import publish_batch
from guanxi.kernel.undo import undo_batch

UNDO_CHUNK = 200
RARELY = (100_000, 20, 20)


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
    reasons = Reasons()
    done = 0
    for level in range(work.scan.last_level + 1):
        for rows in work.chunks(level=level, after=0):
            results = read_chunk(work, rows, trial=True).write()
            lines += lines_to_keep(imported, results, counts, trial=True)
            reasons.add(results)
            done += len(rows)
            run.progress(done, work.scan.rows)
            run.safe_point()
    with transaction.atomic():
        ImportLine.objects.filter(run=imported, trial=True).delete()
        ImportLine.objects.bulk_create(lines, batch_size=500)
        imported.counts, imported.state = dict(counts), Stage.TRIED
        imported.reasons = reasons.most()
        imported.save(update_fields=("counts", "extra", "reasons", "state"))


def run_import(
    actor: Actor,
    imported: Import,
    run: Run,
    *,
    get_other: Callable[[Import], Other | None] | None = None,
) -> None:
    """Imports what is left to import; goes on from the cursor after whatever broke it off.

    `get_other` starts the hand of a second process, or not; what was found in the file follows.
    """
    begin(actor, imported)
    assert imported.batch is not None
    other = get_other(imported) if get_other is not None else None
    try:
        work = prepare(actor.within(imported.batch.pk), imported)
        _make_missing(work, imported)
        if other is not None:
            other.tell(work.scan)
        with rarely_collecting():
            _go_through(Hand(work, imported, run), other)
    finally:
        if other is not None:
            other.end()
    _end(actor, imported, Stage.DONE)


def _go_through(here: Hand, other: Other | None) -> None:
    work, first = here.work, here.imported.cursor or {"level": 0, "line": 0, "done": 0}
    for level in range(first["level"], work.scan.last_level + 1):
        if level > first["level"]:
            here.look_again()
            if other is not None:
                other.look_again()
        pieces = _pieces(work, here.imported.cursor or first, level=level)
        take_chunks(here, other, pieces)


def _pieces(work: Work, cursor: Cursor, *, level: int) -> Iterator[Piece]:
    """The chunks of one level that are left, each with the cursor behind it."""
    done = cursor["done"]
    for rows in work.chunks(level=level, after=cursor["line"] if level == cursor["level"] else 0):
        done += len(rows)
        yield rows, {"level": level, "line": rows[-1].line, "done": done}


@contextmanager
def rarely_collecting() -> Iterator[None]:
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
