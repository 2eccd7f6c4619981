"""Where people are signed in: my own browsers, somebody's for an administrator, the record of all."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.people.accounts import people_who_sign_in
from guanxi.people.devices import device, is_phone
from guanxi.people.models import SignedIn, User
from guanxi.people.sessions import end_sessions, is_open, latest_sessions, sessions_of
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

PROFILE = "/profile/#sessions"
SHOWN = 200


@page(SIGNED_IN)
@require_POST
def end_page(request: HttpRequest, session_id: int) -> HttpResponse:
    """One of mine; this one, too: then it is signing out."""
    if not end_sessions(request.user, only=session_id, by=request.actor.name):  # type: ignore[attr-defined, arg-type]
        raise Missing
    tell(request, _("Signed out there."))
    return htmx.go(request, PROFILE)


@page(SIGNED_IN)
@require_POST
def end_others_page(request: HttpRequest) -> HttpResponse:
    key = request.session.session_key
    count = end_sessions(request.user, but=key, by=request.actor.name)  # type: ignore[attr-defined, arg-type]
    tell_ended(request, count)
    return htmx.go(request, PROFILE)


def tell_ended(request: HttpRequest, count: int) -> None:
    said = ngettext("%(count)s sign-in has ended.", "%(count)s sign-ins have ended.", count)
    tell(request, said % {"count": count})


@page("people.role:edit")
def log_page(request: HttpRequest) -> HttpResponse:
    """Who signed in with what and from where; the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    names = {user.pk: person.name for person, user in people_who_sign_in(actor)}
    rows = latest_sessions(list(names), limit=SHOWN)
    lines = [_line(row) | {"name": names[row.user_id]} for row in rows]
    context = {"layout": htmx.layout(request), "lines": lines}
    return render(request, "access/sign_ins.html", context)


def session_lines(user: User, *, here: str | None = None) -> list[dict[str, Any]]:
    """The open ones; `here` is the key of the session that asks."""
    lines = [_line(row) | {"here": row.key == here} for row in sessions_of(user)]
    return sorted(lines, key=lambda line: not line["here"])


def _line(row: SignedIn) -> dict[str, Any]:
    show = kinds.InstantKind().show
    return {
        "id": row.pk,
        "device": device(row.agent) or _("unknown device"),
        "icon": "device-mobile" if is_phone(row.agent) else "world",
        "agent": row.agent,
        "address": row.address,
        "since": show(row.started_at),
        "seen": show(row.seen_at),
        "open": is_open(row),
        "ended": show(row.ended_at) if row.ended_at else "",
        "by": row.ended_by,
    }
