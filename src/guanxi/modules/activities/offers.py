"""Where 记一笔 is offered: head of the pages, rows of the list, the frame."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec

LINKS = {
    "customers.customer": "customer",
    "contacts.contact": "contact",
    "sales.opportunity": "opportunity",
    "activities.plan": "plan",
}


def quick_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may("activities.communication", "create"):
        return None
    return {
        "label": _("Write down"),
        "icon": "message-circle",
        "url": "/communications/quick/",
        "dialog": True,
    }


def quick_act(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    link, entry = LINKS.get(spec.key), quick_entry(actor)
    if link is None or entry is None or record.is_void:
        return None
    if link == "plan":
        if not record.is_open:
            return None
        entry["label"] = _("Record the communication")
    return entry | {"url": f"/communications/quick/?{link}={record.pk}", "main": True}


def quick_row_act(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    listed = spec.key in ("customers.customer", "activities.plan")
    return quick_act(actor, spec, record) if listed else None


def phrases_entry(actor: Actor) -> dict[str, Any] | None:
    if quick_entry(actor) is None:
        return None
    return {
        "group": "communications",
        "label": _("Quick phrases"),
        "url": "/communications/phrases/",
        "icon": "message",
    }
