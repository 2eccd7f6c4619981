"""Each morning people are told which of their plans come up and which were left undone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.kernel.actor import system_actor
from guanxi.kernel.registry import NoticeKind
from guanxi.modules.activities.plan_models import Plan, PlanState
from guanxi.modules.activities.plan_rules import complete_plan, postpone_plan
from guanxi.notices.service import About, about, notify

DUE, OVERDUE = "activities.plan_due", "activities.plan_overdue"
#: More than so many of one person are told in one notice.
ONE_BY_ONE = 5

NOTICES = (
    NoticeKind(
        key=DUE,
        label=_("A plan comes up"),
        text=_("Planned for %(day)s."),
        many=_("%(count)s of your %(objects)s come up."),
        icon="calendar-event",
        acts=(complete_plan, postpone_plan),
    ),
    NoticeKind(
        key=OVERDUE,
        label=_("A plan is overdue"),
        text=_("It was planned for %(day)s and is still open."),
        many=_("%(count)s of your %(objects)s of yesterday are still open."),
        icon="alert-circle",
        acts=(complete_plan, postpone_plan),
    ),
)


@scheduled("activities.remind", daily_at=time(8, 0), title=_("Remind of plans"))
def remind(run: Run) -> int:
    return remind_of(timezone.localdate())


def remind_of(day: date) -> int:
    """Plans to be reminded of on this day, and those of the day before that are open; how many
    notices came of it. Running it twice tells nobody twice."""
    plans = Plan.rows(system_actor("reminders")).live().filter(state=PlanState.PLANNED)
    count = _tell(DUE, plans.filter(remind_on=day), day)
    return count + _tell(OVERDUE, plans.filter(due_on=day - timedelta(days=1)), day)


def _tell(kind: str, plans: Iterable[Plan], day: date) -> int:
    by_owner: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        if plan.owner_id is not None:
            by_owner[plan.owner_id].append(plan)
    count = 0
    for owner_id, mine in by_owner.items():
        if len(mine) > ONE_BY_ONE:
            several = About(object="activities.plan", url="/plans/", count=len(mine))
            count += notify([owner_id], kind, several, key=f"{kind}:{day}")
            continue
        for plan in mine:
            one = about(plan, day=plan.due_on.isoformat())
            count += notify([owner_id], kind, one, key=f"{kind}:{plan.pk}:{plan.due_on}")
    return count
