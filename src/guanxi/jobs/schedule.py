"""Work at set times. A slot is taken by inserting its row, so of many processes one queues it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise

from guanxi.jobs.models import Slot
from guanxi.jobs.queue import enqueue
from guanxi.jobs.registry import Work, job
from guanxi.jobs.run import Timing
from guanxi.jobs.worker import poll

logger = logging.getLogger(__name__)

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Either `every` (counted from midnight UTC, 1 January 2000) or `daily_at` is set."""

    name: str
    every: timedelta | None
    daily_at: time | None

    def latest(self, now: datetime) -> datetime:
        """The last slot at or before `now`, in UTC."""
        if self.every:
            return EPOCH + (now - EPOCH) // self.every * self.every
        assert self.daily_at is not None
        zone = ZoneInfo(settings.LOCAL_TIME_ZONE)
        today = now.astimezone(zone).date()
        slots = (
            datetime.combine(day, self.daily_at, tzinfo=zone).astimezone(UTC)
            for day in (today, today - timedelta(days=1))
        )
        return next(slot for slot in slots if slot <= now)


PLANS: dict[str, Plan] = {}


def scheduled(
    name: str,
    *,
    every: timedelta | None = None,
    daily_at: time | None = None,
    lane: str = "quick",
    title: str | Promise = "",
) -> Callable[[Work], Work]:
    """Registers `function(run)` as a job of the system, queued at each slot.

    `daily_at` is the time of day in the installation's zone. After a pause only the latest slot
    is made up for; while a job of the schedule waits or runs, no second one is queued; a new
    schedule begins with its next slot. Raises ValueError unless exactly one of both is given.
    """
    if (every is None) == (daily_at is None):
        raise ValueError(f"schedule {name}: give either every= or daily_at=")

    def register(function: Work) -> Work:
        PLANS[name] = Plan(name=name, every=every, daily_at=daily_at)
        return job(name, lane=lane, title=title)(function)

    return register


def run_schedule(stop: threading.Event, *, timing: Timing | None = None) -> None:
    """Queues what is due until `stop` is set."""
    seen: dict[str, datetime] = {}
    poll(lambda: enqueue_due(seen=seen), stop, timing=timing or Timing())


def enqueue_due(now: datetime | None = None, *, seen: dict[str, datetime] | None = None) -> int:
    """Queues the jobs whose slot has come; returns how many.

    `seen` spares the look into the database for slots this process has dealt with.
    """
    now = now or timezone.now()
    seen = {} if seen is None else seen
    count = 0
    for plan in PLANS.values():
        slot = plan.latest(now)
        if seen.get(plan.name) != slot:
            count += _take(plan, slot)
            seen[plan.name] = slot
    return count


def _take(plan: Plan, slot: datetime) -> int:
    taken = Slot.objects.filter(name=plan.name)
    if taken.filter(at__gte=slot).exists():
        return 0
    try:
        with transaction.atomic():
            is_new = not taken.exists()
            Slot.objects.create(name=plan.name, at=slot)
            taken.filter(at__lt=slot).delete()
            if is_new:
                return 0
            enqueue(plan.name, {}, person_id=None, surface="schedule", key="schedule")
    except IntegrityError:
        return 0
    return 1
