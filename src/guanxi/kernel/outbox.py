"""Delivers events to their subscribers after commit, at least once each, by a worker's tick."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.models import Batch, Outbox, Payload

log = logging.getLogger("guanxi.outbox")
MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class Event:
    """What a subscriber receives; `diff` is the change's difference ({} for a batch).

    `id` is the same at each attempt; `person_id` is who caused it, None for the product itself.
    """

    name: str
    object: str
    record_id: int | None
    batch_id: int | None
    book: int
    diff: dict[str, Any]
    id: int = 0
    person_id: int | None = None


def publish(
    name: str, object: str, record_id: int, *, person_id: int | None, diff: dict[str, Any]
) -> None:
    """An event that is no change of a row, such as a record shared."""
    if registry.subscribers(name):
        data = {"person_id": person_id, "diff": diff}
        Outbox.objects.create(name=name, object=object, record_id=record_id, data=data)


def publish_batch(name: str, batch: Batch) -> None:
    """The one event of a batch, when it ends."""
    if registry.subscribers(name):
        Outbox.objects.create(name=name, object=batch.object, batch=batch)


def deliver(limit: int = 100) -> int:
    """Hands waiting events to their subscribers; returns how many were looked at."""
    now = timezone.now()
    waiting = Outbox.objects.filter(not_before__lte=now, attempts__lt=MAX_ATTEMPTS).order_by("id")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    for pk in ids:
        _deliver_one(pk)
    return len(ids)


def _deliver_one(pk: int) -> None:
    row = Outbox.objects.select_related("change", "batch").filter(pk=pk).first()
    if row is None:
        return
    event = _event(row)
    failed = ""
    for function in registry.subscribers(row.name):
        name = f"{function.__module__}.{function.__qualname__}"
        if name in row.heard:
            continue
        try:
            with transaction.atomic():
                function(event)
                row.heard = [*row.heard, name]
                row.save(update_fields=("heard",))
        except DatabaseError:
            raise
        except Exception as fault:
            log.exception("Subscriber %s failed on %s", name, row.name)
            failed = f"{name}: {fault}"
    if not failed:
        row.delete()
        return
    row.attempts += 1
    row.error = failed[:2000]
    row.not_before = timezone.now() + timedelta(seconds=2**row.attempts * 5)
    row.save(update_fields=("attempts", "error", "not_before"))


def _event(row: Outbox) -> Event:
    source = row.change or row.batch
    if source is None:
        diff, person_id, book = row.data.get("diff", {}), row.data.get("person_id"), 1
    else:
        payload = Payload.objects.filter(change_id=row.change_id).values_list("diff", flat=True)
        diff, person_id, book = payload.first() or {}, source.person_id, source.book
    return Event(row.name, row.object, row.record_id, row.batch_id, book, diff, row.pk, person_id)
