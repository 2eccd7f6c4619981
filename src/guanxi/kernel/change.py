"""The one door for writing.

`change()` is for one record, `change_many()` for a batch; both end in `write.write_edits`.
Permission,
row lock, version check, validation, save, journal, search document, event: one transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.bulk import Drafts, Encoded, encode
from guanxi.kernel.check import check_edits
from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.models import Batch
from guanxi.kernel.record import Part, Record, open_door
from guanxi.kernel.snapshot import part_rows, snapshot
from guanxi.kernel.spec import Spec
from guanxi.kernel.write import diff_of, draft_rows, require_writer, write_edits

ON_VOID = frozenset({"restore", "undo"})


def void_message() -> str:
    return _("This is invalidated and can only be viewed.")


def locked_message() -> str:
    return _("This is in force and can only be viewed. Take it out of force first.")


def check_open(spec: Spec, record: Record, verb: str, *, opens: bool = False) -> None:
    """Raises Refused for a row that can only be viewed; `opens`: locked ones may pass."""
    problem = closed_because(spec, record, verb, opens=opens)
    if problem:
        raise Refused(problem, code="void")


def closed_because(spec: Spec, record: Record, verb: str, *, opens: bool = False) -> str:
    if verb in ON_VOID:
        return ""
    if record.is_void:
        return void_message()
    locked = spec.locked and not opens and getattr(record, spec.locked)
    return locked_message() if locked else ""


@dataclass
class Edit:
    """One record being written. `before` is None for a new one; `parts` holds only what was set.

    `at` and `by`: when it happened and who did it, for history that is brought along; None is now,
    and the actor who writes. `diff` and `drafts`: what the journal and the modules made ready of a
    new record before its transaction, without what comes late (`snapshot.late_names`).
    """

    spec: Spec
    record: Record
    verb: str
    event: str
    before: dict[str, Any] | None
    parts: dict[str, list[Part]] = field(default_factory=dict)
    parts_before: dict[str, list[Part]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    same_keys: set[tuple[int, str]] | None = None
    at: datetime | None = None
    by: Actor | None = None
    diff: Encoded | None = None
    drafts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def set_parts(self, name: str, rows: Sequence[Part]) -> None:
        """Replaces the child rows of this name; rows that carry an id are kept and updated."""
        self.parts[name] = list(rows)


@contextmanager
def change(
    actor: Actor, record: Record, *, verb: str = "edit", event: str = "", opens: bool = False
) -> Iterator[Edit]:
    """Everything assigned to `record` within the block is checked and written at its end.

    `opens`: the record may be one that is locked (`Spec.locked`), for the rule that unlocks it.

    Raises Missing (out of scope), NotAllowed (verb not granted), Conflict (changed since read),
    Refused (invalidated), Invalid (values). Nothing is written unless all of it is.
    """
    with transaction.atomic():
        edit = begin(actor, record, verb=verb, event=event, opens=opens)
        try:
            yield edit
        except BaseException:
            _restore(edit)
            raise
        finish(actor, [edit])


def begin(actor: Actor, record: Record, *, verb: str, event: str = "", opens: bool = False) -> Edit:
    """Checks permission and version under a row lock; the transaction is the caller's."""
    require_writer(actor)
    spec = registry.spec(type(record))
    if record.pk is None:
        if not actor.may(spec.key, "create"):
            raise NotAllowed(_("You may not create this."))
        record.book = actor.book
        return Edit(spec, record, "create", event or f"{spec.key}.created", None)
    stored = type(record)._all.select_for_update().filter(pk=record.pk).first()
    if stored is None or not scope.may(spec, actor, "view", stored):
        raise Missing
    if not scope.may(spec, actor, verb, stored):
        raise NotAllowed(_("You may see this, but not change it this way."))
    check_version(stored, record.version)
    check_open(spec, stored, verb, opens=opens)
    _take_derived(spec.derived, record, stored)
    return Edit(spec, record, verb, event or f"{spec.key}.edited", snapshot(stored))


def _take_derived(names: Iterable[str], record: Record, stored: Record) -> None:
    """Derived columns change without a version: what was read before is no one's wish."""
    for name in names:
        setattr(record, name, getattr(stored, name))


def check_version(stored: Record, seen: int) -> None:
    """Raises Conflict where the stored row is not the one that was seen."""
    if stored.version != seen:
        raise Conflict(stale_message(), current=stored)


def stale_message() -> str:
    return _("Somebody else has changed this meanwhile.")


def finish(actor: Actor, edits: Sequence[Edit], *, batch: Batch | None = None) -> None:
    """Checks and writes; raises Invalid for the first edit that does not pass."""
    for edit in edits:
        for name in edit.parts:
            if not edit.is_new and name not in edit.parts_before:
                edit.parts_before[name] = part_rows(edit.spec, name, edit.record)
    check_edits(actor, edits)
    for edit in edits:
        if edit.errors:
            _restore(edit)
            raise Invalid(edit.errors)
    with open_door():
        write_edits(actor, edits, batch=batch)


