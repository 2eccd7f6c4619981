"""撤销: taking one change or a batch back, from the toast or from history."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import registry
from guanxi.kernel.errors import Invalid, Missing, Refused
from guanxi.kernel.journal import get_change, own_batch
from guanxi.kernel.present import address
from guanxi.kernel.undo import may_undo, undo_batch, undo_change
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page

AT_ONCE = 5000


@page(BY_OBJECT)
def undo_change_page(request: HttpRequest, change_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    change = get_change(actor, change_id)
    if request.method != "POST" or change is None or not may_undo(actor, change):
        raise Missing
    spec = registry.spec(change.object)
    back = address(spec, change.record_id)
    try:
        undo_change(actor, change)
        tell(request, _("Taken back."))
    except Refused as refused:
        tell(request, refused.message, level="error")
    except Invalid as invalid:
        tell(
            request, "; ".join(t for texts in invalid.errors.values() for t in texts), level="error"
        )
    record = spec.model.rows(actor, "view").filter(pk=change.record_id).first()
    return htmx.go(request, back if record else f"/{spec.path}/")


@page(BY_OBJECT)
def undo_batch_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes back a batch the person made; larger ones are undone where they were made (imports)."""
    actor = request.actor  # type: ignore[attr-defined]
    batch = own_batch(actor, batch_id)
    if request.method != "POST" or batch is None:
        raise Missing
    done, left, cursor = 0, 0, 0
    while True:
        result, after = undo_batch(actor, batch, start=cursor)
        done, left = done + result.done, left + len(result.left)
        if after == cursor or done + left >= AT_ONCE:
            break
        cursor = after
    count = ngettext("%(count)s row taken back", "%(count)s rows taken back", done)
    tell(request, count % {"count": f"{done:,}"})
    if left:
        text = ngettext(
            "%(count)s row was changed since and stays.",
            "%(count)s rows were changed since and stay.",
            left,
        )
        tell(request, text % {"count": f"{left:,}"}, level="warning")
    spec = registry.spec(batch.object)
    return htmx.go(request, f"/{spec.path}/")
