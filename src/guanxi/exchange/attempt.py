"""One half of a chunk, its new or its known rows: filled, checked, written or only tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.exchange.cells import Row, Unknown
from guanxi.exchange.filling import fill
from guanxi.exchange.models import Outcome
from guanxi.exchange.results import Result, say
from guanxi.exchange.twins import Twin, find_twins
from guanxi.exchange.work import Work
from guanxi.kernel.alike import say_alike
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.change import Edit, Many
from guanxi.kernel.check import unique_keys, unique_message
from guanxi.kernel.errors import Invalid, Missing, Refused, Wrong
from guanxi.kernel.same import keys_of, keys_of_edit
from guanxi.kernel.scope import stays_in_sight
from guanxi.kernel.snapshot import difference
from guanxi.kernel.sweep import parts_of_many
from guanxi.kernel.titles import title_for
from guanxi.kernel.write import leaves_reach_message

Pair = tuple[Row, Any]
#: The number of a rule, or the name of a field or constraint, and what it says of a row.
Key = tuple[int | str, str]


@dataclass
class Attempt:
    """Rows with the records they make or change.

    `lock`: the rows are locked from the start, inside a transaction; otherwise their versions
    decide when they are written. `again`: rows that shall update another record.
    """

    work: Work
    pairs: list[Pair]
    trial: bool
    lock: bool
    results: list[Result] = field(default_factory=list)
    again: list[Pair] = field(default_factory=list)
    entries: list[tuple[Edit, Row]] = field(init=False)
    many: Many = field(init=False)

    def prepare(self) -> None:
        """Everything that needs no lock of writing: filled, checked, compared with what is
        stored."""
        self.entries, self.many = self._build()
        self.many.check()
        for edit, row in self.entries:
            for key in row.pending:
                edit.errors.pop(key, None)
        self._check_reach([edit for edit, _row in self.entries])
        if self.trial:
            self._check_seen(self.entries)
        self._set_twins_aside(self.many, self.entries)
        if not self.trial:
            self.many.draft()

    def keys(self) -> set[Key]:
        """See `Chunk.keys`."""
        found: set[Key] = set()
        spec = self.work.spec
        for edit, row in self.entries:
            found.update(
                (key, str(row.values[key])) for key in spec.import_key if key in row.values
            )
            found.update((name, str(key)) for name, _blamed, key in unique_keys(edit.record))
            # Of a stored record the keys it is about to get: what it had has been looked for.
            found |= keys_of_edit(edit) if edit.is_new else keys_of(spec, edit.record, edit.parts)
        return found

    def finish(self) -> None:
        """Writes, in the caller's transaction; a trial only tries what rules say."""
        self._call_rules(self.many, self.entries)
        if not self.trial:
            self.many.write()
        kept = {id(edit) for edit in self.many.edits}
        mine = [(edit, row) for edit, row in self.entries if id(edit) in kept]
        self.results += [self._result(edit, row) for edit, row in mine]

    def _build(self) -> tuple[list[tuple[Edit, Row]], Many]:
        work = self.work
        stored = self._stored_parts()
        parts = []
        for row, record in self.pairs:
            _settle_within(work, row, record)
            mine = {name: list(rows.get(record.pk, ())) for name, rows in stored.items()}
            parts.append({} if row.errors else fill(work, row, record, mine))
        records = [record for _row, record in self.pairs]
        many = Many(work.actor, records, verb="edit", batch=None, lock=self.lock)
        entries = [(edit, row) for edit, (row, _record) in zip(many.edits, self.pairs, strict=True)]
        for (edit, row), found in zip(entries, parts, strict=True):
            for name, rows in found.items():
                edit.set_parts(name, rows)
            for key, text in row.errors.items():
                edit.errors.setdefault(key, []).append(text)
            _stand_in(work, row, edit.record)
        return entries, many

    def _stored_parts(self) -> dict[str, dict[int, list[Any]]]:
        ids = [record.pk for _row, record in self.pairs if record.pk is not None]
        known = self.work.known
        names = {one.target.parts.name for one in self.work.columns if known[one.target.key].parts}
        return {name: parts_of_many(self.work.spec, name, ids) for name in names} if ids else {}

    def _check_reach(self, edits: Sequence[Edit]) -> None:
        good = [edit for edit in edits if not edit.errors]
        records = [edit.record for edit in good]
        for edit, stays in zip(
            good, stays_in_sight(self.work.spec, self.work.actor, records), strict=True
        ):
            if not stays:
                edit.errors[""] = [leaves_reach_message()]

    def _check_seen(self, entries: Sequence[tuple[Edit, Row]]) -> None:
        """What earlier rows of the file would have taken by now."""
        for edit, row in entries:
            if edit.errors or not edit.is_new:
                continue
            for name, blamed, values in unique_keys(edit.record):
                key = (name, *map(str, values))
                if self.work.unique_seen.setdefault(key, row.line) != row.line:
                    edit.errors.setdefault(blamed, []).append(unique_message())

    def _set_twins_aside(self, many: Many, entries: Sequence[tuple[Edit, Row]]) -> None:
        fresh = {row.line: (edit, row) for edit, row in entries if edit.is_new and not edit.errors}
        twins = find_twins(self.work, [(line, edit) for line, (edit, _row) in fresh.items()])
        for line, twin in twins.items():
            edit, row = fresh[line]
            if twin.record is not None and self.work.options.duplicates == "update":
                self.again.append((row, twin.record))
            else:
                text = self.work.name_of(row.cells)
                self.results.append(
                    Result(line, Outcome.SKIPPED, _say_twin(self.work, twin), None, text)
                )
        many.drop([fresh[line][0] for line in twins])

    def _call_rules(self, many: Many, entries: Sequence[tuple[Edit, Row]]) -> None:
        """Rows whose stage or the like changes: each by its rule, for itself."""
        ruled = [(edit, row) for edit, row in entries if row.ruled and not edit.errors]
        kept = {id(edit) for edit in many.edits}
        mine = [(edit, row) for edit, row in ruled if id(edit) in kept and not row.pending]
        for edit, row in mine:
            self.results.append(self._by_rule(edit, row))
        many.drop([edit for edit, _row in mine])

    def _by_rule(self, edit: Edit, row: Row) -> Result:
        work, record, is_new = self.work, edit.record, edit.is_new
        outcome = Outcome.CREATED if is_new else Outcome.UPDATED
        try:
            with transaction.atomic():
                single = Many(work.actor, [record], verb="edit", batch=None)
                for name, rows in edit.parts.items():
                    single.edits[0].set_parts(name, rows)
                single.write()
                if single.edits[0].errors:
                    raise Invalid(single.edits[0].errors)
                for ruled in work.spec.ruled:
                    if ruled.field in row.ruled:
                        ruled.rule(work.actor, record, **row.ruled[ruled.field])
                if self.trial:
                    transaction.set_rollback(True)
        except Invalid as invalid:
            reason = say(work.spec, invalid.errors)
        except (Refused, Wrong) as refused:
            reason = refused.message
        except Missing:
            reason = leaves_reach_message()
        else:
            return Result(row.line, outcome, "", record)
        return Result(row.line, Outcome.REFUSED, reason, None, self.work.name_of(row.cells))

    def _result(self, edit: Edit, row: Row) -> Result:
        if edit.errors:
            reason = say(self.work.spec, edit.errors)
            return Result(row.line, Outcome.REFUSED, reason, None, self.work.name_of(row.cells))
        if edit.is_new:
            return Result(row.line, Outcome.CREATED, "", edit.record)
        changed = bool(edit.parts or row.pending or difference(edit.before, edit.record))
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
        return Result(row.line, outcome, "", edit.record)


