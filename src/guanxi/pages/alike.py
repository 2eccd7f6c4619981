"""Possible duplicates: asked before a new record is saved, in words that give nothing away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.extra import put_value
from guanxi.kernel.present import address, title_for
from guanxi.kernel.same import find_same, rules_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.values import read_values

MOST = 5


def alike_notice(
    actor: Actor, spec: Spec, raw: dict[str, Any], data: QueryDict
) -> list[dict[str, str]] | None:
    """Rows that look the same, or None where there are none or the person has said it is another.

    A row within reach is named and linked; of others only the owner is named, so that one can ask.
    """
    if not rules_of(spec) or data.get("not_alike") == "1":
        return None
    record = spec.model(book=actor.book)
    reading = read_values(actor, spec, raw, record=record)
    for name, value in reading.values.items():
        put_value(record, name, value)
    for rows in reading.parts.values():
        for row in rows:
            if hasattr(row, "derive"):
                row.derive()
    found = find_same(spec, record, reading.parts, book=actor.book)
    ids = sorted({one for hits in found.values() for one in hits})[:MOST]
    return [_entry(actor, spec, one) for one in ids] or None


def _entry(actor: Actor, spec: Spec, record_id: int) -> dict[str, str]:
    seen = spec.model.rows(actor, "view").filter(pk=record_id).first()
    if seen is not None:
        return {"title": title_for(actor, seen), "url": address(spec, record_id)}
    return {"title": _("One that a colleague looks after"), "url": ""}
