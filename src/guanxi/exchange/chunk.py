"""A thousand rows of a file: read, matched with what is stored, then attempted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.attempt import Attempt, Key
from guanxi.exchange.cells import Row, Unknown, read_row
from guanxi.exchange.matching import match_rows
from guanxi.exchange.models import Outcome
from guanxi.exchange.reading import Row as FileRow
from guanxi.exchange.results import Result
from guanxi.exchange.words import NOTE, TOTALS
from guanxi.exchange.work import Work
from guanxi.kernel.bulk import fresh
from guanxi.kernel.terms import remembering


@dataclass
class Chunk:
    """Rows read and checked; `write()` does the rest.

    Between the two nobody is kept waiting: reading and checking take most of the time. Should
    somebody have changed a row meanwhile, `write()` raises Conflict or IntegrityError.
    """

    work: Work
    trial: bool
    attempts: list[Attempt]
    results: list[Result]

    def keys(self) -> set[Key]:
        """What tells its rows from others: import keys, unique values, duplicate keys. Two chunks
        without a common key don't depend on each other."""
        return set().union(*(attempt.keys() for attempt in self.attempts))

    def write(self) -> list[Result]:
        """How each line went, by line. The transaction is the caller's; a trial needs none."""
        with remembering():
            for attempt in self.attempts:
                attempt.finish()
                self.results += attempt.results
                for pair in attempt.again:
                    other = _attempt(self.work, [pair], trial=self.trial, lock=not self.trial)
                    other.finish()
                    self.results += other.results
        _remember(self.work, self.results, trial=self.trial)
        return sorted(self.results, key=lambda result: result.line)


def read_chunk(
    work: Work, file_rows: Sequence[FileRow], *, trial: bool, lock: bool = False
) -> Chunk:
    """Reads, matches and checks rows. With `lock`, inside a transaction, nobody can interfere."""
    with remembering():
        rows, results = _read(work, file_rows, trial=trial)
        todo = _sort_out(work, rows, results)
        news = [(row, fresh(work.spec.model)) for row, record in todo if record is None]
        olds = [(row, record) for row, record in todo if record is not None]
        attempts = [
            _attempt(work, pairs, trial=trial, lock=lock) for pairs in (news, olds) if pairs
        ]
    return Chunk(work, trial, attempts, results)


def _attempt(work: Work, pairs: list[tuple[Row, Any]], *, trial: bool, lock: bool) -> Attempt:
    attempt = Attempt(work, pairs, trial, lock)
    attempt.prepare()
    return attempt


def _sort_out(work: Work, rows: Sequence[Row], results: list[Result]) -> list[tuple[Row, Any]]:
    """The rows to be attempted, each with the stored record it means or None."""
    found = match_rows(work, rows)
    todo = []
    lines: dict[int, int] = {}
    for row in rows:
        record = found.get(row.line)
        unwanted = _unwanted(work, row, record)
        if record is not None and lines.setdefault(record.pk, row.line) != row.line:
            reason = _("Means the same record as line %(line)s of this file.")
            reason %= {"line": lines[record.pk]}
            unwanted = Result(row.line, Outcome.SKIPPED, reason, record)
        if unwanted is not None:
            results.append(unwanted)
        else:
            todo.append((row, record))
    return todo


def _read(
    work: Work, file_rows: Sequence[FileRow], *, trial: bool
) -> tuple[list[Row], list[Result]]:
    for column in work.columns:
        if column.lookup is not None and not column.lookup.whole:
            column.lookup.prepare(column.text(row.cells[column.index]) for row in file_rows)
    rows, results = [], []
    for raw in file_rows:
        faulty = _faulty(work, raw)
        if faulty is not None:
            results.append(faulty)
            continue
        row = read_row(work.columns, raw.line, raw.cells)
        for key, text in row.unknown.items():
            # Names that no row has: some will exist once the import has really run.
            if trial and text in work.made.get(key, ()):
                row.pending.add(key)
            else:
                row.errors[key] = Unknown(text).message
        rows.append(row)
    return rows, results


def _faulty(work: Work, raw: FileRow) -> Result | None:
    """A row that is not even read, with the reason."""
    outcome, reason = Outcome.REFUSED, ""
    first = next(filter(None, map(_plain, raw.cells)), "")
    if raw.fault is not None:
        reason = raw.fault.message
    elif raw.line in work.scan.repeats:
        outcome = Outcome.SKIPPED
        reason = _("The same as line %(line)s of this file.")
        reason %= {"line": work.scan.repeats[raw.line]}
    elif first in TOTALS:
        outcome, reason = Outcome.SKIPPED, _("This line adds up the others.")
    elif NOTE.match(first) and _is_note(raw.cells):
        outcome, reason = Outcome.SKIPPED, _("This line is a note beside the table.")
    elif all(column.is_blank(raw.cells[column.index]) for column in work.columns):
        outcome, reason = Outcome.SKIPPED, _("Nothing stands in the assigned columns.")
    elif work.is_nameless(raw.cells):
        outcome = Outcome.SKIPPED
        reason = _("This line names no %(object)s.") % {"object": work.spec.name}
    elif raw.line in work.scan.loops:
        reason = _("Rows of this file stand above each other in a circle.")
    return Result(raw.line, outcome, reason, None, work.name_of(raw.cells)) if reason else None


def _is_note(cells: Sequence[object]) -> bool:
    """Whether the line says something of the table: 制表人：王芳 and nothing else."""
    filled = [cell for cell in map(_plain, cells) if cell]
    return len(filled) < 3 and all(NOTE.match(cell) for cell in filled)


def _plain(cell: object) -> str:
    return cell.strip().rstrip(":：").casefold() if isinstance(cell, str) else str(cell or "")


def _unwanted(work: Work, row: Row, record: Any) -> Result | None:
    if record is not None and work.options.mode == "new":
        return Result(row.line, Outcome.SKIPPED, _("It is here already."), record)
    if record is None and work.options.mode == "update" and not row.errors:
        reason = _("It is not here yet.")
        return Result(row.line, Outcome.SKIPPED, reason, None, work.name_of(row.cells))
    return None


def _remember(work: Work, results: Sequence[Result], *, trial: bool) -> None:
    """Rows that others of this file name: real ones can be linked, tried ones will exist."""
    if not work.scan.named:
        return
    keys = [one.target.key for one in work.columns if one.target.links_to is work.spec]
    for result in results:
        if result.record is None or result.outcome == Outcome.REFUSED:
            continue
        title = getattr(result.record, work.spec.title)
        if title not in work.scan.named:
            continue
        for key in keys:
            if trial:
                work.made.setdefault(key, set()).add(title)
            else:
                work.lookups[key].add(result.record)
