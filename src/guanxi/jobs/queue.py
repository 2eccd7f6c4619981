"""Every way a job row changes state. Each is one conditional update, so that of several
processes only one wins, and who no longer holds the lease changes nothing."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from guanxi.jobs.models import ACTIVE, Job, State
from guanxi.jobs.registry import get_kind

MAX_ATTEMPTS = 5


def enqueue(
    kind: str,
    arguments: Mapping[str, Any],
    *,
    person_id: int | None,
    surface: str = "page",
    key: str = "",
    batch_id: int | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Queues work in the current transaction: it starts when that commits, or never.

    With a `key`, a job of the same kind and key that waits or runs is returned instead of a
    second one. Raises LookupError for an unknown kind, TypeError for arguments that don't fit.
    """
    known = get_kind(kind)
    known.check_arguments(arguments)
    job = Job(
        kind=kind,
        lane=known.lane,
        arguments=dict(arguments),
        key=key,
        person_id=person_id,
        surface=surface,
        language=get_language() or "",
        batch_id=batch_id,
        not_before=not_before or timezone.now(),
    )
    if key:
        return _insert_once(job)
    job.save(force_insert=True)
    return job


def _insert_once(job: Job) -> Job:
    twins = Job.objects.filter(kind=job.kind, key=job.key, state__in=ACTIVE)
    for last_try in (False, False, True):
        if twin := twins.first():
            return twin
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            if last_try:
                raise
            continue
        break
    return job


def claim(lane: str, owner: str, *, lease: timedelta) -> Job | None:
    """Takes the longest waiting job of a lane, or None. `job.lease_owner` is new at each claim."""
    now = timezone.now()
    waiting = Job.objects.filter(state=State.QUEUED, lane=lane, not_before__lte=now)
    # An idle worker looks without a transaction: SQLite's begins with the write lock.
    if not waiting.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        pk = waiting.order_by("not_before", "id").values_list("pk", flat=True).first()
        return _take(pk, owner, lease=lease) if pk else None


def claim_this(job: Job, owner: str, *, lease: timedelta) -> Job | None:
    """Takes one particular job, or None when it does not wait (any more).

    Called in the transaction that has queued it, nobody else can be quicker.
    """
    return _take(job.pk, owner, lease=lease)


def _take(pk: int, owner: str, *, lease: timedelta) -> Job | None:
    now = timezone.now()
    taken = Job.objects.filter(pk=pk, state=State.QUEUED).update(
        state=State.RUNNING,
        lease_owner=f"{owner}:{uuid.uuid4().hex[:12]}",
        lease_until=now + lease,
        heartbeat=now,
        attempts=F("attempts") + 1,
        started_at=Coalesce(F("started_at"), now),
    )
    return Job.objects.get(pk=pk) if taken else None


def held(job: Job) -> QuerySet[Job]:
    """The job's row while this claim still owns it, else nothing."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, lease_owner=job.lease_owner)


def renew(job: Job, *, lease: timedelta, **columns: Any) -> bool:
    """Prolongs the lease, writing `columns` with it. False when another worker has the job."""
    now = timezone.now()
    return bool(held(job).update(lease_until=now + lease, heartbeat=now, **columns))


def finish(job: Job, state: State, **columns: Any) -> bool:
    """Ends a job for good. False when another worker has it."""
    now = timezone.now()
    return bool(held(job).update(**_over(now), state=state, **columns))


def give_back(job: Job) -> bool:
    """Queues a job again that was stopped at a safe point; that is no failed attempt."""
    return bool(held(job).update(**_waiting(), attempts=F("attempts") - 1))


def put_off(job: Job, *, reason: str) -> bool:
    """Queues a job again after a fault that may pass; fails it after MAX_ATTEMPTS in a row."""
    if job.attempts >= MAX_ATTEMPTS:
        return finish(job, State.FAILED, error_code="attempts", error_text=reason)
    later = timezone.now() + timedelta(seconds=2**job.attempts)
    return bool(held(job).update(**_waiting(), not_before=later, error_text=reason))


def cancel(job_id: int) -> bool:
    """Ends a waiting job at once, asks a running one to end. False when it is over already."""
    now = timezone.now()
    row = Job.objects.filter(pk=job_id)
    with transaction.atomic():
        waiting = row.filter(state=State.QUEUED).update(
            state=State.CANCELLED, finished_at=now, cancel_requested=True
        )
        return bool(waiting or row.filter(state=State.RUNNING).update(cancel_requested=True))


def requeue_expired(now: datetime | None = None) -> int:
    """Queues the jobs again whose worker went silent; they go on from their cursor.

    Jobs somebody has cancelled end; jobs that fell silent MAX_ATTEMPTS times in a row fail.
    Returns how many rows changed.
    """
    now = now or timezone.now()
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    if not expired.exists():
        return 0
    with transaction.atomic():
        cancelled = expired.filter(cancel_requested=True)
        count = cancelled.update(**_over(now), state=State.CANCELLED)
        hopeless = expired.filter(attempts__gte=MAX_ATTEMPTS)
        count += hopeless.update(**_over(now), state=State.FAILED, error_code="worker_lost")
        return count + expired.update(**_waiting())


def expire_leases_of(owner: str) -> int:
    """Ends the leases of a worker known to be dead, so that nobody waits for them to run out."""
    ended = timezone.now() - timedelta(seconds=1)
    leases = Job.objects.filter(state=State.RUNNING, lease_owner__startswith=f"{owner}:")
    return leases.update(lease_until=ended)


def _waiting() -> dict[str, Any]:
    return _without_lease() | {"state": State.QUEUED}


def _over(now: datetime) -> dict[str, Any]:
    return _without_lease() | {"finished_at": now}


def _without_lease() -> dict[str, Any]:
    return {"lease_owner": "", "lease_until": None, "expected_end": None}
