"""Uploads nobody made use of: a form was left, a program sent a file and no record named it."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from guanxi.kernel.models import Payload, StoredFile

logger = logging.getLogger(__name__)

LEFT = timedelta(days=1)
AT_ONCE = 200


def remove_unused(now: datetime | None = None) -> int:
    """Removes uploads of more than a day that nothing holds or ever held; returns how many.

    What was held once stays: undo and the recycle bin bring its record back. Each upload is looked
    at once.
    """
    before = (now or timezone.now()) - LEFT
    count = 0
    while True:
        some = list(
            StoredFile.objects.filter(settled=False, at__lt=before).order_by("id")[:AT_ONCE]
        )
        if not some:
            return count
        ids = {one.pk for one in some}
        held = _held(ids)
        held |= _held_once([one for one in some if one.pk not in held])
        StoredFile.objects.filter(pk__in=held).update(settled=True)
        for one in some:
            if one.pk not in held:
                count += _remove(one)


def _held(ids: set[int]) -> set[int]:
    """Those a row of any table points at."""
    found: set[int] = set()
    for field in _fields():
        rows: Any = field.model._base_manager
        if hasattr(field.model, "_all"):
            rows = field.model._all
        held = rows.filter(**{f"{field.name}__in": ids}).values_list(field.attname, flat=True)
        found.update(held)
    return found


def _fields() -> Iterator[models.ForeignKey]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is StoredFile:
                yield field


def _held_once(files: list[StoredFile]) -> set[int]:
    """Those the journal names: in changes by who uploaded them, made since."""
    names = {field.attname for field in _fields()}
    found: set[int] = set()
    for person_id in {one.by_person_id for one in files}:
        mine = [one for one in files if one.by_person_id == person_id]
        since = min(one.at for one in mine)
        made = Payload.objects.filter(change__person_id=person_id, change__at__gte=since)
        for diff in made.values_list("diff", flat=True).iterator():
            found.update(_named(diff, names))
    return found & {one.pk for one in files}


def _named(diff: dict[str, Any], names: set[str]) -> Iterator[int]:
    """Ids of files in a difference: of the record's own fields and of its child rows."""
    for name, pair in diff.items():
        for value in pair:
            if name in names and isinstance(value, int):
                yield value
            if isinstance(value, list):
                rows = (row for row in value if isinstance(row, dict))
                yield from (row[one] for row in rows for one in names & row.keys())


def _remove(stored: StoredFile) -> int:
    with transaction.atomic():
        stored.delete()
    try:
        default_storage.delete(stored.path)
    except OSError:
        # The row is gone, so nobody reaches the bytes; the next one matters more.
        logger.exception("could not remove the file %s", stored.path)
    return 1
