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


def access_acts(actor: Actor, spec: Spec, record: Any) -> Act | None:
    """On every record, for those who may see rights."""
    if not actor.may("people.role", "view"):
        return None
    label = _("Who can see and change this")
    url = f"/{spec.path}/{record.pk}/access/"
    return {"label": label, "url": url, "icon": "shield-check", "looks": True}


def person_access_acts(actor: Actor, spec: Spec, record: Any) -> Act | None:
    if spec.key != "people.person" or not actor.may("people.role", "view"):
        return None
    label = _("What this person can see and change")
    url = f"/persons/{record.pk}/reaches/"
    return {"label": label, "url": url, "icon": "eye", "looks": True}


def view_as_act(actor: Actor, spec: Spec, record: Any) -> Act | None:
    """Not for oneself, not for the invalidated, not while one looks as somebody else already."""
    if spec.key != "people.person" or record.is_void or record.pk == actor.person_id:
        return None
    if actor.only_looks or not actor.may("people.person", "view_as"):
        return None
    url = f"/persons/{record.pk}/view-as/"
    return {"label": _("Look as this person"), "url": url, "icon": "user-circle", "dialog": True}


def viewings_entry(actor: Actor) -> Act | None:
    if not actor.may("people.role", "edit"):
        return None
    label = _("Record of viewings")
    return {"group": "organisation", "label": label, "url": "/viewing/", "icon": "eye"}


def security_entry(actor: Actor) -> Act | None:
    if not actor.may("people.role", "edit"):
        return None
    label = _("Security settings")
    return {"group": "organisation", "label": label, "url": "/security/", "icon": "shield"}


def role_acts(actor: Actor, spec: Spec, record: Any) -> Act | None:
    if spec.key != "people.role":
        return None
    return {"label": _("Rights"), "url": f"/roles/{record.pk}/rights/", "icon": "shield-lock"}
