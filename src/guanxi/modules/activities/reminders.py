"""Each morning people are told which of their plans come up and which were left undone."""

from collections import defaultdict
from datetime import date, time

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.kernel.actor import system_actor
from guanxi.kernel.registry import NoticeKind
from guanxi.modules.activities.plan_models import Plan, PlanState
from guanxi.modules.activities.plan_rules import complete_plan, postpone_plan
from guanxi.notices.reminding import Due
from guanxi.notices.reminding import remind as remind_each

DUE, OVERDUE = "activities.plan_due", "activities.plan_overdue"

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
        many=_("%(count)s of your %(objects)s are overdue and still open."),
        icon="alert-circle",
        acts=(complete_plan, postpone_plan),
    ),
)


@scheduled("activities.remind", daily_at=time(8, 0), title=_("Remind of plans"))
def remind(run: Run) -> int:
    return remind_of(timezone.localdate())


def remind_of(day: date) -> int:
    """Plans whose reminder has come by this day, and open ones of days before it; how many notices
    came of it. A plan is told once for its day: twice a day, or after a pause of a week."""
    open_plans = Plan.rows(system_actor("reminders")).live().filter(state=PlanState.PLANNED)
    coming = open_plans.filter(remind_on__lte=day, due_on__gte=day)
    return _tell(DUE, coming) + _tell(OVERDUE, open_plans.filter(due_on__lt=day))


def _tell(kind: str, plans: QuerySet[Plan]) -> int:
    due: dict[int, list[Due]] = defaultdict(list)
    found = plans.filter(owner__isnull=False).order_by("due_on", "pk")
    for pk, owner_id, day in found.values_list("pk", "owner_id", "due_on"):
        due[owner_id].append(Due(pk, day.isoformat(), {"day": day.isoformat()}))
    return remind_each(kind, "activities.plan", due, url="/plans/")
