"""The records a person keeps at hand: starred, and of those some pinned on top in an own order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.present import Row
from guanxi.kernel.spec import Spec
from guanxi.kernel.write import require_writer
from guanxi.search.models import Star
from guanxi.search.recent import within_reach

MOST = 200
ON_CARD = 8
ORDER = ("-pinned", "position", "-id")


@dataclass(frozen=True)
class Starred:
    """A starred record as its reader sees it."""

    id: int
    pinned: bool
    spec: Spec
    row: Row


def set_star(actor: Actor, spec: Spec, record_id: int, *, on: bool) -> None:
    """Stars a record the person sees, or takes the star off; raises Refused at MOST stars."""
    require_writer(actor)
    if actor.person_id is None:
        return
    mine = Star.objects.filter(person_id=actor.person_id)
    one = {"object": spec.key, "record_id": record_id}
    if not on:
        mine.filter(**one).delete()
        return
    if mine.count() >= MOST and not mine.filter(**one).exists():
        raise Refused(
            _("You have starred %(most)s records. Take the star off one first.") % {"most": MOST}
        )
    star = Star(person_id=actor.person_id, **one)
    Star.objects.bulk_create([star], ignore_conflicts=True)


def starred_ids(actor: Actor, spec: Spec, ids: Iterable[int]) -> set[int]:
    """Those of the rows that this person has starred."""
    found = Star.objects.filter(person_id=actor.person_id or 0, object=spec.key)
    return set(found.filter(record_id__in=list(ids)).values_list("record_id", flat=True))


def starred_rows(actor: Actor, *, limit: int = MOST) -> list[Starred]:
    """Pinned first, then the newest stars; without those that are gone or out of reach by now."""
    if actor.person_id is None:
        return []
    stars = list(Star.objects.filter(person_id=actor.person_id).order_by(*ORDER)[:MOST])
    shown = within_reach(actor, [(star.object, star.record_id) for star in stars])
    found = [
        Starred(star.pk, star.pinned, *shown[star.object, star.record_id])
        for star in stars
        if (star.object, star.record_id) in shown
    ]
    return found[:limit]


def pin_star(actor: Actor, star_id: int, *, on: bool) -> None:
    """Puts one of the person's stars on top, below those pinned already, or back among the rest."""
    require_writer(actor)
    mine = Star.objects.filter(person_id=actor.person_id or 0)
    last = mine.filter(pinned=True).order_by("-position").values_list("position", flat=True).first()
    position = (last or 0) + 1 if on else 0
    mine.filter(pk=star_id).exclude(pinned=on).update(pinned=on, position=position)


def move_star(actor: Actor, star_id: int, *, up: bool) -> None:
    """Moves a pinned star one place among the pinned ones that are in sight."""
    require_writer(actor)
    order = [one.id for one in starred_rows(actor) if one.pinned]
    if star_id not in order:
        return
    at = order.index(star_id)
    to = max(at - 1, 0) if up else min(at + 1, len(order) - 1)
    order.insert(to, order.pop(at))
    with transaction.atomic():
        for place, pk in enumerate(order, 1):
            Star.objects.filter(pk=pk, person_id=actor.person_id).update(position=place)


def starred_card(actor: Actor) -> list[dict[str, Any]]:
    """The card of the start page."""
    items = [
        {"title": one.row.title, "note": one.spec.name, "url": one.row.url}
        for one in starred_rows(actor, limit=ON_CARD)
    ]
    none = _("Tap the star beside a record and it stands here.")
    card = {"label": _("Starred"), "icon": "star", "items": items, "none": none}
    return [{**card, "url": "/starred/"}]
