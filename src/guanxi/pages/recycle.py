"""回收站: what was deleted, and its way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.kernel.journal import get_change
from guanxi.kernel.present import address
from guanxi.kernel.recycle import Deleted, deleted_rows, find_deleted
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.text import fold, whole_number
from guanxi.kernel.undo import undo_change
from guanxi.ui import htmx
from guanxi.ui.fields import Field
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page

SIZE = 50
#: So many deletions are looked through for a word at most.
LOOKED_THROUGH = 5000
SHOWN_REASONS = 5


@page(BY_OBJECT)
def recycle_page(request: HttpRequest) -> HttpResponse:
    """GET object=PATH, q=TEXT, before=CHANGE narrow and page the list; POST tick=CHANGE … brings
    rows back."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _restore(request, actor)
    offered = [
        spec
        for spec in registry.specs()
        if spec.can(Capability.DELETE) and actor.may(spec.key, "view")
    ]
    chosen = registry.by_path(request.GET.get("object", ""))
    specs = [chosen] if chosen in offered else offered
    before = whole_number(request.GET.get("before", ""))
    text = request.GET.get("q", "").strip()
    found = _matching(actor, specs, text, before)  # type: ignore[arg-type]
    more = len(found) > SIZE
    context = {
        "title": _("Recycle bin"),
        "fields": _conditions(offered, chosen, text),
        "rows": [_row(one) for one in found[:SIZE]],
        "may_restore": any(one.may_return for one in found[:SIZE]),
        "older_url": _older(request.GET, found[SIZE - 1]) if more else "",
        "action": request.get_full_path(),
        "empty": {
            "icon": "trash",
            "title": _("Nothing here"),
            "text": _("What is deleted lies here and can be brought back with all its values."),
        },
    }
    return render(request, "pages/recycle.html", context)


def _matching(actor: Actor, specs: list[Spec], text: str, before: int | None) -> list[Deleted]:
    if not text:
        return deleted_rows(actor, specs, before=before, limit=SIZE + 1)
    wanted = fold(text)
    every = deleted_rows(actor, specs, before=before, limit=LOOKED_THROUGH)
    return [one for one in every if wanted in fold(one.title)][: SIZE + 1]


def _conditions(offered: list[Spec], chosen: Spec | None, text: str) -> list[Field]:
    options = [
        {"value": spec.path, "label": spec.name, "selected": spec is chosen} for spec in offered
    ]
    return [
        Field(name="q", label=_("What was deleted"), widget="text", value=text),
        Field(
            name="object",
            label=_("Kind of record"),
            widget="choice",
            value=chosen.path if chosen else "",
            placeholder=_("all"),
            options=options,
        ),
    ]


def _row(one: Deleted) -> dict[str, Any]:
    return {
        "id": one.change.pk,
        "title": one.title,
        "object": one.spec.name,
        "icon": one.spec.icon,
        "by": one.change.actor,
        "at": kinds.InstantKind().show(one.change.at),
        "may_return": one.may_return,
    }


def _older(data: QueryDict, last: Deleted) -> str:
    kept = data.copy()
    kept["before"] = str(last.change.pk)
    return f"/recycle/?{kept.urlencode()}"


def _restore(request: HttpRequest, actor: Actor) -> HttpResponse:
    texts = request.POST.getlist("one") or request.POST.getlist("tick")
    ids = [one for text in texts if (one := whole_number(text)) is not None]
    done: list[Deleted] = []
    left: list[str] = []
    # What was deleted last comes back first: others may belong to it.
    for one in sorted(find_deleted(actor, ids), key=lambda one: -one.change.pk):
        try:
            undo_change(actor, get_change(actor, one.change.pk))  # type: ignore[arg-type]
        except (Refused, Invalid) as fault:
            said = {"field": one.title, "text": _reason(fault)}
            left.append(_("%(field)s: %(text)s") % said)
        else:
            done.append(one)
    _say(request, done, left, asked=bool(ids))
    return htmx.go(request, request.get_full_path())


def _reason(fault: Refused | Invalid) -> str:
    if isinstance(fault, NotAllowed):
        return _("You may not bring this back.")
    if isinstance(fault, Refused):
        return fault.message
    return "; ".join(text for texts in fault.errors.values() for text in texts)


def _say(request: HttpRequest, done: list[Deleted], left: list[str], *, asked: bool) -> None:
    if len(done) == 1:
        text = _("“%(title)s” is back.") % {"title": done[0].title}
        tell(request, text, url=address(done[0].spec, done[0].change.record_id))
    elif done:
        text = ngettext("%(count)s row restored", "%(count)s rows restored", len(done))
        tell(request, text % {"count": f"{len(done):,}"})
    if left:
        shown = "; ".join(left[:SHOWN_REASONS])
        tell(request, _("Left out: %(rows)s") % {"rows": shown}, level="warning")
    if not asked:
        tell(request, _("Tick at least one row first."), level="warning")
