"""The daily work of plan settings, in chunks from which a killed job goes on."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.kernel import registry
from guanxi.kernel.change import begin_batch
from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import NotAllowed, Refused
from guanxi.kernel.journal import batch_numbered, close_batch
from guanxi.kernel.models import Batch
from guanxi.kernel.outbox import publish_batch
from guanxi.kernel.sweep import every_row
from guanxi.modules.activities.plan_making import ARISEN, JOB, actor_for, make_chunk
from guanxi.modules.activities.plan_models import Plan, PlanSetting
from guanxi.modules.activities.plan_rounds import next_round, round_to_make

KIND = "plans"
MAX_TROUBLE = 200


@scheduled(JOB, daily_at=time(0, 20), lane="bulk", title=gettext_lazy("Make due plans"))
def make_due_plans(run: Run, *, setting: int | None = None, day: str = "") -> dict[str, int]:
    """Every setting that is switched on, or one; `day` names a round to be made early.

    The cursor holds the setting and customer gone through last, and the batch being written.
    """
    cursor: dict[str, Any] = run.cursor or {"setting": 0, "customer": 0, "batch": None}
    while True:
        run.safe_point()
        with transaction.atomic():
            found = _next(setting, cursor)
            if found is None:
                return {"plans": run.job.done}
            cursor, made = _step(found, cursor, day=date.fromisoformat(day) if day else None)
            run.save_cursor(cursor, done=run.job.done + made)


def _next(setting: int | None, cursor: Mapping[str, Any]) -> Any:
    """The setting to go on with, locked: whoever else makes its plans waits."""
    rows = every_row(registry.spec(PlanSetting)).live().filter(enabled=True)
    if setting is not None:
        rows = rows.filter(pk=setting)
    after = cursor["setting"] - 1 if cursor["customer"] else cursor["setting"]
    return rows.filter(pk__gt=after).select_for_update().order_by("pk").first()


def _step(
    setting: Any, cursor: Mapping[str, Any], *, day: date | None
) -> tuple[dict[str, Any], int]:
    """One chunk of one setting: the new cursor, and how many plans were made."""
    day = day or round_to_make(setting, timezone.localdate())
    same = cursor["setting"] == setting.pk
    after, batch_id = (cursor["customer"], cursor["batch"]) if same else (0, None)
    done = {"setting": setting.pk, "customer": 0, "batch": None}
    if day is None:
        _note(setting, day)
        return done, 0
    try:
        with transaction.atomic():
            batch = _batch(setting, batch_id)
            made = make_chunk(setting, day, after=after, batch=batch)
            if not made.count and not batch.rows:
                transaction.set_rollback(True)
    except (Refused, NotAllowed) as fault:
        _note(setting, day, trouble=fault.message)
        return done, 0
    if made.last:
        if made.count:
            close_batch(batch, rows=batch.rows + made.count)
        kept = batch.pk if batch.rows else None
        return {"setting": setting.pk, "customer": made.last, "batch": kept}, made.count
    if batch.rows:
        publish_batch(ARISEN, batch)
    _note(setting, day)
    return done, 0


def _batch(setting: Any, batch_id: int | None) -> Batch:
    if batch_id is not None:
        return batch_numbered(batch_id)
    spec = registry.spec(Plan)
    return begin_batch(actor_for(setting), spec, kind=KIND, title=setting.name)


def _note(setting: Any, day: date | None, *, trouble: str = "") -> None:
    """What the setting says about itself once it was gone through."""
    through = max(filter(None, (setting.made_through, day)), default=None)
    put_derived(
        registry.spec(PlanSetting),
        {
            setting.pk: {
                "made_through": setting.made_through if trouble else through,
                "next_on": next_round(setting, timezone.localdate()),
                "trouble": trouble[:MAX_TROUBLE],
            }
        },
    )
