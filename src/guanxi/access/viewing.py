"""Looking as somebody else: begin, end, the record of it, and the gate that lets nothing change."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.write import only_looks_message
from guanxi.people.middleware import VIEWING, Look
from guanxi.people.models import Viewing
from guanxi.people.signin import client_address
from guanxi.people.viewing import end_viewing, is_running, start_viewing, viewable, viewings
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page, refusal

END, LOG = "/viewing/end/", "/viewing/"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
LEAVING = (END, "/accounts/logout/")
#: What concerns a sign-in itself: neither mine nor theirs is shown or changed meanwhile.
PERSONAL = ("/profile/", "/accounts/", "/notices/")
WRITES = ("INSERT", "UPDATE", "DELETE")
SHOWN = 200


def only_looking(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever looks as somebody else sees, and changes nothing, at any address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        look: Look | None = request.viewing  # type: ignore[attr-defined]
        refused = _stopped(request, look) if look else None
        if refused is not None or look is None or look.person is None or request.path in LEAVING:
            return refused or get_response(request)
        with connection.execute_wrapper(only_reading):
            return get_response(request)

    return middleware


def only_reading(execute: Any, sql: str, *rest: Any) -> Any:
    """Last resort: what a page would write while it is only looked at is not written."""
    if sql.lstrip()[:6].upper() in WRITES:
        raise NotAllowed(only_looks_message())
    return execute(sql, *rest)


def _stopped(request: HttpRequest, look: Look) -> HttpResponse | None:
    """The answer instead of the page; None where the page may be shown."""
    if request.path in LEAVING:
        if request.path != END and look.person is not None:
            _leave(request, look)
        return None
    if look.person is None:
        text = _("Looking as %(name)s has ended; you are yourself again.")
        tell(request, text % {"name": look.viewing.person})
        # What was filled in as somebody else must not be carried out in one's own name.
        stale = request.method not in SAFE
        return refusal(request, 403, message=only_looks_message()) if stale else None
    if request.method not in SAFE:
        return refusal(request, 403, message=only_looks_message())
    if request.path.startswith(PERSONAL):
        text = _("This belongs to %(name)s alone and is not shown to others.")
        return refusal(request, 403, message=text % {"name": look.viewing.person})
    return None


def _leave(request: HttpRequest, look: Look) -> None:
    end_viewing(look.viewing)
    request.session.pop(VIEWING, None)


@page("people.person:view_as")
def begin_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """GET says what will happen, POST begins."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        viewing = start_viewing(actor, record_id, address=client_address(request))
        request.session[VIEWING] = viewing.pk
        return htmx.go(request, "/")
    person = viewable(actor, record_id)
    context = {
        "layout": htmx.layout(request),
        "dialog": {
            "title": _("Look as %(name)s") % {"name": person.name},
            "close_url": f"/persons/{person.pk}/",
        },
        "action": request.path,
        "name": person.name,
    }
    return render(request, "access/view_as.html", context)


@page(SIGNED_IN)
@require_POST
def end_page(request: HttpRequest) -> HttpResponse:
    look: Look | None = request.viewing  # type: ignore[attr-defined]
    if look is None:
        return htmx.go(request, "/")
    _leave(request, look)
    return htmx.go(request, f"/persons/{look.viewing.person_id}/")


@page("people.role:edit")
def log_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "layout": htmx.layout(request),
        "lines": [_line(viewing) for viewing in viewings(actor.book, limit=SHOWN)],
    }
    return render(request, "access/viewings.html", context)


def _line(viewing: Viewing) -> dict[str, object]:
    show = kinds.InstantKind().show
    # One who simply closed the browser leaves no end: it was over when its time was.
    ended = viewing.ended_at or (None if is_running(viewing) else viewing.until)
    return {
        "viewer": viewing.viewer,
        "person": viewing.person,
        "address": viewing.address,
        "started": show(viewing.started_at),
        "ended": show(ended) if ended else "",
        "until": show(viewing.until),
    }
