"""What the start page says about customers: new ones, and those nobody has spoken to."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import for_present, present
from guanxi.kernel.sweep import unscoped
from guanxi.modules.customers.specs import CUSTOMER

SHOWN = 6
DAYS = ("next_contact_on", "last_contact_on")


def home(actor: Actor) -> list[dict[str, Any]]:
    if not actor.may(CUSTOMER.key, "view"):
        return []
    rows = unscoped(CUSTOMER, actor).live()
    first, last = kinds.period_days("this_month")
    fresh = rows.filter(created_at__gte=kinds.midnight(first))
    new = scope.within(CUSTOMER, actor, fresh).count()
    due = rows.filter(next_contact_on__lte=timezone.localdate())
    due = scope.within(CUSTOMER, actor, for_present(due, CUSTOMER, DAYS))
    shown = present(actor, CUSTOMER, due.order_by("next_contact_on", "id")[:SHOWN], DAYS)
    return [
        {
            "label": _("New customers this month"),
            "value": f"{new:,}",
            "unit": "",
            "note": "",
            "url": "/customers/?created_at_op=this_month",
        },
        {
            "label": _("To contact"),
            "icon": "phone-call",
            "items": [
                {
                    "title": row.title,
                    "url": row.url,
                    "end": row.values[0].text,
                    "note": _last(row.values[1].text),
                }
                for row in shown
            ],
            "url": f"/customers/?sort=next_contact_on&next_contact_on_to={timezone.localdate()}",
            "none": _("Nobody waits for a call today."),
        },
    ]


def _last(day: str) -> str:
    return _("last contact %(day)s") % {"day": day} if day else _("never contacted")
