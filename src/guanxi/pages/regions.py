"""The picker of province, city and district: three selects that follow each other, and typing."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.kernel import regions
from guanxi.ui.web import SIGNED_IN, page
from guanxi.ui.widgets import region_steps

STEPS = 3


@page(SIGNED_IN)
def steps_page(request: HttpRequest) -> HttpResponse:
    """The three selects as they stand when `code` is chosen."""
    return HttpResponse(region_steps(steps(request.GET.get("code", ""))))


@page(SIGNED_IN)
def suggest_page(request: HttpRequest) -> HttpResponse:
    """Regions that what has been typed so far may mean."""
    found = regions.suggest(request.GET.get("q", "")[:50])
    options = [
        {"value": one.code, "text": regions.full_name(one.code), "hint": one.code} for one in found
    ]
    return render(request, "ui/_options.html", {"options": options})


def steps(code: str) -> list[list[dict[str, Any]]]:
    """The options of the three selects; a chosen region out of use stays among them."""
    chosen = {one.level: one for one in regions.path_of(code)}
    found, above = [], ""
    for level in range(1, STEPS + 1):
        known = regions.children(above) if level == 1 or above else ()
        mine = chosen.get(level)
        known = (*known, mine) if mine is not None and mine not in known else known
        found.append(
            [{"value": one.code, "label": str(one), "selected": one == mine} for one in known]
        )
        above = mine.code if mine is not None else ""
    return found


def sent_region(data: Mapping[str, Any], name: str) -> str:
    """What was typed, or the deepest of the selects that lies within those above it."""
    typed = str(data.get(f"{name}__text", "")).strip()
    if typed and typed == regions.full_name(str(data.get(name, ""))):
        return str(data[name])
    if typed or f"{name}__1" not in data:
        return typed or str(data.get(name, ""))
    chosen = ""
    for level in range(1, STEPS + 1):
        code = str(data.get(f"{name}__{level}", ""))
        if not code or (chosen and not code.startswith(regions.prefix_of(chosen))):
            break
        chosen = code
    return chosen
