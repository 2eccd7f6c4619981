"""Possible duplicates: asked before a new record is saved, in words that give nothing away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.alike import Alike, look_alikes, say_alike
from guanxi.kernel.present import address, title_for
from guanxi.kernel.spec import Spec


def alike_notice(
    actor: Actor, spec: Spec, raw: dict[str, Any], data: QueryDict
) -> list[dict[str, str]] | None:
    """Rows that look the same, or None where there are none or the person has said it is another.

    A row within reach is named and linked; of others only that a colleague looks after one.
    """
    if data.get("not_alike") == "1":
        return None
    return [_entry(actor, spec, one) for one in look_alikes(actor, spec, raw)] or None


def _entry(actor: Actor, spec: Spec, alike: Alike) -> dict[str, str]:
    why = say_alike(spec, alike.rules)
    if alike.record is None:
        return {"title": _("One that a colleague looks after"), "url": "", "why": why}
    return {
        "title": title_for(actor, alike.record),
        "url": address(spec, alike.record.pk),
        "why": why,
    }
