"""What uses a row, as links to the lists that show it."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import Use
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.record import Record


def use_links(actor: Actor, record: Record, uses: Sequence[Use]) -> list[dict[str, Any]]:
    """One entry a place; without an address where the person may not look."""
    return [
        {
            "text": ngettext("%(count)s of %(label)s", "%(count)s of %(label)s", use.count)
            % {"count": f"{use.count:,}", "label": use.label},
            "url": _address(actor, record, use),
        }
        for use in uses
    ]


def uses_text(uses: Sequence[dict[str, Any]]) -> str:
    return _(", ").join(use["text"] for use in uses)


def _address(actor: Actor, record: Record, use: Use) -> str:
    if not actor.may(use.spec.key, "view") or not is_open(actor, column(use.spec, use.path)):
        return ""
    tree = json.dumps({"and": [[use.path, "in", [str(record.pk)]]]}, separators=(",", ":"))
    return f"/{use.spec.path}/?{urlencode({CONDITIONS: tree, 'void': 'all'})}"
