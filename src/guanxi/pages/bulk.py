"""Acts on many rows: the bar of the list, and one page that does each to the ticked or to all
found rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import acts
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.journal import close_batch, open_batch
from guanxi.kernel.models import Batch
from guanxi.kernel.outbox import publish_batch
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import apply_reading, read_values
from guanxi.pages import inputs
from guanxi.pages.acts import void_reason
from guanxi.pages.listing import Listing, listing, scoped
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page

AT_ONCE = 2000
SHOWN_REASONS = 5
ACTS = {
    "edit": Capability.BULK_EDIT,
    "transfer": Capability.TRANSFER,
    "invalidate": Capability.INVALIDATE,
    "restore": Capability.INVALIDATE,
    "delete": Capability.DELETE,
}


@dataclass
class Outcome:
    done: int = 0
    skipped: list[str] = field(default_factory=list)


def bulk_bar(actor: Actor, spec: Spec, asked: Listing, total: int | None) -> dict[str, Any]:
    """The context of `ui/_bulk.html`: only acts this person has the right for."""
    offered = []
    base = f"/{spec.path}/bulk"
    if spec.bulk_edit and actor.may(spec.key, "edit"):
        offered.append({"label": _("Edit"), "icon": "edit", "url": f"{base}/edit/"})
    if spec.can(Capability.TRANSFER) and actor.may(spec.key, "transfer"):
        offered.append({"label": _("Hand over"), "icon": "user-share", "url": f"{base}/transfer/"})
    if spec.can(Capability.INVALIDATE) and actor.may(spec.key, "invalidate"):
        offered.append({"label": _("Invalidate"), "icon": "archive", "url": f"{base}/invalidate/"})
    if asked.asked.void in ("void", "all") and actor.may(spec.key, "restore"):
        offered.append({"label": _("Restore"), "icon": "restore", "url": f"{base}/restore/"})
    if spec.can(Capability.DELETE) and actor.may(spec.key, "delete"):
        ask = _("Delete {n} rows? They can be brought back.")
        offered.append(
            {
                "label": _("Delete"),
                "icon": "trash",
                "url": f"{base}/delete/",
                "danger": True,
                "ask": ask,
            }
        )
    params = [
        (name, value) for name, values in asked.asked.data.lists() for value in values if value
    ]
    return {"url": f"{base}/edit/", "actions": offered, "total": total, "params": params}


@page(BY_OBJECT)
def bulk_page(request: HttpRequest, spec: Spec, act: str) -> HttpResponse:
    """POST tick=ID … (or all=1 with the list's own parameters); acts that ask more show a form
    first."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        raise Missing
    _require(actor, spec, act)
    records = _ticked(actor, spec, request.POST)
    if not records:
        tell(request, _("Tick at least one row first."), level="warning")
        return htmx.go(request, _back(spec, request.POST))
    if act in ("edit", "transfer") and "confirmed" not in request.POST:
        return _ask_more(request, spec, act, records)
    batch = open_batch(actor, spec, kind=f"bulk_{act}")
    do = _doer(actor.within(batch.pk), spec, act, request.POST)
    outcome = _run(actor, spec, records, batch, act=act, do=do)
    _say(request, act, outcome, batch)
    return htmx.go(request, _back(spec, request.POST))


def _require(actor: Actor, spec: Spec, act: str) -> None:
    if act not in ACTS or not spec.can(ACTS[act]) or not actor.may(spec.key, "view"):
        raise Missing
    if not actor.may(spec.key, act):
        raise NotAllowed(_("You may see this, but not change it this way."))


def _ticked(actor: Actor, spec: Spec, data: QueryDict) -> list[Any]:
    if data.get("all") == "1":
        found = scoped(spec, actor, listing(actor, spec, data).narrowed)
        return list(found.order_by("-id")[:AT_ONCE])
    ids = [one for text in data.getlist("tick") if (one := whole_number(text)) is not None]
    return acts.get_records(actor, spec, ids[:AT_ONCE], "view")


def _ask_more(request: HttpRequest, spec: Spec, act: str, records: list[Any]) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    names = spec.bulk_edit if act == "edit" else ("owner",)
    cols = [column(spec, name) for name in names]
    fields = [
        inputs.field(actor, col, name=col.path, placeholder=_("leave as it is"))
        for col in cols
        if is_open(actor, col)
    ]
    title = (
        ngettext("Edit %(count)s row", "Edit %(count)s rows", len(records))
        if act == "edit"
        else ngettext("Hand over %(count)s row", "Hand over %(count)s rows", len(records))
    )
    back = _back(spec, request.POST)
    context = {
        "layout": htmx.layout(request),
        "title": title % {"count": f"{len(records):,}"},
        "fields": fields,
        "act": act,
        "ids": [record.pk for record in records],
        "params": [("back", back)],
        "back_url": back,
        "action": f"/{spec.path}/bulk/{act}/",
    }
    return render(request, "pages/bulk.html", context)


def _doer(actor: Actor, spec: Spec, act: str, data: QueryDict) -> Callable[[Any], None]:
    if act == "invalidate":
        return lambda record: acts.invalidate_record(actor, record, reason=void_reason(data))
    if act == "restore":
        return lambda record: acts.restore_record(actor, record)
    if act == "delete":
        return lambda record: acts.delete_record(actor, record) and None
    if act == "transfer":
        owner = whole_number(data.get("owner", ""))
        if owner is None:
            raise Refused(_("Choose who takes over."))
        return lambda record: acts.transfer_record(actor, record, owner_id=owner)
    raw = {name: data[name] for name in spec.bulk_edit if data.get(name, "").strip()}
    if not raw:
        raise Refused(_("Nothing was filled in, so nothing was changed."))
    return lambda record: _edit(actor, spec, record, raw)


def _edit(actor: Actor, spec: Spec, record: Any, raw: dict[str, str]) -> None:
    reading = read_values(actor, spec, raw, record=record)
    with change(actor, record) as edit:
        apply_reading(edit, reading)


def _run(
    actor: Actor,
    spec: Spec,
    records: Sequence[Any],
    batch: Batch,
    *,
    act: str,
    do: Callable[[Any], None],
) -> Outcome:
    """Each row for itself: what is refused is skipped with its reason, the rest is one batch."""
    outcome = Outcome()
    for record in records:
        try:
            with transaction.atomic():
                do(record)
            outcome.done += 1
        except (Refused, Invalid, Missing) as refused:
            said = {"field": title_for(actor, record), "text": _reason(refused)}
            outcome.skipped.append(_("%(field)s: %(text)s") % said)
    close_batch(batch, rows=outcome.done)
    publish_batch(f"{spec.key}.bulk_{act}", batch)
    return outcome


def _reason(fault: Exception) -> str:
    if isinstance(fault, Invalid):
        return "; ".join(text for texts in fault.errors.values() for text in texts)
    if isinstance(fault, Refused):
        return fault.message
    return _("not within your reach")


def _say(request: HttpRequest, act: str, outcome: Outcome, batch: Batch) -> None:
    count = {"count": f"{outcome.done:,}"}
    texts = {
        "edit": ngettext("%(count)s row changed", "%(count)s rows changed", outcome.done),
        "transfer": ngettext(
            "%(count)s row handed over", "%(count)s rows handed over", outcome.done
        ),
        "invalidate": ngettext(
            "%(count)s row invalidated", "%(count)s rows invalidated", outcome.done
        ),
        "restore": ngettext("%(count)s row restored", "%(count)s rows restored", outcome.done),
        "delete": ngettext("%(count)s row deleted", "%(count)s rows deleted", outcome.done),
    }
    if outcome.done:
        tell(request, texts[act] % count, undo=f"/undo/batch/{batch.pk}/")
    if outcome.skipped:
        left = outcome.skipped[:SHOWN_REASONS]
        more = len(outcome.skipped) - len(left)
        text = _("Left out: %(rows)s") % {"rows": "; ".join(left)}
        tell(request, text + (f" … +{more}" if more else ""), level="warning")


def _back(spec: Spec, data: QueryDict) -> str:
    """The list as it was, with its conditions."""
    if data.get("back", "").startswith(f"/{spec.path}/"):
        return data["back"]
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in ("csrfmiddlewaretoken", "tick", "all", "reason"):
            kept.setlist(name, values)
    text = kept.urlencode()
    return f"/{spec.path}/{'?' + text if text else ''}"
