"""What a changed definition asks of a million rows: never in anybody's request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.custom import indexes
from guanxi.jobs.queue import enqueue
from guanxi.jobs.registry import job
from guanxi.jobs.run import Run
from guanxi.kernel import registry, stamps
from guanxi.kernel.extra import COLUMN
from guanxi.kernel.same import part_names, rewrite_keys
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import next_rows, parts_of_many
from guanxi.search.documents import columns_of_documents, put_documents
from guanxi.search.layout import is_searchable

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

JOB = "custom.indexes"
FIND = "custom.find"
CHUNK = 1_000
#: What decides about indexes, and about documents and duplicate keys.
DECIDING = ("asked", "enabled", "voided_at")
FINDING = ("enabled", "searched", "alike", "voided_at")


@job(JOB, lane="bulk", title=_("Make custom fields quick to search"))
def bring_up_to_date(run: Run) -> dict[str, list[str]]:
    """Builds what is missing, drops what is too much; may be killed and run again at any time."""
    stamps.note(stamps.NONE)
    done: dict[str, list[str]] = {"dropped": indexes.needless(), "built": []}
    for name in done["dropped"]:
        indexes.drop(name)
    todo = indexes.missing()
    for number, index in enumerate(todo):
        run.safe_point()
        run.progress(number, len(todo))
        indexes.build(index)
        done["built"].append(index.name)
    run.progress(len(todo), len(todo))
    return done


@job(FIND, lane="bulk", title=_("Make custom fields findable"))
def make_findable(run: Run, *, key: str) -> dict[str, int]:
    """Writes search documents and duplicate keys of the object `key` anew, 1,000 rows at a time.

    Nothing is emptied first: people find as before until a row has had its turn.
    """
    stamps.note(stamps.NONE)
    spec = registry.spec(key)
    last = run.cursor or 0
    while True:
        run.safe_point()
        with transaction.atomic():
            last = _refill(spec, after=last)
            if not last:
                return {"rows": run.job.done}
            run.save_cursor(last, done=run.job.done + CHUNK)


def _refill(spec: Spec, *, after: int) -> int:
    """One chunk; the id of its last row, 0 where none was left."""
    rows = next_rows(spec, _columns(spec), after=after, limit=CHUNK)
    if not rows:
        return 0
    if is_searchable(spec):
        put_documents(spec, rows)
    ids = [row.pk for row in rows]
    rewrite_keys(spec, rows, {name: parts_of_many(spec, name, ids) for name in part_names(spec)})
    return rows[-1].pk


def _columns(spec: Spec) -> list[str]:
    names = columns_of_documents(spec) if is_searchable(spec) else ["id", COLUMN]
    own = {name for same in spec.duplicates for name in same.fields if "." not in name}
    return [*names, "book", *sorted(own - set(names))]


def note_definitions(spec: Spec, edits: Sequence["Edit"]) -> None:
    if spec.key != "custom.customfield":
        return
    if any(map(_decides, edits)):
        enqueue(JOB, {}, person_id=None, surface="job")
    # No row holds a value of a new field.
    for key in sorted({edit.record.object for edit in edits if _finds(edit)}):  # type: ignore[attr-defined]
        enqueue(FIND, {"key": key}, person_id=None, surface="job")


def forget_definitions(spec: Spec, ids: Sequence[int]) -> None:
    if spec.key == "custom.customfield":
        enqueue(JOB, {}, person_id=None, surface="job")


def check_indexes() -> None:
    """After a migration: SQLite may have lost some."""
    if indexes.missing() or indexes.needless():
        enqueue(JOB, {}, person_id=None, surface="command")


def _decides(edit: "Edit") -> bool:
    record: Any = edit.record
    if edit.before is None:
        return record.asked
    return _differs(edit, DECIDING)


def _finds(edit: "Edit") -> bool:
    return edit.before is not None and _differs(edit, FINDING)


def _differs(edit: "Edit", names: Sequence[str]) -> bool:
    before = edit.before or {}
    return any(before.get(name) != getattr(edit.record, name) for name in names)
