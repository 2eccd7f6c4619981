"""What can be done to any record: invalidate, restore, delete, hand over, share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import Edit, begin, change, check_open
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused, Wrong
from guanxi.kernel.journal import note_beside
from guanxi.kernel.models import Change, SameKey, Share
from guanxi.kernel.outbox import publish
from guanxi.kernel.record import Record, open_door
from guanxi.kernel.snapshot import difference, part_json, snapshot
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.sweep import parts_of_many
from guanxi.kernel.write import journal_removal, require_writer


def invalidate_record(actor: Actor, record: Record, *, reason: str = "") -> None:
    """失效: the row stays, view-only and still unique. Raises Refused where the object has no such
    state."""
    spec = registry.spec(type(record))
    if not spec.can(Capability.INVALIDATE):
        raise Refused(_("These can't be invalidated."))
    with change(actor, record, verb="invalidate", event=f"{spec.key}.invalidated"):
        record.voided_at, record.void_reason = timezone.now(), reason.strip()


def restore_record(actor: Actor, record: Record) -> None:
    spec = registry.spec(type(record))
    with change(actor, record, verb="restore", event=f"{spec.key}.restored"):
        record.voided_at, record.void_reason = None, ""


def transfer_record(actor: Actor, record: Record, *, owner_id: int) -> None:
    """Hands the record to another person; afterwards the giver may no longer see it."""
    spec = registry.spec(type(record))
    if not spec.scope.has_owner:
        raise Refused(_("These have no owner."))
    person = registry.spec("people.person").model
    if not person.rows(actor, "view").live().filter(pk=owner_id).exists():
        raise Refused(_("Choose from the list, please."))
    with change(actor, record, verb="transfer", event=f"{spec.key}.handed_over"):
        record.owner_id = owner_id  # type: ignore[attr-defined]


def share_record(
    actor: Actor, record: Record, *, person_id: int, level: str = "read", until: date | None = None
) -> Share:
    """Lets a colleague see (read) or also edit (write) one record, optionally until a day."""
    require_writer(actor)
    spec = registry.spec(type(record))
    if not scope.may(spec, actor, "share", record):
        raise NotAllowed(_("You may not share this."))
    if getattr(record, "owner_id", None) == person_id:
        raise Refused(_("This is theirs already."))
    person = registry.spec("people.person").model
    if not person.rows(actor, "view").live().filter(pk=person_id).exists():
        raise Refused(_("Choose from the list, please."))
    before = _share_note(_share_with(spec, record, person_id))
    with transaction.atomic():
        share, _made = Share.objects.update_or_create(
            object=spec.key,
            record_id=record.pk,
            person_id=person_id,
            defaults={"level": level, "until": until, "by_person_id": actor.person_id},
        )
        note_beside(actor, spec, record, "share", {"share": [before, _share_note(share)]})
        publish(
            f"{spec.key}.shared",
            spec.key,
            record.pk,
            person_id=actor.person_id,
            diff={"person": [None, person_id], "batch": actor.batch_id},
        )
    return share


def check_last_day(until: date | None) -> None:
    """Raises Wrong for a day on which a share would be over before it began."""
    if until is not None and until < timezone.localdate():
        raise Wrong(_("This day is over; choose a later one."))


def unshare_record(actor: Actor, record: Record, *, person_id: int) -> None:
    require_writer(actor)
    spec = registry.spec(type(record))
    if not scope.may(spec, actor, "share", record):
        raise NotAllowed(_("You may not share this."))
    share = _share_with(spec, record, person_id)
    if share is not None:
        with transaction.atomic():
            note_beside(actor, spec, record, "unshare", {"share": [_share_note(share), None]})
            share.delete()


def _share_with(spec: Spec, record: Record, person_id: int) -> Share | None:
    found = Share.objects.filter(object=spec.key, record_id=record.pk, person_id=person_id)
    return found.first()


def _share_note(share: Share | None) -> dict[str, Any] | None:
    """What the journal keeps of a share."""
    if share is None:
        return None
    until = share.until.isoformat() if share.until else None
    return {"person": share.person_id, "level": share.level, "until": until}


def shares_of(record: Record) -> list[Share]:
    """With whom a record is shared; the caller has checked the right to know."""
    spec = registry.spec(type(record))
    return list(Share.objects.filter(object=spec.key, record_id=record.pk).order_by("id"))


@dataclass(frozen=True)
class Use:
    """Where a record is in use: `count` rows of `label`; `path` leads there from `spec`."""

    spec: Spec
    label: str
    path: str
    count: int


def uses_of(record: Record) -> list[Use]:
    """Every place that links here, whoever may see it; counts only."""
    spec = registry.spec(type(record))
    return uses_of_many(spec, [record.pk]).get(record.pk, [])


def uses_of_many(spec: Spec, ids: Sequence[int]) -> dict[int, list[Use]]:
    """The same for many rows of one object: one statement for each place that links to it."""
    found: dict[int, list[Use]] = {}
    for model, field, owner in registry.links_to(spec.key):
        counted = model._all.filter(**{f"{field}__in": ids}).order_by().values_list(field)
        for record_id, count in counted.annotate(count=Count("pk")):
            found.setdefault(record_id, []).append(_use(model, field, owner, count))
    return found


def _use(model: Any, field: str, owner: Spec | None, count: int) -> Use:
    if owner is not None:
        return Use(owner, str(owner.plural), field, count)
    spec, parts = registry.owner_of(model)
    return Use(spec, f"{spec.plural}: {parts.label}", f"{parts.name}.{field}", count)


def in_use_message(uses: Sequence[Use]) -> str:
    listing = _(", ").join(
        ngettext("%(count)s of %(label)s", "%(count)s of %(label)s", use.count)
        % {"count": f"{use.count:,}", "label": use.label}
        for use in uses
    )
    return _("This is in use (%(uses)s) and can't be deleted. Invalidate it instead.") % {
        "uses": listing
    }


def delete_record(actor: Actor, record: Record) -> Change:
    """Removes the row; a full snapshot stays in the journal, from which undo re-inserts the same
    id.

    Refused while something links here or the record is invalidated.
    """
    spec = registry.spec(type(record))
    if not spec.can(Capability.DELETE):
        raise Refused(_("These can't be deleted."))
    with transaction.atomic():
        edit = begin(actor, record, verb="delete", event=f"{spec.key}.deleted")
        uses = uses_of(record)
        if uses:
            raise Refused(in_use_message(uses), code="in_use")
        _check_absence(actor, edit)
        return remove(actor, spec, record, event=edit.event)


def _check_absence(actor: Actor, edit: Edit) -> None:
    """The object's own checks, asked as if the record were gone; raises Refused."""
    edit.record.voided_at = timezone.now()
    try:
        for check in edit.spec.checks:
            check(actor, edit)
    except Wrong as wrong:
        raise Refused(wrong.message) from None
    except Invalid as invalid:
        said = " ".join(text for texts in invalid.errors.values() for text in texts)
        raise Refused(said) from None
    finally:
        edit.record.voided_at = None


