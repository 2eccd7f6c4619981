"""The start page: figures of one's own work, what is due, what was opened last. Modules offer
cards."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.ui import htmx
from guanxi.ui.web import SIGNED_IN, page

NOON, EVENING = 12, 18


@page(SIGNED_IN)
def home_page(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    figures: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    for module in registry.modules():
        for offer in module.home:
            for found in offer(actor):
                (figures if "value" in found else cards).append(found)
    context = {
        "title": _("Home"),
        "greeting": _greeting() % {"name": actor.name},
        "figures": figures,
        "cards": cards,
        "rights": bool(actor.rights.grants) or actor.rights.everything,
    }
    return render(request, "pages/home.html", context)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < EVENING else _("Good evening, %(name)s")


@page(SIGNED_IN)
def menu_page(request: HttpRequest) -> HttpResponse:
    """The whole menu as a page, for browsers without a script."""
    return render(request, "pages/menu.html", {"title": _("Menu"), "layout": htmx.layout(request)})
