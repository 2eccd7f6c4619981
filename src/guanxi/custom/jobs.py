"""Building indexes takes seconds at a million rows: never in anybody's request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from guanxi.custom import indexes
from guanxi.jobs.queue import enqueue
from guanxi.jobs.registry import job
from guanxi.jobs.run import Run
from guanxi.kernel import stamps
from guanxi.kernel.spec import Spec

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

JOB = "custom.indexes"
DECIDING = ("asked", "voided_at")


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


def note_definitions(spec: Spec, edits: Sequence["Edit"]) -> None:
    if spec.key == "custom.customfield" and any(map(_decides, edits)):
        enqueue(JOB, {}, person_id=None, surface="job")


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
    return any(edit.before.get(name) != getattr(record, name) for name in DECIDING)
