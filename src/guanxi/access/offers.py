"""The ways to these pages: an entry of the menu, acts in the head of a person and a role."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec

Act = dict[str, Any]


def organisation_entry(actor: Actor) -> Act | None:
    if not actor.may("people.department", "view"):
        return None
    return {
        "group": "organisation",
        "label": _("Organisation chart"),
        "url": "/organisation/",
        "icon": "hierarchy",
    }


def person_acts(actor: Actor, spec: Spec, record: Any) -> Act | None:
    if spec.key != "people.person" or not actor.may("people.role", "edit"):
        return None
    return {"label": _("Sign-in"), "url": f"/persons/{record.pk}/account/", "icon": "key"}


def role_acts(actor: Actor, spec: Spec, record: Any) -> Act | None:
    if spec.key != "people.role":
        return None
    return {"label": _("Rights"), "url": f"/roles/{record.pk}/rights/", "icon": "shield-lock"}
