"""Telling people of rows whose day has come: each once, however often and however late one looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from guanxi.notices.models import Told
from guanxi.notices.service import About, notify

#: More than so many of one person are told in one notice.
ONE_BY_ONE = 5
AT_ONCE = 500


@dataclass(frozen=True)
class Due:
    """A row to tell of; `occasion` is what makes it worth telling again, such as its day."""

    record_id: int
    occasion: str
    values: Mapping[str, Any] = field(default_factory=dict)


def remind(kind: str, object: str, due: Mapping[int, Sequence[Due]], *, url: str) -> int:
    """Tells each person (id -> rows) of what they were not told yet; how many notices came of it.

    `url` leads to the rows where they are too many to be told one by one. Who can't be told now
    is told next time.
    """
    return sum(
        _remind_one(person_id, kind, object, mine, url=url)
        for person_id, rows in due.items()
        if (mine := list(_not_told(person_id, kind, object, rows)))
    )


def _not_told(person_id: int, kind: str, object: str, rows: Sequence[Due]) -> Iterator[Due]:
    told = Told.objects.filter(person_id=person_id, kind=kind, object=object)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        found = told.filter(record_id__in=[one.record_id for one in some])
        known = set(found.values_list("record_id", "occasion"))
        yield from (one for one in some if (one.record_id, one.occasion) not in known)


def _remind_one(person_id: int, kind: str, object: str, mine: Sequence[Due], *, url: str) -> int:
    with transaction.atomic():
        if len(mine) > ONE_BY_ONE:
            several = About(object=object, url=url, count=len(mine))
            count = notify([person_id], kind, several)
            return _note(person_id, kind, object, mine) if count else 0
        told = []
        for one in mine:
            about = About(object=object, record_id=one.record_id, values=one.values)
            if notify([person_id], kind, about):
                told.append(one)
        _note(person_id, kind, object, told)
        return len(told)


def _note(person_id: int, kind: str, object: str, rows: Sequence[Due]) -> int:
    """Remembers the rows; one notice was made of them."""
    now = timezone.now()
    Told.objects.bulk_create(
        [
            Told(
                person_id=person_id,
                kind=kind,
                object=object,
                record_id=one.record_id,
                occasion=one.occasion,
                at=now,
            )
            for one in rows
        ],
        batch_size=AT_ONCE,
    )
    return 1
