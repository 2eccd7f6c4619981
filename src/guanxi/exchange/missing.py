"""Rows that links of the file name and nobody has made yet: terms, departments, superiors."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.exchange.cells import Column, read_row
from guanxi.exchange.work import Work
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.change import Many
from guanxi.kernel.errors import Refused, Wrong
from guanxi.kernel.spec import Spec

MOST = 20_000
CHUNK = 500
DEPARTMENT = "people.department"


def count_missing(work: Work) -> dict[str, int]:
    """{object key: rows that would be made}."""
    found: dict[str, int] = {}
    for column in _makers(work):
        names = work.scan.missing.get(column.target.key, {})
        if names:
            key = _linked(column).key
            found[key] = found.get(key, 0) + len(names)
    if sum(found.values()) > MOST:
        message = _("More than %(most)s new entries would be made; check the columns.")
        raise Refused(message % {"most": f"{MOST:,}"}, code="too_many_missing")
    return found


def make_missing(work: Work) -> dict[str, int]:
    """Makes them within the batch, links to other objects first; {object key: rows made}."""
    count_missing(work)
    made: dict[str, int] = {}
    for column in sorted(_makers(work), key=lambda one: _linked(one) is work.spec):
        names = work.scan.missing.get(column.target.key, {})
        if names:
            linked = _linked(column)
            number = _make(work, column, linked, names)
            made[linked.key] = made.get(linked.key, 0) + number
    return made


def _make(work: Work, column: Column, linked: Spec, names: dict[str, int]) -> int:
    copied = _neighbours(work, names) if linked is work.spec else {}
    number = 0
    for some in _in_order(column, names):
        with transaction.atomic():
            records = []
            for name in some:
                record = _new(work, column, name, place=number + len(records))
                if record is not None:
                    for field, value in copied.get(name, {}).items():
                        setattr(record, field, value)
                    records.append(record)
            if records:
                faulty = {id(edit.record) for edit in _write(work, records)}
                made = [record for record in records if id(record) not in faulty]
                number += len(made)
                for lookup in work.lookups.values():
                    if lookup.spec is linked:
                        for record in made:
                            lookup.add(record)
    return number


def _in_order(column: Column, names: Iterable[str]) -> Iterator[list[str]]:
    """In chunks, none of which holds a name together with one it stands below."""
    assert column.lookup is not None
    levels: dict[int, list[str]] = {}
    for name in names:
        levels.setdefault(len(column.lookup.steps(name)), []).append(name)
    for _depth, found in sorted(levels.items()):
        for start in range(0, len(found), CHUNK):
            yield found[start : start + CHUNK]


def _write(work: Work, records: list[Any]) -> list[Any]:
    return Many(work.actor, records, verb="create", batch=None).write()


def _new(work: Work, column: Column, name: str, *, place: int) -> Any:
    """A new row of that name, or None where the name can't be one: its rows will be refused."""
    linked, lookup = _linked(column), column.lookup
    assert lookup is not None
    record = linked.model(book=work.actor.book)
    *above, name = lookup.steps(name)
    if above:
        setattr(record, linked.tree, lookup.find("/".join(above)))
        if getattr(record, linked.tree) is None:
            return None
    field = linked.model._meta.get_field(linked.title)
    try:
        setattr(record, linked.title, field.kind.parse(name))
    except Wrong:
        return None
    for attribute, value in starting_values(work.actor, linked, record).items():
        setattr(record, attribute, value)
    if linked.scope.has_owner and record.owner_id is None:
        record.owner_id = work.actor.person_id
    if linked.by_position:
        record.position = linked.model.rows(work.actor, "view").count() + place + 1
    return record


def _neighbours(work: Work, names: dict[str, int]) -> dict[str, dict[str, Any]]:
    """A superior whom people name joins their department: that of the first who does."""
    keys = [
        key
        for key, lookup in work.lookups.items()
        if lookup.spec.key == DEPARTMENT and key != work.spec.tree
    ]
    if not keys:
        return {}
    name_of = {line: name for name, line in names.items()}
    found: dict[str, dict[str, Any]] = {}
    for raw in work.table.rows():
        if raw.line in name_of:
            row = read_row(work.columns, raw.line, raw.cells)
            copied = {key: row.values[key] for key in keys if key in row.values}
            found[name_of[raw.line]] = copied
    return found


def _makers(work: Work) -> list[Column]:
    return [column for column in work.columns if column.creates]


def _linked(column: Column) -> Spec:
    assert column.target.links_to is not None
    return column.target.links_to
