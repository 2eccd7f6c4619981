"""The records a person has opened lately: what the search box shows before anything is typed."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import Row, for_present, present
from guanxi.kernel.spec import Spec
from guanxi.search.models import Recent

KEPT = 20


def note_opened(actor: Actor, spec: Spec, record_id: int) -> None:
    """Remembers that this person has opened the record; opening the same again writes nothing."""
    if actor.person_id is None or actor.only_looks:
        return
    mine = Recent.objects.filter(person_id=actor.person_id)
    lines = mine.order_by("-at", "-id").values_list("object", "record_id", "id")
    known = {(key, opened): line for key, opened, line in lines}
    now = (spec.key, record_id)
    if known and next(iter(known)) == now:
        return
    values = {"object": spec.key, "record_id": record_id, "at": timezone.now()}
    if now not in known and len(known) < KEPT:
        fresh = Recent(person_id=actor.person_id, **values)
        Recent.objects.bulk_create([fresh], ignore_conflicts=True)
        return
    # The line of the oldest becomes that of the newest: one statement, no transaction.
    line = known.get(now) or list(known.values())[-1]
    with suppress(IntegrityError):
        # Another window has just opened the same.
        mine.filter(pk=line).update(**values)


def recent_rows(actor: Actor, *, limit: int = 8) -> list[tuple[Spec, Row]]:
    """The last records opened, newest first; without those that are gone or out of reach by now."""
    if actor.person_id is None:
        return []
    mine = Recent.objects.filter(person_id=actor.person_id).order_by("-at", "-id")[:limit]
    opened = [(item.object, item.record_id) for item in mine]
    shown = within_reach(actor, opened)
    return [shown[pair] for pair in opened if pair in shown]


def within_reach(
    actor: Actor, pairs: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Spec, Row]]:
    """Those of the (object, record id) that the person still sees; one statement an object."""
    shown: dict[tuple[str, int], tuple[Spec, Row]] = {}
    for key in dict.fromkeys(key for key, _id in pairs):
        spec = registry.find(key)
        if spec is None:
            continue
        ids = [record_id for name, record_id in pairs if name == key]
        seen = spec.model.rows(actor, "view").filter(pk__in=ids)
        for row in present(actor, spec, list(for_present(seen, spec, ())), ()):
            shown[key, row.id] = spec, row
    return shown


def recent_card(actor: Actor) -> list[dict[str, Any]]:
    """The card of the start page."""
    items = [
        {"title": row.title, "note": spec.name, "url": row.url} for spec, row in recent_rows(actor)
    ]
    none = _("What you open will stand here.")
    return [{"label": _("Opened lately"), "icon": "history", "items": items, "none": none}]
