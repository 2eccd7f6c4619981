"""Telling people. Called from subscribers and rules; nobody is told of what they can't see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.notices.letters import send_out
from guanxi.notices.models import Notice, Told, Wishes
from guanxi.notices.sight import LOOKING, can_see
from guanxi.notices.wishes import PAGE, channels, wishes_of
from guanxi.people.models import Person
from guanxi.people.rights import actor_of
from guanxi.people.users import keep_unread


@dataclass(frozen=True, kw_only=True)
class About:
    """What a notice is about: a record, several rows of an object, or a page of its own.

    record_id None: `count` rows of the object, or, without an object, the page at `url`.
    """

    object: str = ""
    record_id: int | None = None
    url: str = ""
    count: int = 1
    values: Mapping[str, Any] = field(default_factory=dict)


def about(record: Any, **values: Any) -> About:
    spec = registry.spec(type(record))
    return About(object=spec.key, record_id=record.pk, values=values)


def notify(
    persons: Iterable[int | None],
    kind: str,
    subject: About,
    *,
    by: int | None = None,
    key: str = "",
    adds: bool = False,
    at: datetime | None = None,
) -> int:
    """Tells each of the persons who may see it, but not the one who did it; returns how many.

    `at`: when it was told, for history brought along. With a `key` a person is told once, however
    often this is called; with `adds` a later call counts on in the notice there is. Raises KeyError
    for a kind nobody declared.
    """
    registry.notice_kinds()[kind]
    wanted = {one for one in persons if one is not None and one != by}
    told = 0
    people = Person.rows(LOOKING).live().filter(pk__in=wanted, signs_in=True)
    for person in people.select_related("user"):
        actor = actor_of(person)
        if can_see(actor, subject.object, subject.record_id):
            told += _tell(actor, person, kind, subject, by=by, key=key, adds=adds, at=at)
    return told


def _tell(
    actor: Actor,
    person: Person,
    kind: str,
    subject: About,
    *,
    by: int | None,
    key: str,
    adds: bool,
    at: datetime | None,
) -> bool:
    now = at or timezone.now()
    known = Notice.objects.filter(person_id=person.pk, key=key) if key else Notice.objects.none()
    if known.exists():
        if adds:
            more = F("count") + subject.count
            known.update(count=more, record_id=None, made_at=now, read_at=None)
            recount(person.pk)
        return False
    wishes = wishes_of(person.pk)
    wanted = channels(wishes, kind)
    notice = Notice.objects.create(
        person_id=person.pk,
        kind=kind,
        object=subject.object,
        record_id=subject.record_id,
        url=subject.url,
        values=dict(subject.values),
        count=subject.count,
        key=key,
        from_person_id=by,
        made_at=now,
        # Who does not want it at the bell still finds it among what was read.
        read_at=None if PAGE in wanted else now,
    )
    recount(person.pk)
    send_out(actor, person, notice, wishes, wanted)
    return True


def mark_older(person_id: int, than: datetime) -> int:
    """Takes what was told before as read; returns how many are unread afterwards."""
    rows = Notice.objects.filter(person_id=person_id, read_at__isnull=True, made_at__lt=than)
    rows.update(read_at=timezone.now())
    return recount(person_id)


def forget_persons(ids: Iterable[int]) -> None:
    """Erases what people were told who are gone for good, and how they wished to be told."""
    gone = list(ids)
    Notice.objects.filter(person_id__in=gone).delete()
    Told.objects.filter(person_id__in=gone).delete()
    Wishes.objects.filter(person_id__in=gone).delete()


def recount(person_id: int) -> int:
    """Counts what is not read and keeps it for the bell; returns it."""
    count = Notice.objects.filter(person_id=person_id, read_at__isnull=True).count()
    keep_unread(person_id, count)
    return count


def mark(person_id: int, ids: Iterable[int] | None, *, read: bool = True) -> int:
    """Marks own notices, None = all of them; returns how many are unread afterwards."""
    rows = Notice.objects.filter(person_id=person_id, read_at__isnull=read)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    rows.update(read_at=timezone.now() if read else None)
    return recount(person_id)
