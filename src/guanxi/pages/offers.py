"""What the pages themselves offer: entries of the menu, new records."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Capability, Spec


def recycle_entry(actor: Actor) -> dict[str, Any] | None:
    """The recycle bin, for whoever may delete anything."""
    if not any(actor.may(spec.key, "delete") for spec in registry.specs()):
        return None
    return {"group": "settings", "label": _("Recycle bin"), "url": "/recycle/", "icon": "trash"}


def may_create(actor: Actor, spec: Spec) -> bool:
    return spec.can(Capability.CREATE) and actor.may(spec.key, "create")