def begin_batch(actor: Actor, spec: Spec, *, kind: str, title: str = "") -> Batch:
    """A new batch; `actor.within(batch.pk)` writes into it, `publish_batch` tells of its end."""
    require_writer(actor)
    return Batch.objects.create(
        book=actor.book,
        person_id=actor.person_id,
        actor=actor.name[:100],
        kind=kind,
        object=spec.key,
        title=title[:200],
    )


def change_many(
    actor: Actor, records: Iterable[Record], *, verb: str = "edit", batch: Batch, event: str = ""
) -> "Many":
    """The batch form: collect edits with `many.add(record)`, then `many.write()` per chunk."""
    return Many(actor, list(records), verb=verb, batch=batch, event=event)


class Many:
    """A chunk of edits of one batch, written in one transaction; faulty ones are reported, not
    written.

    `lock=False` for a look without writing: then the transaction may be left out.
    """

    def __init__(
        self,
        actor: Actor,
        records: list[Record],
        *,
        verb: str,
        batch: Batch | None,
        event: str = "",
        lock: bool = True,
    ) -> None:
        self.actor, self.batch, self._checked = actor, batch, False
        self._drafts: Drafts | None = None
        self.edits = (
            _begin_many(actor, records, verb=verb, event=event, lock=lock) if records else []
        )

    def check(self) -> list[Edit]:
        """Fills the `errors` of every edit and returns those that have some; writes nothing."""
        if not self._checked:
            self._checked = True
            _load_parts_before(self.edits)
            check_edits(self.actor, [edit for edit in self.edits if not edit.errors])
        return [edit for edit in self.edits if edit.errors]

    def draft(self) -> None:
        """Makes ready, of what passed the check, whatever needs no lock: nobody waits for it."""
        new = [edit for edit in self.edits if edit.is_new and not edit.errors]
        for edit in new:
            edit.diff = encode(diff_of(edit))
        self._drafts = draft_rows(new) if new else None
        for module in registry.modules() if new else ():
            for draft in module.drafters:
                draft(new[0].spec, new)

    def drop(self, edits: Sequence[Edit]) -> None:
        """Leaves edits out that shall not be written after all."""
        gone = {id(edit) for edit in edits}
        self.edits = [edit for edit in self.edits if id(edit) not in gone]

    def write(self) -> list[Edit]:
        """Writes what passes and returns the edits that did not, with their `errors`."""
        # No savepoint: SQLite would copy every page that changes behind one.
        with transaction.atomic(savepoint=False):
            faulty = self.check()
            good = [edit for edit in self.edits if not edit.errors]
            with open_door():
                write_edits(self.actor, good, batch=self.batch, drafts=self._drafts)
        return faulty


def _begin_many(
    actor: Actor, records: list[Record], *, verb: str, event: str, lock: bool
) -> list[Edit]:
    spec = registry.spec(type(records[0]))
    old = {record.pk: record for record in records if record.pk is not None}
    if len(old) < len(records) and not actor.may(spec.key, "create"):
        raise NotAllowed(_("You may not create this."))
    stored, allowed = {}, set()
    if old:
        found = type(records[0])._all.filter(pk__in=old)
        found = found.select_for_update() if lock else found
        stored = {row.pk: row for row in found}
        allowed = set(
            scope.rows(spec.model, actor, verb).filter(pk__in=old).values_list("pk", flat=True)
        )
    # The records of a batch come filled in: what people may set by hand is a wish already.
    derived = [name for name in spec.derived if name not in spec.form_fields]
    edits = []
    for record in records:
        if record.pk is None:
            record.book = actor.book
            edits.append(Edit(spec, record, "create", event or f"{spec.key}.created", None))
            continue
        row = stored.get(record.pk)
        edit = Edit(spec, record, verb, event or f"{spec.key}.edited", snapshot(row) if row else {})
        if row:
            _take_derived(derived, record, row)
        problem = _problem(row, record, verb, allowed)
        if problem:
            edit.errors[""] = [problem]
        edits.append(edit)
    return edits


def _problem(row: Record | None, record: Record, verb: str, allowed: set[int]) -> str:
    if row is None or record.pk not in allowed:
        return _("You may not change this row.")
    if row.version != record.version:
        return stale_message()
    return closed_because(registry.spec(type(row)), row, verb)


def _load_parts_before(edits: Sequence[Edit]) -> None:
    for edit in edits:
        for name in edit.parts:
            if not edit.is_new and name not in edit.parts_before:
                edit.parts_before[name] = part_rows(edit.spec, name, edit.record)


def _restore(edit: Edit) -> None:
    """After a refusal the object in hand shows what is stored."""
    for name, value in (edit.before or {}).items():
        setattr(edit.record, name, value)
    if edit.is_new:
        edit.record.pk = None
