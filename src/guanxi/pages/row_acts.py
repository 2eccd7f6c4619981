"""What stands at the end of each row of a list: look, change, invalidate, delete; restore for an
invalid row."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import Row
from guanxi.kernel.spec import Capability, Spec
from guanxi.ui.markup import esc

ON_VALID = {
    "edit": Capability.EDIT,
    "invalidate": Capability.INVALIDATE,
    "delete": Capability.DELETE,
}
#: Everything else is asked in the dialog.
OWN_PAGE = ("view", "edit")


def row_acts(
    actor: Actor, spec: Spec, rows: Sequence[Row], records: Sequence[Any], *, back: str
) -> list[SafeString]:
    """The links of each row, as far as they are granted on it. `back`: where a form returns to.

    An invalid row can be viewed and restored, nothing else.
    """
    locked = _locked(actor, spec, rows)
    valid = [row.id for row in rows if not row.is_void]
    void = [row.id for row in rows if row.is_void]
    granted = {
        verb: scope.granted(spec, actor, verb, valid)
        for verb, capability in ON_VALID.items()
        if spec.can(capability)
    }
    editable = granted.get("edit", set())
    restorable = scope.granted(spec, actor, "restore", void)
    granted = {verb: ids - locked for verb, ids in granted.items()} | {"restore": restorable}
    tails = {"view": "", "edit": f"edit/?{urlencode({'return': back})}"}
    shapes = {
        verb: _shape(spec, label, tails.get(verb, f"{verb}/"), dialog=verb not in OWN_PAGE)
        for verb, label in _labels().items()
    }
    own = _own_acts(actor, spec)
    drawn = []
    for row, record in zip(rows, records, strict=True):
        links = "".join(
            [
                shape
                for verb, shape in shapes.items()
                if verb == "view" or row.id in granted.get(verb, ())
            ]
        )
        links = links.replace("@id", str(row.id)).replace("@title", esc(row.title))
        more = own(record, may_edit=row.id in editable, locked=row.id in locked)
        drawn.append(SafeString(links + more))
    return drawn


def _labels() -> dict[str, str]:
    return {
        "view": _("View"),
        "edit": _("Edit"),
        "invalidate": _("Invalidate"),
        "delete": _("Delete"),
        "restore": _("Restore"),
    }


def _locked(actor: Actor, spec: Spec, rows: Sequence[Row]) -> set[int]:
    """Those of the rows that can only be viewed for now."""
    if not spec.locked or not rows:
        return set()
    found = spec.model.rows(actor).filter(pk__in=[row.id for row in rows])
    found = found.select_related(*filter(None, (spec.order_within,)))
    return {record.pk for record in found if getattr(record, spec.locked)}


def _own_acts(actor: Actor, spec: Spec) -> Callable[..., str]:
    """Rules that stand in the list, and what modules offer, drawn for a record."""
    rules = [one.info for one in spec.actions if one.info.in_list]  # type: ignore[attr-defined]
    offers = [offer for module in registry.modules() for offer in module.row_acts]

    def draw(record: Any, *, may_edit: bool, locked: bool) -> str:
        links = [
            (info.label, f"/{spec.path}/{record.pk}/{info.name}/", True)
            for info in rules
            if may_edit
            and (info.opens or not locked)
            and (not info.when or getattr(record, info.when))
        ]
        for offer in offers:
            act = offer(actor, spec, record)
            if act:
                links.append((act["label"], act["url"], act.get("dialog", False)))
        return "".join(
            [
                f'<a href="{esc(url)}"{" data-dialog" if dialog else ""}>{esc(label)}</a>'
                for label, url, dialog in links
            ]
        )

    return draw


def _shape(spec: Spec, label: str, tail: str, *, dialog: bool) -> str:
    """One link with `@id` and `@title` left open: fifty rows have two hundred of them."""
    mark = " data-dialog" if dialog else ""
    said = f'aria-label="{esc(label)} @title"'
    return f'<a href="/{spec.path}/@id/{esc(tail)}"{mark} {said}>{esc(label)}</a>'
