"""What the start page says about plans: mine whose reminder has come, overdue ones first."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.describe import tree_address
from guanxi.kernel.present import for_present, present
from guanxi.kernel.sweep import unscoped
from guanxi.modules.activities.plan_models import PlanState
from guanxi.modules.activities.plan_specs import PLAN

SHOWN = 6
COLUMNS = ("due_on", "due_time", "customer")


def home(actor: Actor) -> list[dict[str, Any]]:
    if actor.person_id is None or not actor.may(PLAN.key, "view"):
        return []
    today = timezone.localdate()
    mine = unscoped(PLAN, actor).live().filter(owner=actor.person_id, state=PlanState.PLANNED)
    due = for_present(mine.filter(remind_on__lte=today), PLAN, COLUMNS)
    due = scope.within(PLAN, actor, due)
    shown = present(actor, PLAN, due.order_by("due_on", "due_time", "id")[:SHOWN], COLUMNS)
    items = []
    for row in shown:
        day, clock, customer = row.values
        late = day.raw is not None and day.raw < today
        said = f"{_('Overdue')} · {day.text}" if late else f"{day.text} {clock.text}".strip()
        note = " · ".join(filter(None, (said, customer.text)))
        items.append({"title": row.title, "url": row.url, "note": note, "late": late})
    tree = {"and": [["state", "in", [PlanState.PLANNED.value]]]}
    return [
        {
            "label": _("Plans due"),
            "icon": "calendar-check",
            "items": items,
            "url": f"{tree_address(PLAN, tree)}&owner=me",
            "none": _("Nothing is planned for these days."),
        }
    ]
