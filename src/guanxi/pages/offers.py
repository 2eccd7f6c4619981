"""What the pages themselves put into the menu."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor


def recycle_entry(actor: Actor) -> dict[str, Any] | None:
    """The recycle bin, for whoever may delete anything."""
    if not any(actor.may(spec.key, "delete") for spec in registry.specs()):
        return None
    return {"group": "settings", "label": _("Recycle bin"), "url": "/recycle/", "icon": "trash"}
