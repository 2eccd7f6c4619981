"""Plans arise from a setting: for the customers it means, with the rights of its owner.

One round at a time, in chunks. While a chunk is written its setting is locked, so that of two
makers the second finds what the first has made; the unique constraint stands behind that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import change_many
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Refused, Wrong
from guanxi.kernel.models import Batch
from guanxi.kernel.query import compile_q, read
from guanxi.kernel.sweep import unscoped
from guanxi.modules.activities.plan_models import Performer, Plan, PlanSetting
from guanxi.modules.activities.plan_rounds import next_round
from guanxi.modules.customers.models import Customer
from guanxi.people.models import Person
from guanxi.people.rights import actor_of

JOB = "activities.plans"
CHUNK = 200
ARISEN = "activities.plan.arisen"
#: In a template stands for the name of the customer.
NAME = "{customer}"
MAX_TITLE = 160


@dataclass(frozen=True)
class Made:
    """One chunk: how many plans, how many could not be made, the last customer (0: no more)."""

    count: int
    refused: int
    last: int


def actor_for(setting: Any) -> Actor:
    """Its owner; raises Refused where that person may make no plans (any more)."""
    system = system_actor("plan settings", book=setting.book)
    owner = Person.rows(system).live().filter(pk=setting.owner_id).first()
    if owner is None:
        raise Refused(_("Nobody is responsible for this setting."))
    actor = actor_of(owner, surface="schedule")
    if not actor.may(registry.spec(Plan).key, "create"):
        raise Refused(_("%(name)s may not make plans.") % {"name": owner.name})
    return actor


def customers_of(setting: Any, actor: Actor) -> Any:
    """The customers the setting means today within the reach of its owner; raises Refused."""
    spec = registry.spec(Customer)
    kind: Any = column(registry.spec(PlanSetting), "whom").kind
    try:
        node = read(spec, kind.tree(setting.whom), actor=actor)
    except Wrong as wrong:
        raise Refused(wrong.message) from None
    found = unscoped(spec, actor).live().filter(compile_q(node))
    return scope.within(spec, actor, found)


def missing(setting: Any, actor: Actor, day: date) -> Any:
    """Those of them without a plan of this round, whatever became of it."""
    plans = unscoped(registry.spec(Plan), actor).filter(setting=setting.pk, round_on=day)
    return customers_of(setting, actor).exclude(pk__in=plans.values("customer_id"))


def count_missing(setting: Any, day: date) -> int:
    return missing(setting, actor_for(setting), day).count()


def round_by_hand(setting: Any) -> date:
    """The round that is next; raises Refused where there is none."""
    found = next_round(setting, timezone.localdate())
    if found is None:
        raise Refused(_("No round lies ahead any more. Change the days first."))
    return found


def make_chunk(setting: Any, day: date, *, after: int, batch: Batch) -> Made:
    """Plans for the next customers of a round; the transaction and the lock are the caller's.

    Raises Refused where the owner of the setting may not do this.
    """
    actor = actor_for(setting)
    rows = missing(setting, actor, day).filter(pk__gt=after).order_by("pk")
    customers = list(rows.only("pk", "name", "owner")[:CHUNK])
    if not customers:
        return Made(0, 0, 0)
    plans = _plans(setting, day, customers, performers=_performers(setting, customers))
    many = change_many(actor, plans, batch=batch, event=ARISEN)
    faulty = many.write()
    return Made(len(plans) - len(faulty), len(faulty), customers[-1].pk)


def _plans(
    setting: Any, day: date, customers: Sequence[Any], *, performers: set[int]
) -> list[Plan]:
    due_on = max(day, timezone.localdate())
    wanted = setting.performer == Performer.PERSON
    return [
        Plan(
            title=setting.what.replace(NAME, customer.name)[:MAX_TITLE],
            customer_id=customer.pk,
            type_id=setting.type_id,
            due_on=due_on,
            remind_days=setting.remind_days,
            owner_id=next(
                one
                for one in (
                    setting.person_id if wanted else customer.owner_id,
                    setting.owner_id,
                )
                if one in performers
            ),
            setting_id=setting.pk,
            round_on=day,
        )
        for customer in customers
    ]


def _performers(setting: Any, customers: Sequence[Any]) -> set[int]:
    """Who of the persons in question is still with the company; its owner is, in any case."""
    asked = {customer.owner_id for customer in customers} | {setting.person_id}
    system = system_actor("plan settings", book=setting.book)
    known = Person.rows(system).live().filter(pk__in=asked - {None})
    return {setting.owner_id, *known.values_list("pk", flat=True)}
