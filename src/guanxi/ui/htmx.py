"""The only place that knows the headers of htmx 4.

Answers with 200, 400 and 422 are shown where they were asked for; with 204, 403, 404, 409 and 5xx
nothing is replaced (see base.html), only `HX-Trigger` and `HX-Redirect` are heard.
"""

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse

DIALOG = "dialog-body"


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether the page's script asked, not the browser's address bar."""
    return request.headers.get("HX-Request") == "true"


def target_id(request: HttpRequest) -> str:
    """Return the id of the element to be filled, without its tag name; empty when it has none."""
    return request.headers.get("HX-Target", "").partition("#")[2]


def wants_part(request: HttpRequest) -> bool:
    """Tell whether only a part of the page is wanted; going back in history wants all of it."""
    return is_htmx(request) and request.headers.get("HX-Request-Type") == "partial"


def in_dialog(request: HttpRequest) -> bool:
    """Tell whether the answer will be shown in the dialog."""
    return is_htmx(request) and target_id(request) == DIALOG


def layout(request: HttpRequest) -> str:
    """Return the template a page extends: the whole frame, or the page alone for a dialog."""
    return "ui/fragment.html" if wants_part(request) else "ui/frame.html"


def page_address(request: HttpRequest) -> str:
    """Return the address of the page in the browser, also when only a part is asked for."""
    if not is_htmx(request):
        return request.get_full_path() if request.method == "GET" else "/"
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return urlunsplit(("", "", shown.path or "/", shown.query, ""))


def own_address(text: str) -> str:
    """Return an address of this site as it is, anything that would lead elsewhere as empty."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) else ""


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, from a form in a dialog as from an ordinary one."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def trigger(response: HttpResponse, event: str, **detail: Any) -> HttpResponse:
    """Let the page's script hear `event`; several on one response add up."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps({**events, event: detail})
    return response
