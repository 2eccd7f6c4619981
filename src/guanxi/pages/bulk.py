"""Acts on many rows: the bar of the list, and one page that does each to the ticked or to all
found rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.kernel import acts, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.company import with_currencies
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused, Wrong
from guanxi.kernel.extra import bulk_paths
from guanxi.kernel.journal import close_batch, open_batch
from guanxi.kernel.models import Batch
from guanxi.kernel.outbox import publish_batch
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import apply_reading, read_values
from guanxi.pages.acts import void_reason
from guanxi.pages.bulk_asks import ask_page
from guanxi.pages.listing import Listing, listing, scoped
from guanxi.pages.pickers import chosen_person
from guanxi.pages.sharing import share_arguments
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
    "share": Capability.SHARE,
}
LABELS = {
    "edit": (gettext_lazy("Edit"), "edit"),
    "transfer": (gettext_lazy("Change the owner"), "user-share"),
    "share": (gettext_lazy("Share"), "share"),
    "invalidate": (gettext_lazy("Invalidate"), "archive"),
    "restore": (gettext_lazy("Restore"), "restore"),
    "delete": (gettext_lazy("Delete"), "trash"),
}
#: Acts that ask on a page of their own before anything is done.
ASKING = ("edit", "transfer", "share", "delete")


@dataclass
class Outcome:
    done: int = 0
    skipped: list[str] = field(default_factory=list)


def bulk_bar(actor: Actor, spec: Spec, asked: Listing) -> dict[str, Any]:
    """The context of `ui/_bulk.html`: only acts this person has the right for.

    Among invalid rows there is nothing to do but to restore them.
    """
    base = f"/{spec.path}/bulk"
    void = asked.asked.void
    offered = [
        {"label": str(label), "icon": icon, "url": f"{base}/{act}/", "danger": act == "delete"}
        for act, (label, icon) in LABELS.items()
        if spec.can(ACTS[act])
        and actor.may(spec.key, act)
        and (act != "edit" or bulk_paths(spec, book=actor.book))
        and (void != "" if act == "restore" else void != "void")
    ]
    params = [
        (name, value) for name, values in asked.asked.data.lists() for value in values if value
    ]
    return {"url": f"{base}/edit/", "actions": offered, "params": params}


@page(BY_OBJECT)
def bulk_page(request: HttpRequest, spec: Spec, act: str) -> HttpResponse:
    """POST tick=ID … (or all=1 with the list's own parameters); acts that ask more show a form
    first."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        raise Missing
    _require(actor, spec, act)
    records = _ticked(actor, spec, request.POST)
    back = back_to_list(spec, request.POST)
    if not records:
        tell(request, _("Tick at least one row first."), level="warning")
        return htmx.go(request, back)
    if len(records) == AT_ONCE and request.POST.get("all") == "1":
        text = _("These are the first %(count)s rows; the others wait for the next time.")
        tell(request, text % {"count": f"{AT_ONCE:,}"}, level="warning")
    if act in ASKING and "confirmed" not in request.POST:
        return ask_page(request, spec, act, records, back=back)
    try:
        do = _doer(actor, spec, act, request.POST)
    except Wrong as wrong:
        return ask_page(request, spec, act, records, back=back, error=wrong.message)
    batch = open_batch(actor, spec, kind=f"bulk_{act}")
    outcome = _run(spec, records, batch, act=act, do=partial(do, actor.within(batch.pk)))
    _say(request, act, outcome, batch)
    return htmx.go(request, back)


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


def _doer(actor: Actor, spec: Spec, act: str, data: QueryDict) -> Callable[[Actor, Any], Any]:
    """What is done to each row; raises Wrong where something is still missing."""
    if act == "invalidate":
        return partial(acts.invalidate_record, reason=void_reason(data))
    if act == "restore":
        return acts.restore_record
    if act == "delete":
        return acts.delete_record
    if act == "share":
        return partial(acts.share_record, **share_arguments(actor, data))
    if act == "transfer":
        owner = whole_number(chosen_person(actor, data, "owner"))
        if owner is None:
            raise Wrong(_("Choose who takes over."))
        return partial(acts.transfer_record, owner_id=owner)
    names = with_currencies(spec.model, bulk_paths(spec, book=actor.book))
    raw = {name: data[name] for name in names if data.get(name, "").strip()}
    if not raw:
        raise Wrong(_("Nothing was filled in, so nothing was changed."))
    return partial(_edit, raw=raw)


def _edit(actor: Actor, record: Any, *, raw: dict[str, str]) -> None:
    reading = read_values(actor, registry.spec(type(record)), raw, record=record)
    with change(actor, record) as edit:
        apply_reading(edit, reading)


def _run(
    spec: Spec, records: Sequence[Any], batch: Batch, *, act: str, do: partial[Any]
) -> Outcome:
    """Each row for itself: what is refused is skipped with its reason, the rest is one batch."""
    outcome = Outcome()
    for record in records:
        try:
            with transaction.atomic():
                do(record)
            outcome.done += 1
        except (Refused, Invalid, Missing) as refused:
            said = {"field": title_for(do.args[0], record), "text": _reason(refused)}
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
        "share": ngettext("%(count)s row shared", "%(count)s rows shared", outcome.done),
    }
    if outcome.done:
        undo = "" if act == "share" else f"/undo/batch/{batch.pk}/"
        tell(request, texts[act] % count, undo=undo)
    if outcome.skipped:
        left = outcome.skipped[:SHOWN_REASONS]
        more = len(outcome.skipped) - len(left)
        text = _("Left out: %(rows)s") % {"rows": "; ".join(left)}
        tell(request, text + (f" … +{more}" if more else ""), level="warning")


def back_to_list(spec: Spec, data: QueryDict) -> str:
    """The list as it was, with its conditions."""
    if data.get("back", "").startswith(f"/{spec.path}/"):
        return data["back"]
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in ("csrfmiddlewaretoken", "tick", "all", "reason"):
            kept.setlist(name, values)
    text = kept.urlencode()
    return f"/{spec.path}/{'?' + text if text else ''}"
