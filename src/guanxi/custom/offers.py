"""设置: the way from a drop-down list to its options."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec


def options_act(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    if spec.key != "custom.customfield" or not record.is_choice or record.is_void:
        return None
    return {
        "label": _("Set options"),
        "icon": "settings",
        "url": f"/custom-options/?field={record.pk}",
    }


def options_row_act(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    return options_act(actor, spec, record)
