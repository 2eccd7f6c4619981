"""Where import and export show up on the pages of every object."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.export import may_export
from guanxi.exchange.service import importable
from guanxi.exchange.targets import may_import
from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec


def import_act(actor: Actor, spec: Spec, query: str) -> dict[str, Any] | None:
    """The button in the head of a list."""
    if not may_import(actor, spec):
        return None
    return {"label": _("Import"), "url": f"/import/{spec.path}/", "icon": "file-import"}


def export_act(actor: Actor, spec: Spec, query: str) -> dict[str, Any] | None:
    if not may_export(actor, spec):
        return None
    return {"label": _("Export"), "url": f"/export/{spec.path}/{query}", "icon": "file-export"}


def import_menu(actor: Actor) -> dict[str, Any] | None:
    if not importable(actor):
        return None
    return {"label": _("Import"), "url": "/import/", "icon": "table-import", "group": "settings"}
