"""One view: each page of the style guide is a template with its samples."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from guanxi.ui import htmx, notices
from guanxi.ui.web import PUBLIC, page

SAMPLES = Path(__file__).parent / "samples"
PAGES = (
    "parts",
    "home",
    "list",
    "empty",
    "picker",
    "record",
    "board",
    "form",
    "import",
    "signin",
    "missing",
    "options",
    "suggest",
)


@page(PUBLIC)
def show(request: HttpRequest, name: str = "parts") -> HttpResponse:
    """Render one page of the style guide."""
    if name not in PAGES:
        raise Http404
    if request.method == "POST":
        return posted(request, name)
    return render(request, f"ui/styleguide/{name}.html", context_of(request, name))


def posted(request: HttpRequest, name: str) -> HttpResponse:
    """Answer as a real page would: the board with figures, the others with a notice."""
    if name == "board":
        figures = {request.POST["stage"]: {"count": "?", "sum": "?"}}
        done = notices.Notice("已移动", undo="/ui/list/")
        return JsonResponse(
            {"version": 2, "columns": figures, "text": done.text, "undo": done.undo}
        )
    notices.tell(request, "已失效 12 个客户", undo="/ui/list/")
    return htmx.go(request, request.path)


def context_of(request: HttpRequest, name: str) -> dict[str, Any]:
    frame = {**samples("frame")}
    for group in frame["menu"]:
        for item in group["items"]:
            item["active"] = item["url"] == f"/ui/{name}/"
    for target in frame["targets"]:
        target["active"] = target["url"] == f"/ui/{name}/"
    return {"frame": frame, "layout": htmx.layout(request), "page_names": PAGES, **samples(name)}


@cache
def samples(name: str) -> dict[str, Any]:
    """Return the context of a page; {"html": text} in the file is markup."""
    file = SAMPLES / f"{name}.json"
    if not file.is_file():
        return {}
    return json.loads(file.read_text(encoding="utf-8"), object_hook=_markup)


def _markup(found: dict[str, Any]) -> Any:
    return SafeString(found["html"]) if found.keys() == {"html"} else found
