"""The recycle bin: deleted rows as the journal keeps them, and their way back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import Change
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec
from guanxi.kernel.undo import rebuilt

READ_AT_ONCE = 200


@dataclass(frozen=True)
class Deleted:
    """A row that was deleted and is still gone. `title` is what the reader may know of it."""

    change: Change
    spec: Spec
    title: str
    may_return: bool


def deleted_rows(
    actor: Actor, specs: Sequence[Spec], *, before: int | None = None, limit: int
) -> list[Deleted]:
    """The deleted rows of these objects, newest first, older than change `before`.

    A person sees what they deleted themselves and what lies where they may delete.
    """
    return list(islice(_seen(actor, specs, before), limit))


def find_deleted(actor: Actor, change_ids: Sequence[int]) -> list[Deleted]:
    """Those of these deletions that the actor sees in the recycle bin."""
    found = _gone(actor, list(registry.specs())).filter(pk__in=change_ids)
    return _shown(actor, list(found.select_related("payload")))


def _seen(actor: Actor, specs: Sequence[Spec], before: int | None) -> Iterator[Deleted]:
    found = _gone(actor, specs).order_by("-id").select_related("payload")
    while True:
        older = found.filter(pk__lt=before) if before is not None else found
        changes = list(older[:READ_AT_ONCE])
        yield from _shown(actor, changes)
        if len(changes) < READ_AT_ONCE:
            return
        before = changes[-1].pk


def _gone(actor: Actor, specs: Sequence[Spec]) -> QuerySet[Change]:
    """Deletions after which nothing has happened to the row."""
    keys = [spec.key for spec in specs if actor.may(spec.key, "view")]
    later = Change.objects.filter(
        object=OuterRef("object"), record_id=OuterRef("record_id"), pk__gt=OuterRef("pk")
    )
    found = Change.objects.filter(book=actor.book, object__in=keys, verb="delete")
    return found.filter(~Exists(later), event__endswith=".deleted")


def _shown(actor: Actor, changes: Sequence[Change]) -> list[Deleted]:
    found: dict[int, Deleted] = {}
    for key in {change.object for change in changes}:
        spec = registry.spec(key)
        some = [change for change in changes if change.object == key]
        records = [rebuilt(change) for change in some]
        reached = scope.stays_in_sight(spec, actor, records, "delete")
        back = scope.stays_in_sight(spec, actor, records, "restore")
        for change, record, seen, returns in zip(some, records, reached, back, strict=True):
            record.pk = change.record_id
            own = change.person_id is not None and change.person_id == actor.person_id
            if own or seen:
                found[change.pk] = Deleted(change, spec, title_for(actor, record), own or returns)
    return [found[change.pk] for change in changes if change.pk in found]
