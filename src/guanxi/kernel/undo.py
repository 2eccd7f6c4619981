"""Taking changes back: one change or a whole batch, as long as nothing later touched the rows."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import begin, finish
from guanxi.kernel.check import check_edits
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.extra import put_stored
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.journal import NOTES
from guanxi.kernel.kinds import LinkKind
from guanxi.kernel.models import Batch, Change
from guanxi.kernel.record import open_door
from guanxi.kernel.snapshot import from_json, part_rows, value_names
from guanxi.kernel.spec import Parts, Spec
from guanxi.kernel.unmake import (
    not_allowed_message,
    out_of_reach_message,
    touched_since,
    unmake_many,
)
from guanxi.kernel.write import require_writer, write_edits

CHUNK = 200


@dataclass
class Undone:
    """How an undo went: rows taken back, and those that could not be, with the reason."""

    done: int = 0
    left: list[tuple[Change, str]] = field(default_factory=list)


def undo_change(actor: Actor, change: Change, *, batch: Batch | None = None) -> None:
    """Takes one change back; raises Refused with the reason where it can't be, Missing for a row out
    of sight."""
    require_writer(actor)
    spec = registry.spec(change.object)
    if change.verb in NOTES:
        raise Refused(_("This left the record as it was; take it back where it stands."))
    with transaction.atomic():
        if change.verb == "delete":
            _reinsert(actor, spec, change, batch=batch)
            return
        if change.verb == "create":
            _unmake(actor, change, batch=batch)
            return
        record = spec.model._all.select_for_update().filter(pk=change.record_id).first()
        if record is None:
            raise Refused(_("The row no longer exists."))
        if not _within_reach(actor, spec, record, change):
            raise Missing
        if record.version != change.version and touched_since(change, batch):
            raise Refused(_("The row has been changed since."))
        _put_back(actor, spec, record, change, batch=batch)


def may_undo(actor: Actor, change: Change) -> bool:
    """Undo is for what one did oneself, or may edit; in either case for rows within reach."""
    spec = registry.find(change.object)
    if spec is None:
        return False
    record = spec.model._all.filter(pk=change.record_id).first()
    if _is_own(actor, change):
        return record is None or _within_reach(actor, spec, record, change)
    if record is None or not actor.may(spec.key, "edit"):
        return False
    return scope.may(spec, actor, "view", record) and scope.may(spec, actor, "edit", record)


def _is_own(actor: Actor, change: Change) -> bool:
    return change.person_id is not None and change.person_id == actor.person_id


def _within_reach(actor: Actor, spec: Spec, record: Any, change: Change) -> bool:
    """Whether the row is in sight, or comes back into it: what one handed over oneself."""
    if scope.may(spec, actor, "view", record):
        return True
    if not _is_own(actor, change) or change.verb in ("create", "delete"):
        return False
    before = copy(record)
    for name, (old, _new) in change.payload.diff.items():  # type: ignore[attr-defined]
        if spec.part(name) is None:
            _put(spec, before, name, old)
    return scope.stays_in_sight(spec, actor, [before])[0]


def _unmake(actor: Actor, change: Change, *, batch: Batch | None) -> None:
    _change, reason = unmake_many(actor, [change], batch=batch)[0]
    if reason == out_of_reach_message():
        raise Missing
    if reason == not_allowed_message():
        raise NotAllowed(reason)
    if reason:
        raise Refused(reason)


def undo_batch(
    actor: Actor, batch: Batch, *, start: int = 0, limit: int = CHUNK
) -> tuple[Undone, int]:
    """Takes back up to `limit` changes of a batch, newest first; returns the result and the next
    cursor.

    The cursor is the id of the last change looked at (0 = begin); it stays the same when nothing
    is left.
    """
    require_writer(actor)
    found = Change.objects.filter(batch=batch).order_by("-id")
    if start:
        found = found.filter(id__lt=start)
    result = Undone()
    changes = list(found.select_related("payload")[:limit])
    made = _made_by(batch, changes)
    todo = [change for change in changes if not _goes_with_its_row(change, made)]
    for (verb, _key), some in groupby(todo, key=lambda change: (change.verb, change.object)):
        if verb == "create":
            with transaction.atomic():
                reasons = unmake_many(actor, list(some), batch=undoing(actor, batch))
        else:
            reasons = [(change, _undo_one(actor, change, batch)) for change in some]
        result.done += sum(not reason for _change, reason in reasons)
        result.left += [(change, reason) for change, reason in reasons if reason]
    return result, changes[-1].pk if changes else start


def _undo_one(actor: Actor, change: Change, batch: Batch) -> str:
    """Why this change can't be taken back, or "" when it has been."""
    try:
        undo_change(actor, change, batch=undoing(actor, batch))
    except (Refused, Invalid) as refused:
        return refused.message if isinstance(refused, Refused) else _first(refused)
    except Missing:
        return out_of_reach_message()
    return ""


def _made_by(batch: Batch, changes: Sequence[Change]) -> set[tuple[str, int]]:
    """(object, id) of the rows the batch made, among those these changes touch or link to."""
    ids = {pk for change in changes for _key, pk in (_row(change), *_linked(change))}
    found = Change.objects.filter(batch=batch, verb="create", record_id__in=ids)
    return set(found.values_list("object", "record_id"))


def _goes_with_its_row(change: Change, made: set[tuple[str, int]]) -> bool:
    """A later change of a row that the batch itself made, unless it ties together two such rows."""
    if change.verb == "create" or _row(change) not in made:
        return False
    return not any(target in made for target in _linked(change))


def _row(change: Change) -> tuple[str, int]:
    return change.object, change.record_id


