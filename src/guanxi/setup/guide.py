"""开始设置: the steps with their state, and the card of the start page while any is left."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.setup.steps import ADMINISTRATORS, DONE, HERE, SKIPPED, STEPS, mark, state_of
from guanxi.ui import htmx
from guanxi.ui.web import page

STATES = {"skip": SKIPPED, "done": DONE, "open": ""}


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*ADMINISTRATORS.split(":")):
        return None
    return {"group": "settings", "label": _("Setting up"), "url": HERE, "icon": "list-check"}


def home_card(actor: Actor) -> list[dict[str, Any]]:
    """What is still to do, for administrators; nothing once all is done or skipped."""
    if not actor.may(*ADMINISTRATORS.split(":")):
        return []
    states = {step.key: state_of(actor, step) for step in STEPS}
    left = [step for step in STEPS if not states[step.key]]
    if not left:
        return []
    return [
        {
            "label": _("Setting up: %(done)s of %(all)s")
            % {"done": len(STEPS) - len(left), "all": len(STEPS)},
            "icon": "list-check",
            "items": [
                {"title": step.label, "note": step.text, "url": step.url} for step in left[:4]
            ],
            "none": "",
            "url": HERE,
        }
    ]


@page(ADMINISTRATORS)
def guide_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [_row(number, actor, step) for number, step in enumerate(STEPS, start=1)]
    settled = sum(bool(row["state"]) for row in rows)
    context = {
        "layout": htmx.layout(request),
        "title": _("Setting up"),
        "rows": rows,
        "next": next((row["key"] for row in rows if not row["state"]), ""),
        "settled": settled,
        "all": len(rows),
    }
    return render(request, "setup/guide.html", context)


def _row(number: int, actor: Actor, step: Any) -> dict[str, Any]:
    return {
        "number": number,
        "key": step.key,
        "label": step.label,
        "text": step.text,
        "icon": step.icon,
        "url": step.url,
        "state": state_of(actor, step),
        "by_hand": company_says(actor, step),
    }


def company_says(actor: Actor, step: Any) -> bool:
    """Whether the state is what a person said of it, and can be taken back."""
    return step.is_done is None or not step.is_done(actor.book)


@page(ADMINISTRATORS)
@require_POST
def mark_page(request: HttpRequest, key: str, act: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if act not in STATES or key not in {step.key for step in STEPS}:
        raise Missing
    mark(actor, key, STATES[act])
    return htmx.go(request, HERE)
