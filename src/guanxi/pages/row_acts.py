"""What stands at the end of each row of a list: look, change, invalidate, delete; restore for an
invalid row."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import Row
from guanxi.kernel.spec import Capability, Spec

ON_VALID = {
    "edit": Capability.EDIT,
    "invalidate": Capability.INVALIDATE,
    "delete": Capability.DELETE,
}
#: Everything else is asked in the dialog.
OWN_PAGE = ("view", "edit")


def row_acts(actor: Actor, spec: Spec, rows: Sequence[Row], *, back: str) -> list[SafeString]:
    """The links of each row, as far as they are granted on it. `back`: where a form returns to.

    An invalid row can be viewed and restored, nothing else.
    """
    valid = [row.id for row in rows if not row.is_void]
    void = [row.id for row in rows if row.is_void]
    granted = {
        verb: scope.granted(spec, actor, verb, valid)
        for verb, capability in ON_VALID.items()
        if spec.can(capability)
    }
    granted["restore"] = scope.granted(spec, actor, "restore", void)
    labels = {
        "view": _("View"),
        "edit": _("Edit"),
        "invalidate": _("Invalidate"),
        "delete": _("Delete"),
        "restore": _("Restore"),
    }
    tails = {"view": "", "edit": f"edit/?{urlencode({'return': back})}"}
    shapes = {
        verb: _shape(spec, label, tails.get(verb, f"{verb}/"), dialog=verb not in OWN_PAGE)
        for verb, label in labels.items()
    }
    return [
        SafeString(
            "".join(
                shape.replace("@id", str(row.id)).replace("@title", escape(row.title))
                for verb, shape in shapes.items()
                if verb == "view" or row.id in granted.get(verb, ())
            )
        )
        for row in rows
    ]


def _shape(spec: Spec, label: str, tail: str, *, dialog: bool) -> str:
    """One link with `@id` and `@title` left open: fifty rows have two hundred of them."""
    mark = " data-dialog" if dialog else ""
    said = f'aria-label="{escape(label)} @title"'
    return f'<a href="/{spec.path}/@id/{escape(tail)}"{mark} {said}>{escape(label)}</a>'