def _linked(change: Change) -> Iterator[tuple[str, int]]:
    """The rows that the links of this change lead to, those of its child rows included."""
    spec = registry.spec(change.object)
    kinds_of = dict(value_names(spec.model))
    for name, (_old, new) in change.payload.diff.items():  # type: ignore[attr-defined]
        parts = spec.part(name)
        if parts is not None:
            of_part = dict(value_names(parts.model))
            for line in new or ():
                yield from _targets(of_part, line)
        else:
            yield from _targets(kinds_of, {name: new})


def _targets(kinds_of: dict[str, Any], values: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in values.items():
        kind = kinds_of.get(name)
        if isinstance(kind, LinkKind) and value is not None:
            yield kind.to, value


def undoing(actor: Actor, batch: Batch) -> Batch:
    """The batch that holds the undo of another; made at first use."""
    if batch.undone_by is None:
        batch.undone_by = Batch.objects.create(
            book=batch.book,
            person_id=actor.person_id,
            actor=actor.name[:100],
            kind="undo",
            object=batch.object,
            title=batch.title,
        )
        batch.save(update_fields=("undone_by",))
    return batch.undone_by


def _first(invalid: Invalid) -> str:
    return next(iter(invalid.errors.values()))[0]


def _put_back(
    actor: Actor, spec: Spec, record: Any, change: Change, *, batch: Batch | None
) -> None:
    verb = change.verb if change.verb in ("invalidate", "restore", "transfer") else "edit"
    if not (scope.may(spec, actor, verb, record) or _is_own(actor, change)):
        raise NotAllowed(_("You may not change this row."))
    edit = _edit_for_undo(spec, record)
    for name, (old, _new) in change.payload.diff.items():  # type: ignore[attr-defined]
        parts = spec.part(name)
        if parts is not None:
            edit.parts_before[name] = part_rows(spec, name, record)
            edit.set_parts(name, _part_objects(parts, old or [], keep=edit.parts_before[name]))
        else:
            _put(spec, record, name, old)
    finish(actor, [edit], batch=batch)


def _edit_for_undo(spec: Spec, record: Any) -> Any:
    return begin(_unlimited(record.book), record, verb="undo", event=f"{spec.key}.undone")


def _unlimited(book: int) -> Actor:
    """Undo has checked its own right; scope and verb of the row's state are no question any
    more."""
    return system_actor("undo", book=book)


def _put(spec: Spec, record: Any, name: str, stored: Any) -> None:
    if is_extra(name):
        put_stored(record, name, stored)
    else:
        setattr(record, name, _value(spec, name, stored))


def _value(spec: Spec, name: str, stored: Any) -> Any:
    value = from_json(spec.model, name, stored)
    model_field = next(f for f in spec.model._meta.concrete_fields if f.attname == name)
    if value is None and not model_field.null:
        return model_field.get_default() if model_field.has_default() else ""
    return value


def _part_objects(parts: Parts, stored: list[dict[str, Any]], *, keep: list[Any]) -> list[Any]:
    known = {row.pk for row in keep}
    rows = []
    for line in stored:
        row = parts.model()
        for name, value in line.items():
            if name != "id":
                setattr(row, name, from_json(parts.model, name, value))
        row.pk = line["id"] if line["id"] in known else None
        rows.append(row)
    return rows


def rebuilt(change: Change) -> Any:
    """The record a deletion removed, as it was, not stored."""
    spec = registry.spec(change.object)
    record = spec.model(pk=None, book=change.book)
    diff = change.payload.diff  # type: ignore[attr-defined]
    names = {name for name, _kind in value_names(spec.model)}
    for name, (old, _none) in diff.items():
        if name in names or is_extra(name):
            _put(spec, record, name, old)
    if "created_at" in diff:
        record.created_at = datetime.fromisoformat(diff["created_at"][0])
    return record


def _reinsert(actor: Actor, spec: Spec, change: Change, *, batch: Batch | None) -> None:
    """Brings a deleted row back under its old id."""
    record = rebuilt(change)
    in_sight = scope.stays_in_sight(spec, actor, [record], "restore")[0]
    if not (_is_own(actor, change) or in_sight):
        raise NotAllowed(_("You may not change this row."))
    if spec.model._all.filter(pk=change.record_id).exists():
        raise Refused(_("The row exists already."))
    _check_links(spec, record)
    edit = begin(_unlimited(change.book), record, verb="create", event=f"{spec.key}.undeleted")
    diff = change.payload.diff  # type: ignore[attr-defined]
    for parts in spec.parts:
        if parts.name in diff:
            edit.set_parts(parts.name, _part_objects(parts, diff[parts.name][0], keep=[]))
    _insert_again(actor, edit, change, batch=batch)


def _check_links(spec: Spec, record: Any) -> None:
    """What the row linked to may have been deleted after it; that comes back first."""
    for name, kind in value_names(spec.model):
        linked = getattr(record, name) if isinstance(kind, LinkKind) else None
        if linked is None:
            continue
        target: Any = registry.spec(kind.to)  # type: ignore[union-attr]
        if not target.model._all.filter(pk=linked).exists():
            raise Refused(
                _("The %(name)s it belongs to is deleted. Bring that back first.")
                % {"name": target.name}
            )


def _insert_again(actor: Actor, edit: Any, change: Change, *, batch: Batch | None) -> None:
    edit.verb = "undo"
    check_edits(actor, [edit])
    if edit.errors:
        raise Invalid(edit.errors)
    edit.record.pk = change.record_id
    # Counting goes on, so that older changes of this row are not taken for its newest one.
    edit.record.version = change.version + 1
    with open_door():
        write_edits(actor, [edit], batch=batch)
