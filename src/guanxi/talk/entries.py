"""Comments and attachments of a record: who may write, change, take away and bring back.

Whoever sees a record may comment on it; files follow the right to change it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import closed_because
from guanxi.kernel.errors import Missing, NotAllowed, Refused, Wrong
from guanxi.kernel.files import keep_file
from guanxi.kernel.journal import note_beside
from guanxi.kernel.outbox import publish
from guanxi.kernel.spec import Spec
from guanxi.kernel.write import require_writer
from guanxi.talk.mentions import read_mentions
from guanxi.talk.models import Entry

LONGEST = 2000
TEXT = kinds.LongTextKind(max=LONGEST)
EDITABLE = timedelta(minutes=10)
MAX_BYTES = 20 * 1024 * 1024
MOST_FILES = 200
WORDS = 120
AT_ONCE = 200


def entries_of(spec: Spec, record: Any) -> QuerySet[Entry]:
    """What stands beside this record, newest first; that the reader sees it has been asked."""
    found = Entry.objects.filter(object=spec.key, record_id=record.pk, deleted_at__isnull=True)
    return found.select_related("file").order_by("-id")


def comment_closed(spec: Spec, record: Any) -> str:
    """Why nobody may write here now; "" where one may."""
    return closed_because(spec, record, "edit") if record.is_void else ""


def write_comment(actor: Actor, record: Any, text: str) -> Entry:
    """Says something about a record the person sees; raises Wrong, or Refused on an invalid one."""
    require_writer(actor)
    spec = registry.spec(type(record))
    closed = comment_closed(spec, record)
    if closed:
        raise Refused(closed)
    said = _said(text)
    mentions = read_mentions(actor, spec, record, said)
    with transaction.atomic():
        entry = Entry.objects.create(**_about(actor, spec, record), text=said, mentions=mentions)
        note_beside(actor, spec, record, "comment", {"comment": [None, said]})
        _tell(actor, entry, [person for person, _name in mentions])
    return entry


def edit_comment(actor: Actor, record: Any, entry: Entry, text: str) -> None:
    """Changes what one has just said; those mentioned anew hear of it. Raises Wrong, Refused."""
    spec = registry.spec(type(record))
    check_editable(actor, spec, record, entry)
    said = _said(text)
    mentions = read_mentions(actor, spec, record, said)
    known = {person for person, _name in entry.mentions}
    before, entry.text, entry.mentions = entry.text, said, mentions
    entry.edited_at = timezone.now()
    with transaction.atomic():
        entry.save(update_fields=("text", "mentions", "edited_at"))
        note_beside(actor, spec, record, "comment_edit", {"comment": [before, said]})
        _tell(actor, entry, [person for person, _name in mentions if person not in known])


def check_editable(actor: Actor, spec: Spec, record: Any, entry: Entry) -> None:
    """Raises Refused where this comment can't be changed by this person now."""
    require_writer(actor)
    if entry.file_id is not None or not is_own(actor, entry):
        raise NotAllowed(_("Only who wrote a comment can change it."))
    if not is_fresh(entry):
        raise Refused(_("A comment can be changed for ten minutes. Write another one instead."))
    closed = comment_closed(spec, record)
    if closed:
        raise Refused(closed)


def is_own(actor: Actor, entry: Entry) -> bool:
    return actor.person_id is not None and entry.person_id == actor.person_id


def is_fresh(entry: Entry) -> bool:
    return timezone.now() - entry.at < EDITABLE


def attach_file(actor: Actor, record: Any, upload: Any) -> Entry:
    """Puts a file beside a record the person may change; raises Wrong with the file's fault."""
    spec = registry.spec(type(record))
    _check_may_edit(actor, spec, record)
    if entries_of(spec, record).filter(file__isnull=False).count() >= MOST_FILES:
        raise Wrong(_("There are %(most)s attachments here already.") % {"most": MOST_FILES})
    stored = keep_file(actor, upload, max_bytes=MAX_BYTES)
    with transaction.atomic():
        entry = Entry.objects.create(**_about(actor, spec, record), file=stored)
        note_beside(actor, spec, record, "attach", {"file": [None, _file_note(entry)]})
    return entry