def _settle_within(work: Work, row: Row, record: Any) -> None:
    """Of the stages called so, the one of the record's own pipeline."""
    for key, lookup in work.lookups.items():
        text = row.values.get(key)
        if not lookup.within or not isinstance(text, str):
            continue
        try:
            found = lookup.find(text, within=_within(work, row, record, lookup.within))
            if found is None:
                raise Unknown(text)
            row.values[key] = found
        except Wrong as wrong:
            row.values.pop(key)
            row.errors[key] = wrong.message


def _within(work: Work, row: Row, record: Any, attribute: str) -> int | None:
    name = attribute.removesuffix("_id")
    if name in row.values:
        return row.values[name].pk
    if record.pk is not None or work.spec.defaults is None:
        return getattr(record, attribute)
    return starting_values(work.actor, work.spec, record).get(attribute)


def _stand_in(work: Work, row: Row, record: Any) -> None:
    """A trial can't link to rows still to be made; required links get any row for the checks."""
    for key in row.pending:
        target, lookup = work.known[key], work.lookups[key]
        if target.required and lookup.rows():
            setattr(record, key, lookup.rows()[0])


def _say_twin(work: Work, twin: Twin) -> str:
    why = say_alike(work.spec, twin.rules)
    if twin.line:
        return _("Looks like line %(line)s of this file: %(why)s.") % {
            "line": twin.line,
            "why": why,
        }
    if twin.record is not None:
        title = title_for(work.actor, twin.record)
        said = _("Looks like “%(title)s”, which is here already: %(why)s.")
        return said % {"title": title, "why": why}
    return _("Looks like one that a colleague looks after: %(why)s.") % {"why": why}
