"""The sign-in of one person, for administrators: give, reset, close, open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from guanxi.access.connected import accounts_for
from guanxi.access.controls import text
from guanxi.access.second_factor import state_of
from guanxi.access.sessions import session_lines, tell_ended
from guanxi.kernel import kinds, registry
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.kernel.text import whole_number
from guanxi.people.accounts import (
    close_signin,
    give_signin,
    open_signin,
    propose_username,
    reset_factor,
    reset_password,
    signin_of,
)
from guanxi.people.models import User
from guanxi.people.second_factor import must_set_up
from guanxi.people.security import security
from guanxi.people.sessions import end_sessions
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page


@never_cache
@page("people.role:edit")
def account_page(request: HttpRequest, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    person = get_record(actor, registry.spec("people.person"), record_id)
    if request.method != "POST":
        return _show(request, person)
    version = request.POST.get("version", "")
    # A form sent twice must not reset twice: the second one is stale.
    person.version = whole_number(version) or 0
    try:
        return _act(request, person)
    except Invalid as invalid:
        return _show(request, person, errors=invalid.errors, status=400)
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, person, errors={"": [refused.message]}, status=409)


def _act(request: HttpRequest, person: Any) -> HttpResponse:
    """The one-time password is in this answer and nowhere else, so these two don't redirect."""
    actor, act = request.actor, request.POST.get("act", "")  # type: ignore[attr-defined]
    if act == "give":
        username = request.POST.get("username", "")
        return _show(request, person, password=give_signin(actor, person, username=username))
    if act == "reset":
        return _show(request, person, password=reset_password(actor, person))
    if act == "close":
        close_signin(actor, person)
        tell(request, _("%(name)s can't sign in any more.") % {"name": person.name})
    elif act == "open":
        open_signin(actor, person)
        tell(request, _("%(name)s can sign in again.") % {"name": person.name})
    elif act == "reset_factor":
        reset_factor(actor, person)
        said = _("%(name)s signs in with the password alone until it is set up anew.")
        tell(request, said % {"name": person.name})
    elif act in ("end_session", "end_sessions"):
        _end_sessions(request, person, only_one=act == "end_session")
    return htmx.go(request, request.path)


def _end_sessions(request: HttpRequest, person: Any, *, only_one: bool) -> None:
    user = signin_of(person)
    one = whole_number(request.POST.get("session", "")) or 0 if only_one else None
    name = request.actor.name  # type: ignore[attr-defined]
    tell_ended(request, end_sessions(user, only=one, by=name) if user else 0)


def _show(
    request: HttpRequest,
    person: Any,
    *,
    password: str = "",
    errors: Any = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    actor = request.actor  # type: ignore[attr-defined]
    person = get_record(actor, registry.spec("people.person"), person.pk)
    user = signin_of(person)
    proposed = request.POST.get("username") or propose_username(person.name)
    context = _security_of(person, user, request.session.session_key) | {
        "layout": htmx.layout(request),
        "person": {
            "name": person.name,
            "url": f"/persons/{person.pk}/",
            "version": person.version,
            "void": person.is_void,
        },
        "user": user,
        "last_login": _when(user.last_login) if user else "",
        "reset_at": _when(person.password_reset_at),
        "accounts": accounts_for(person.pk),
        "password": password,
        "fault": " ".join(
            text for path, texts in errors.items() if path != "username" for text in texts
        ),
        "username_field": text(
            "username",
            _("User name"),
            value=proposed,
            required=True,
            max=30,
            error=" ".join(errors.get("username", ())),
            help=_("Proposed from the pinyin of the name. Mobile and e-mail work as well."),
        ),
    }
    return render(request, "access/account.html", context, status=status)


def _security_of(person: Any, user: User | None, here: str | None) -> dict[str, Any]:
    """The second step and the sessions of a sign-in."""
    if user is None:
        return {}
    return {
        "open": person.signs_in and user.is_active,
        "factor": state_of(user),
        "must_set_up": must_set_up(user, person.pk, security(person.book)),
        "sessions": session_lines(user, here=here),
    }


def _when(instant: Any) -> str:
    return kinds.InstantKind().show(instant) if instant else ""