def remove_entry(actor: Actor, record: Any, entry: Entry) -> None:
    """Takes a comment of one's own away, or a file from a record one may change."""
    spec = registry.spec(type(record))
    _check_may_remove(actor, spec, record, entry)
    entry.deleted_at, entry.deleted_by_id = timezone.now(), actor.person_id
    with transaction.atomic():
        entry.save(update_fields=("deleted_at", "deleted_by_id"))
        if entry.file_id is None:
            note_beside(actor, spec, record, "comment_delete", {"comment": [entry.text, None]})
        else:
            note_beside(actor, spec, record, "detach", {"file": [_file_note(entry), None]})


def bring_back(actor: Actor, record: Any, entry_id: int) -> Entry:
    """Undoes a removal of one's own; raises Missing for anything else."""
    spec = registry.spec(type(record))
    gone = Entry.objects.filter(object=spec.key, record_id=record.pk, deleted_at__isnull=False)
    entry = gone.filter(pk=entry_id, deleted_by_id=actor.person_id or 0).first()
    if entry is None:
        raise Missing
    _check_may_remove(actor, spec, record, entry)
    entry.deleted_at = entry.deleted_by_id = None
    with transaction.atomic():
        entry.save(update_fields=("deleted_at", "deleted_by_id"))
        if entry.file_id is None:
            note_beside(actor, spec, record, "comment_restore", {"comment": [None, entry.text]})
        else:
            note_beside(actor, spec, record, "reattach", {"file": [None, _file_note(entry)]})
    return entry


def get_entry(spec: Spec, record: Any, entry_id: int) -> Entry:
    """One entry of a record the person sees; raises Missing."""
    entry = entries_of(spec, record).filter(pk=entry_id).first()
    if entry is None:
        raise Missing
    return entry


def calls_since(spec: Spec, person_id: int, since: datetime) -> list[Entry]:
    """Comments of a person beside records of one object that call others, the oldest first."""
    found = Entry.objects.filter(object=spec.key, person_id=person_id, at__gte=since)
    return [entry for entry in found.order_by("at", "id") if entry.mentions]


def write_past(found: Sequence[Entry]) -> None:
    """Stores what was said in the past, each entry at its own time: history brought along."""
    days = [entry.at for entry in found]
    Entry.objects.bulk_create(found, batch_size=AT_ONCE)
    # Creation stamps the present.
    for entry, at in zip(found, days, strict=True):
        entry.at = at
    Entry.objects.bulk_update(found, ["at"], batch_size=AT_ONCE)


def forget_entries(spec: Spec, ids: Iterable[int]) -> None:
    """Erases what stood beside records that are gone for good."""
    gone = sorted(ids)
    for start in range(0, len(gone), AT_ONCE):
        some = gone[start : start + AT_ONCE]
        Entry.objects.filter(object=spec.key, record_id__in=some).delete()


def _check_may_remove(actor: Actor, spec: Spec, record: Any, entry: Entry) -> None:
    require_writer(actor)
    if entry.file_id is not None:
        _check_may_edit(actor, spec, record)
    elif not is_own(actor, entry):
        raise NotAllowed(_("Only who wrote a comment can delete it."))


def _check_may_edit(actor: Actor, spec: Spec, record: Any) -> None:
    closed = closed_because(spec, record, "edit")
    if closed:
        raise Refused(closed)
    require_writer(actor)
    if not scope.may(spec, actor, "edit", record):
        raise NotAllowed(_("You may see this, but not change it this way."))


def _about(actor: Actor, spec: Spec, record: Any) -> dict[str, Any]:
    return {
        "book": actor.book,
        "object": spec.key,
        "record_id": record.pk,
        "person_id": actor.person_id,
        "author": actor.name[:100],
    }


def _file_note(entry: Entry) -> dict[str, Any]:
    """What the journal keeps of an attachment: which it was, the bytes stay where they are."""
    stored: Any = entry.file
    return {"id": stored.pk, "name": stored.name, "size": stored.size, "sha256": stored.sha256}


def _said(text: str) -> str:
    said = TEXT.parse(text)
    if said is None:
        raise Wrong(_("Write something first."))
    return said


def _tell(actor: Actor, entry: Entry, persons: list[int]) -> None:
    """The event "<object>.mentioned", whose diff names the persons and the first words."""
    if persons:
        publish(
            f"{entry.object}.mentioned",
            entry.object,
            entry.record_id,
            person_id=actor.person_id,
            diff={"persons": persons, "words": entry.text[:WORDS], "comment": entry.pk},
        )
