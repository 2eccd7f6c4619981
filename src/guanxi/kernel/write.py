"""Saving edits: rows, parts, journal, duplicate keys, derived documents, events. Called by
`change` only."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.bulk import Drafts, Encoded, insert_records, insert_values, join
from guanxi.kernel.errors import Conflict, NotAllowed, Refused
from guanxi.kernel.extra import COLUMN
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.models import Batch, Change, Outbox, Payload
from guanxi.kernel.numbering import give_numbers
from guanxi.kernel.same import write_keys
from guanxi.kernel.snapshot import came_late, difference, late_names, part_json
from guanxi.kernel.spec import Spec

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

#: As a dict, or of a new record made ready before its transaction.
Diff = dict[str, list[Any]] | Encoded
#: What `_insert` sets.
WHEN_WRITTEN = ("version", "created_at", "updated_at")
#: Acts after which a row may lie outside the actor's reach.
LEAVES_REACH = frozenset({"transfer", "undo", "delete"})
CHANGE = (
    *("at", "book", "person_id", "actor", "surface"),
    *("object", "record_id", "version", "verb", "event", "batch_id"),
)


def only_looks_message() -> str:
    return _("You are looking as somebody else, and only looking: nothing can be changed.")


def require_writer(actor: Actor) -> None:
    """Raises NotAllowed for somebody who looks at the product as another person."""
    if actor.only_looks:
        raise NotAllowed(only_looks_message())


def draft_rows(edits: Sequence["Edit"]) -> Drafts:
    """The rows of checked new records of one object and of their parts, for `write_edits`."""
    spec, drafts = edits[0].spec, Drafts()
    drafts.add([edit.record for edit in edits], (*WHEN_WRITTEN, *late_names(spec)))
    for parts in spec.parts:
        rows = [row for edit in edits for row in edit.parts.get(parts.name, ())]
        drafts.add(rows, (f"{parts.owner_field}_id",))
    return drafts


def write_edits(
    actor: Actor,
    edits: Sequence["Edit"],
    *,
    batch: Batch | None = None,
    drafts: Drafts | None = None,
) -> None:
    """Writes checked edits of one object; unchanged ones leave no trace."""
    require_writer(actor)
    if not edits:
        return
    spec = edits[0].spec
    batch_id = batch.pk if batch else actor.batch_id
    now = timezone.now()
    if spec.by_position:
        _place_at_end([edit.record for edit in edits if edit.is_new])
    give_numbers(spec, edits)
    diffs = _diffs(spec, edits)
    changed = [(edit, diff) for edit, diff in zip(edits, diffs, strict=True) if diff or edit.is_new]
    if not changed:
        return
    touched = [edit for edit, _diff_ in changed]
    _insert([edit for edit in touched if edit.is_new], now, drafts)
    for edit, diff in changed:
        if not edit.is_new:
            _update(edit, diff, edit.at or now)
    _write_parts(spec, touched, drafts)
    changes = _journal(actor, changed, batch_id=batch_id, now=now)
    write_keys(spec, touched)
    for module in registry.modules():
        for write in module.writers:
            write(spec, touched)
    for follow in spec.effects:
        follow(actor, touched)
    _publish(actor, touched, changes, batch_id=batch_id)
    _look_again(actor, spec, touched)


def _place_at_end(records: Sequence[Any]) -> None:
    """New rows without a place stand below those there are."""
    fresh = [record for record in records if not record.position]
    if fresh:
        of_book = type(fresh[0])._all.filter(book=fresh[0].book)
        last = of_book.aggregate(last=Max("position"))["last"] or 0
        for place, record in enumerate(fresh, start=last + 1):
            record.position = place


def _diffs(spec: Spec, edits: Sequence["Edit"]) -> list[Diff]:
    late = came_late(spec, [edit.record for edit in edits])
    return [
        diff_of(edit) if edit.diff is None else join(edit.diff, more)
        for edit, more in zip(edits, late, strict=True)
    ]


def diff_of(edit: "Edit") -> dict[str, list[Any]]:
    """{"field attribute or parts": [before, after]} of a checked edit, as the journal keeps it."""
    found = difference(edit.before, edit.record)
    for name, rows in edit.parts.items():
        parts = edit.spec.part(name)
        assert parts is not None
        before = [part_json(row, parts.owner_field) for row in edit.parts_before.get(name, ())]
        after = [part_json(row, parts.owner_field) for row in rows]
        if before != after:
            found[name] = [before, after]
    return found


def _insert(edits: Sequence["Edit"], now: Any, drafts: Drafts | None) -> None:
    for edit in edits:
        record = edit.record
        if record.pk is None:
            record.version = 1
        record.created_at = record.created_at or edit.at or now
        record.updated_at = edit.at or now
    insert_records([edit.record for edit in edits], drafts)


def _update(edit: "Edit", diff: Diff, now: Any) -> None:
    record = edit.record
    seen = record.version
    values = {name: getattr(record, name) for name in _columns_of(record, diff)}
    values |= {"version": seen + 1, "updated_at": now}
    if not type(record)._all.filter(pk=record.pk, version=seen).update(**values):
        raise Conflict(_("Somebody else has changed this meanwhile."))
    record.version, record.updated_at = seen + 1, now


def _columns_of(record: Any, diff: Diff) -> list[str]:
    """The changed columns with what is derived from them."""
    names = []
    for field in record._meta.concrete_fields:
        if field.attname in diff:
            names.append(field.attname)
            for suffix, (_column, derive) in getattr(field, "companions", {}).items():
                if derive is not None:
                    names.append(f"{field.name}_{suffix}")
    names += [name for name in getattr(record, "derived_columns", ()) if name not in names]
    return [*names, COLUMN] if any(is_extra(name) for name in diff) else names


def _write_parts(spec: Spec, edits: Sequence["Edit"], drafts: Drafts | None) -> None:
    for parts in spec.parts:
        fresh: list[Any] = []
        owner = f"{parts.owner_field}_id"
        for edit in edits:
            rows = edit.parts.get(parts.name)
            if rows is None:
                continue
            before = edit.parts_before.get(parts.name)
            gone = {row.pk for row in before} - {row.pk for row in rows} if before else set()
            if gone:
                parts.model._all.filter(pk__in=gone).delete()
            owner_id = edit.record.id
            for row in rows:
                if row.id is None:
                    # Past the descriptor: half of the time this loop takes.
                    row.__dict__[owner] = owner_id
                    fresh.append(row)
                else:
                    setattr(row, owner, owner_id)
                    row.save()
        insert_records(fresh, drafts)


def _journal(
    actor: Actor,
    changed: Sequence[tuple["Edit", Diff]],
    *,
    batch_id: int | None,
    now: Any,
) -> list[int]:
    """Writes a row and its payload per change; returns the ids of the rows."""
    rows = []
    for edit, _unused in changed:
        record, by = edit.record, edit.by or actor
        who = (actor.book, by.person_id, by.name[:100], actor.surface)
        what = (edit.spec.key, record.id, record.version, edit.verb, edit.event, batch_id)
        rows.append((edit.at or now, *who, *what))
    return _insert_journal(rows, [diff for _edit, diff in changed])


def journal_removal(
    actor: Actor,
    spec: Spec,
    records: Sequence[Any],
    *,
    diffs: Sequence[Diff],
    event: str,
    batch_id: int | None,
) -> list[int]:
    """What the journal keeps of removed rows; returns the ids of its rows."""
    now = timezone.now()
    who = (actor.book, actor.person_id, actor.name[:100], actor.surface)
    rows = [
        (now, *who, spec.key, record.pk, record.version + 1, "delete", event, batch_id)
        for record in records
    ]
    return _insert_journal(rows, diffs)


def _insert_journal(rows: Sequence[Sequence[Any]], diffs: Sequence[Diff]) -> list[int]:
    ids = insert_values(Change, CHANGE, rows)
    insert_values(Payload, ("change_id", "diff"), list(zip(ids, diffs, strict=True)))
    return ids


def _publish(
    actor: Actor, edits: Sequence["Edit"], changes: list[int], *, batch_id: int | None
) -> None:
    """One event per change; a batch publishes its one event when it ends."""
    if batch_id is not None:
        return
    Outbox.objects.bulk_create(
        Outbox(name=name, object=edit.spec.key, record_id=edit.record.pk, change_id=change)
        for edit, change in zip(edits, changes, strict=True)
        for name in _events(actor, edit)
        if registry.subscribers(name)
    )


def _events(actor: Actor, edit: "Edit") -> list[str]:
    """Its own event, and whichever way the row came to another owner, "x.y.owner_changed"."""
    owner = getattr(edit.record, "owner_id", None)
    before = edit.before.get("owner_id") if edit.before else None
    # What people make for themselves is the usual case and tells nobody anything.
    is_news = owner != before and (before is not None or owner != actor.person_id)
    return [edit.event, f"{edit.spec.key}.owner_changed"] if is_news else [edit.event]


def _look_again(actor: Actor, spec: Spec, edits: Sequence["Edit"]) -> None:
    """A change must not put the row where its author can no longer see it, unless that is the
    act."""
    ids = [edit.record.pk for edit in edits if edit.verb not in LEAVES_REACH]
    if not ids or any(not branch for branch in scope.branches(spec, actor, "view")):
        return
    seen = scope.rows(spec.model, actor, "view").filter(pk__in=ids).count()
    if seen != len(ids):
        raise Refused(leaves_reach_message(), code="leaves_reach")


def leaves_reach_message() -> str:
    return _("You would no longer be able to see this. Hand it over instead.")
