"""粘贴识别: a pasted card becomes proposals, and what stays ticked goes into a new form."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.cards import LONGEST, read_card
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.proposals import Proposal
from guanxi.kernel.spec import Spec
from guanxi.pages.offers import may_create
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def paste_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    """Asks for the text, shows what was recognised, and leads to the form with what is taken.

    The text is kept nowhere. `given`: what the form began with, such as customer=7.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if paste_url(actor, spec) == "":
        raise Missing
    text = request.POST.get("text", "")[:LONGEST]
    given = request.POST.get("given", request.META.get("QUERY_STRING", ""))[:LONGEST]
    proposals = proposals_of(actor, spec, text) if text.strip() else []
    if request.POST.get("step") == "take" and proposals:
        chosen = set(request.POST.getlist("take"))
        values = dict(parse_qsl(given))
        for at, one in enumerate(proposals):
            values |= one.values if str(at) in chosen else {}
        return htmx.go(request, f"/{spec.path}/new/?{urlencode(values)}")
    asked = request.method == "POST"
    context = {
        "layout": htmx.layout(request),
        "title": _("Paste and recognise"),
        "dialog": {
            "title": _("Paste and recognise"),
            "text": _("A business card, a chat signature or a registry text."),
            "close_url": f"/{spec.path}/new/?{given}",
        },
        "action": f"/{spec.path}/paste/",
        "text": text,
        "given": given,
        "most": LONGEST,
        "proposals": proposals,
        "error": _fault(text) if asked and not proposals else "",
    }
    return render(request, "pages/paste.html", context, status=422 if context["error"] else 200)


def _fault(text: str) -> str:
    if not text.strip():
        return _("Paste a text first.")
    return _("Nothing was recognised in this text.")


def paste_url(actor: Actor, spec: Spec) -> str:
    """Where a card is pasted for a new record of this object; "" where none can be."""
    if registry.reader_of_cards(spec.key) is None or not may_create(actor, spec):
        return ""
    return f"/{spec.path}/paste/"


def proposals_of(actor: Actor, spec: Spec, text: str) -> list[Proposal]:
    """What a text says for the fields this person may fill."""
    reader: Any = registry.reader_of_cards(spec.key)
    return [one for one in reader(actor, read_card(text)) if _may_fill(actor, spec, one)]


def _may_fill(actor: Actor, spec: Spec, proposal: Proposal) -> bool:
    for path in proposal.values:
        head, _dot, rest = path.partition(".")
        try:
            col = column(spec, f"{head}.{rest.rpartition('.')[2]}" if rest else head)
        except Wrong:
            return False
        if policy(actor, col, mine=True) is not Policy.FREE:
            return False
    return True
