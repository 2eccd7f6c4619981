"""What an act on many rows asks first: the new values, the person, or whether to delete them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import uses_of_many
from guanxi.kernel.change import void_message
from guanxi.kernel.columns import Column, column, is_open
from guanxi.kernel.extra import bulk_paths
from guanxi.kernel.present import address, title_for
from guanxi.kernel.spec import Spec
from guanxi.pages import inputs
from guanxi.pages.pickers import chosen_person
from guanxi.pages.sharing import share_fields
from guanxi.pages.terms import options_html
from guanxi.pages.uses import use_links
from guanxi.ui import htmx

SHOWN = 20


def ask_page(
    request: HttpRequest,
    spec: Spec,
    act: str,
    records: Sequence[Any],
    *,
    back: str,
    error: str = "",
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    left: list[dict[str, Any]] = []
    if act == "delete":
        left = _undeletable(actor, spec, records)
        kept = {line["id"] for line in left}
        records = [record for record in records if record.pk not in kept]
    title, button = _words(act, len(records))
    context = {
        "layout": htmx.layout(request),
        "title": title,
        "button": button if records else "",
        "text": _("They go to the recycle bin and can be brought back from there.")
        if act == "delete" and records
        else "",
        "danger": act == "delete",
        "error": error if act == "edit" else "",
        "fields": _fields(actor, spec, act, request, error=error),
        "titles": [title_for(actor, record) for record in records[:SHOWN]],
        "more": max(0, len(records) - SHOWN),
        "left": left[:SHOWN],
        "left_count": len(left),
        "ids": [record.pk for record in records],
        "params": [("back", back)],
        "back_url": back,
        "action": f"/{spec.path}/bulk/{act}/",
    }
    return render(request, "pages/bulk.html", context, status=422 if error else 200)


def _words(act: str, count: int) -> tuple[str, str]:
    """The heading, which names the number, and the button."""
    titles = {
        "edit": ngettext("Edit %(count)s row", "Edit %(count)s rows", count),
        "transfer": ngettext(
            "Change the owner of %(count)s row", "Change the owner of %(count)s rows", count
        ),
        "share": ngettext("Share %(count)s row", "Share %(count)s rows", count),
        "delete": ngettext("Delete %(count)s row?", "Delete %(count)s rows?", count),
    }
    buttons = {
        "edit": _("Change them"),
        "transfer": _("Change the owner"),
        "share": _("Share"),
        "delete": _("Delete"),
    }
    return titles[act] % {"count": f"{count:,}"}, buttons[act]


def _fields(
    actor: Actor, spec: Spec, act: str, request: HttpRequest, *, error: str
) -> list[dict[str, Any]]:
    """The first one begins with the focus, and takes what is wrong with the only choice there is."""
    found: list[dict[str, Any]] = []
    if act == "share":
        found = share_fields(actor, spec, data=request.POST, error=error)
    elif act == "transfer":
        typed = chosen_person(actor, request.POST, "owner")
        col = column(spec, "owner")
        found = [inputs.field(actor, col, name="owner", value=typed, required=True, error=error)]
    elif act == "edit":
        cols = [column(spec, name) for name in bulk_paths(spec, book=actor.book)]
        found = [_control(actor, col) for col in cols if is_open(actor, col)]
    if found:
        found[0]["autofocus"] = True
    return found


def _control(actor: Actor, col: Column) -> dict[str, Any]:
    """A box can't be left as it is: yes or no is a choice here."""
    found = inputs.field(actor, col, name=col.path, placeholder=_("leave as it is"))
    if isinstance(col.kind, kinds.BooleanKind):
        entries = tuple((code, col.kind.show(code == "1"), 0) for code in ("1", "0"))
        found |= {"widget": "choice", "value": "", "options_html": options_html(entries, "")}
    return inputs.with_currency(actor, col, found, None)


def _undeletable(actor: Actor, spec: Spec, records: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows that stay, each with the reason and links to what uses it."""
    uses = uses_of_many(spec, [record.pk for record in records])
    found = []
    for record in records:
        if not record.is_void and record.pk not in uses:
            continue
        found.append(
            {
                "id": record.pk,
                "title": title_for(actor, record),
                "url": address(spec, record.pk),
                "text": void_message() if record.is_void else _("In use:"),
                "links": [] if record.is_void else use_links(actor, record, uses[record.pk]),
            }
        )
    return found