def remove(actor: Actor, spec: Spec, record: Record, *, event: str, batch: Any = None) -> Change:
    """Deletes a row with its parts, keys, shares and documents, keeping the snapshot. Checks are
    done."""
    batch_id = batch.pk if batch else actor.batch_id
    removed = remove_many(actor, spec, [record], event=event, batch_id=batch_id)
    return Change.objects.get(pk=removed[0])


def remove_many(
    actor: Actor, spec: Spec, records: Sequence[Any], *, event: str, batch_id: int | None
) -> list[int]:
    """The same for many rows of one object; returns the ids of the journal's rows."""
    require_writer(actor)
    ids = [record.pk for record in records]
    diffs = []
    children = {parts.name: parts_of_many(spec, parts.name, ids) for parts in spec.parts}
    for record in records:
        diff = {name: [new, None] for name, (_old, new) in difference(None, record).items()}
        for parts in spec.parts:
            rows = children[parts.name].get(record.pk)
            if rows:
                diff[parts.name] = [[part_json(row, parts.owner_field) for row in rows], None]
        diffs.append(diff | {"created_at": [record.created_at.isoformat(), None]})
    with open_door():
        for parts in spec.parts:
            gone = [row.pk for rows in children[parts.name].values() for row in rows]
            if gone:
                parts.model._all.filter(pk__in=gone).delete()
        spec.model._all.filter(pk__in=ids)._raw_delete("default")
    SameKey.objects.filter(object=spec.key, record_id__in=ids).delete()
    for module in registry.modules():
        for forget in module.removers:
            forget(spec, ids)
    _follow(actor, spec, records, event=event)
    return journal_removal(actor, spec, records, diffs=diffs, event=event, batch_id=batch_id)


def _follow(actor: Actor, spec: Spec, records: Sequence[Any], *, event: str) -> None:
    if spec.effects:
        gone = [Edit(spec, one, "delete", event, snapshot(one)) for one in records]
        for follow in spec.effects:
            follow(actor, gone)


def get_record(
    actor: Actor,
    spec: Spec,
    record_id: Any,
    verb: str = "view",
    *,
    opens: bool = False,
    beside: Sequence[str] = (),
) -> Any:
    """The row within the actor's view scope; raises Missing otherwise, NotAllowed where the verb
    isn't granted, Refused where the row can only be viewed and the verb is more than a look
    (`opens`: as in `change()`). `beside`: links whose rows are read along."""
    try:
        number = int(record_id)
    except (TypeError, ValueError):
        raise Missing from None
    rows = spec.model.rows(actor, "view").filter(pk=number, **spec.only)
    record = next(iter(rows.select_related(*beside) if beside else rows), None)
    if record is None:
        raise Missing
    if verb == "view":
        return record
    if not scope.may(spec, actor, verb, record):
        raise NotAllowed(_("You may see this, but not change it this way."))
    check_open(spec, record, verb, opens=opens)
    return record


def get_records(actor: Actor, spec: Spec, ids: Sequence[int], verb: str) -> list[Any]:
    """Those of `ids` the actor may use for this verb, in the order given."""
    found = spec.model.rows(actor, verb).in_bulk(list(dict.fromkeys(ids)))
    return [found[one] for one in dict.fromkeys(ids) if one in found]
