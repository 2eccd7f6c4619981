"""Reading the journal and its batches, and noting what happened beside a record."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Batch, Change, Payload
from guanxi.kernel.spec import Spec

#: What leaves the record itself as it was: no version, no event, nothing to take back.
NOTES = frozenset(
    {
        *("comment", "comment_edit", "comment_delete", "comment_restore"),
        *("attach", "detach", "reattach", "share", "unshare"),
        *("connect", "disconnect"),
    }
)


def note_beside(actor: Actor, spec: Spec, record: Any, verb: str, diff: dict[str, Any]) -> None:
    """Journals something of `NOTES`: {"comment" | "file" | "share" | "account": [before, after]}."""
    change = Change.objects.create(
        at=timezone.now(),
        book=record.book,
        person_id=actor.person_id,
        actor=actor.name[:100],
        surface=actor.surface,
        object=spec.key,
        record_id=record.pk,
        version=record.version,
        verb=verb,
    )
    Payload.objects.create(change=change, diff=diff)


def changes_of(spec: Spec, record: Any, *, before: int | None = None) -> QuerySet[Change]:
    """The changes of one record with their payloads, newest first; older than change `before`."""
    found = Change.objects.filter(object=spec.key, record_id=record.pk, book=record.book)
    if before is not None:
        found = found.filter(id__lt=before)
    return found.select_related("payload").order_by("-id")


def last_change(spec: Spec, record: Any) -> Change | None:
    """The newest change of the record's own values."""
    return changes_of(spec, record).exclude(verb__in=NOTES).first()


def get_change(actor: Actor, change_id: int) -> Change | None:
    """One change of the actor's account set; who may see or undo it is the caller's question."""
    found = Change.objects.select_related("payload").filter(pk=change_id, book=actor.book)
    return found.first()


def open_batch(actor: Actor, spec: Spec, *, kind: str, title: str = "") -> Batch:
    return Batch.objects.create(
        book=actor.book,
        person_id=actor.person_id,
        actor=actor.name[:100],
        kind=kind,
        object=spec.key,
        title=(title or str(spec.plural))[:200],
    )


def close_batch(batch: Batch, *, rows: int) -> None:
    batch.rows = rows
    batch.save(update_fields=("rows",))


def own_batch(actor: Actor, batch_id: int) -> Batch | None:
    """A batch this very person made."""
    if actor.person_id is None:
        return None
    return Batch.objects.filter(pk=batch_id, book=actor.book, person_id=actor.person_id).first()


def ids_of_batch(actor: Actor, spec: Spec, batch_id: int) -> QuerySet:
    """Ids of the rows one batch of the actor's account set touched."""
    known = Batch.objects.filter(pk=batch_id, book=actor.book)
    return Change.objects.filter(batch__in=known, object=spec.key).values("record_id")


def standing_batch(actor: Actor, *, kind: str) -> Batch | None:
    """The newest batch of a kind, whole or still being written, until its undo has been closed."""
    standing = Q(undone_by=None) | Q(undone_by__rows=0)
    return Batch.objects.filter(standing, book=actor.book, kind=kind).order_by("-id").first()


def made_by(batch: Batch, spec: Spec) -> QuerySet[Change]:
    """The changes by which a batch created rows of one object."""
    return Change.objects.filter(batch=batch, object=spec.key, verb="create").order_by("id")


def batch_numbered(batch_id: int) -> Batch:
    """For work that goes on with a batch of its own."""
    return Batch.objects.get(pk=batch_id)


def changes_in(batch: Batch) -> int:
    return Change.objects.filter(batch=batch).count()


def changed_in(batch_id: int) -> Iterator[dict[str, Any]]:
    """The difference of each change of a batch."""
    found = Payload.objects.filter(change__batch=batch_id).order_by("change_id")
    return found.values_list("diff", flat=True).iterator()
