"""Stored rows a new one looks like, as much of them as the person who makes it may know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.extra import put_value
from guanxi.kernel.same import find_same, rules_of
from guanxi.kernel.spec import Same, Spec
from guanxi.kernel.values import read_values

MOST = 5
#: What phone numbers are compared by, beside the number as it was typed.
NUMBER = "e164"


@dataclass(frozen=True)
class Alike:
    """`record`: None where it is out of sight. `rules`: numbers of the Sames that agree."""

    record: Any
    rules: tuple[int, ...]


def look_alikes(actor: Actor, spec: Spec, raw: Mapping[str, Any]) -> list[Alike]:
    """The first few stored rows that look like what was sent for a new one."""
    if not rules_of(spec):
        return []
    record = spec.model(book=actor.book)
    reading = read_values(actor, spec, raw, record=record)
    for name, value in reading.values.items():
        put_value(record, name, value)
    for rows in reading.parts.values():
        for row in rows:
            if hasattr(row, "derive"):
                row.derive()
    by_record: dict[int, list[int]] = {}
    for rule, hits in sorted(find_same(spec, record, reading.parts, book=actor.book).items()):
        for one in hits:
            by_record.setdefault(one, []).append(rule)
    ids = sorted(by_record)[:MOST]
    seen = spec.model.rows(actor, "view").in_bulk(ids) if ids else {}
    return [Alike(seen.get(one), tuple(by_record[one])) for one in ids]


def say_alike(spec: Spec, rules: Iterable[int]) -> str:
    """In what two rows agree, by the labels of the fields; values are not told."""
    known = {number: same for number, same, _start in rules_of(spec)}
    return _(", ").join(_say(spec, known[rule]) for rule in sorted(set(rules)))


def _say(spec: Spec, same: Same) -> str:
    labels = _(", ").join(_label(spec, path) for path in same.fields)
    text = _("same or similar %(fields)s") if same.core else _("same %(fields)s")
    return text % {"fields": labels}


def _label(spec: Spec, path: str) -> str:
    if path.rpartition(".")[2] == NUMBER:
        return _("phone number")
    return str(column(spec, path).label)
