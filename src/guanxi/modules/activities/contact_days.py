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

#: (customer, day) pairs that changed rows had named as the next contact.
Named = Collection[tuple[int, date | None]]


def put_contact_days(
    actor: Actor, ids: Collection[int], *, touched: Collection[int] = (), named: Named = ()
) -> dict[int, Any]:
    """Works both days out anew; returns the newest communication of each customer, by its id.

    `touched`: ids of communications just written. The next contact is the earliest open plan or
    what the newest communication names, whichever comes first; else a day set by hand.
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
    rows = list(customers.only("last_contact_on", "next_contact_on"))
    latest = communications.in_bulk([row.newest_id for row in rows if row.newest_id])
    values = {}
    for row in rows:
        last = latest.get(row.newest_id)
        day = timezone.localtime(last.held_at).date() if last else None
        said = row.next_contact_on
        withdrawn = (row.pk, said) in named
        if withdrawn or row.newest_id in touched:
            said = _said(said, last, day, withdrawn=withdrawn)
        ahead = [one for one in (said, row.plan_on) if one is not None]
        found = {"last_contact_on": day, "next_contact_on": min(ahead, default=None)}
        if found != {name: getattr(row, name) for name in found}:
            values[row.pk] = found
    put_derived(spec, values)
    return latest


def _said(by_hand: date | None, last: Any, day: date | None, *, withdrawn: bool) -> date | None:
    """What the newest communication names, else a day set by hand that still lies ahead of it."""
    if last is not None and last.next_on is not None:
        return last.next_on
    kept = by_hand is not None and not withdrawn and (day is None or by_hand > day)
    return by_hand if kept else None
