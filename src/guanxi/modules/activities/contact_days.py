"""When a customer was spoken to last and is to be spoken to next, from communications and plans."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.derived import put_derived
from guanxi.kernel.sweep import unscoped
from guanxi.modules.activities.plan_models import PlanState

DAYS = ("last_contact_on", "next_contact_on", "next_by_hand")


def put_contact_days(
    actor: Actor, ids: Collection[int], *, naming: Collection[int] = ()
) -> dict[int, Any]:
    """Works both days out anew; returns the newest communication of each customer, by its id.

    The next contact is the earliest open plan or the day people named last, whichever comes first:
    by hand, as long as it lies ahead of the newest communication, or in that communication.
    `naming`: ids of communications in which a day has just been named.
    """
    spec = registry.spec("customers.customer")
    communications = unscoped(registry.spec("activities.communication"), actor)
    newest = communications.live().filter(customer=OuterRef("pk")).order_by("-held_at", "-id")
    plans = unscoped(registry.spec("activities.plan"), actor).live()
    plans = plans.filter(customer=OuterRef("pk"), state=PlanState.PLANNED).order_by("due_on")
    customers = (
        unscoped(spec, actor)
        .filter(pk__in=ids)
        .annotate(
            newest_id=Subquery(newest.values("pk")[:1]),
            plan_on=Subquery(plans.values("due_on")[:1]),
        )
    )
    rows = list(customers.only(*DAYS))
    latest = communications.in_bulk([row.newest_id for row in rows if row.newest_id])
    values = {}
    for row in rows:
        last = latest.get(row.newest_id)
        day = timezone.localtime(last.held_at).date() if last else None
        by_hand = None if row.newest_id in naming else row.next_by_hand
        ahead = [one for one in (_said(by_hand, last, day), row.plan_on) if one is not None]
        found = (day, min(ahead, default=None), by_hand)
        if found != tuple(getattr(row, name) for name in DAYS):
            values[row.pk] = dict(zip(DAYS, found, strict=True))
    put_derived(spec, values)
    return latest


def _said(by_hand: date | None, last: Any, day: date | None) -> date | None:
    if by_hand is not None and (day is None or by_hand > day):
        return by_hand
    return last.next_on if last is not None else None
