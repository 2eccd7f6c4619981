"""The sign-in of one person, for administrators: give, reset, close, open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from guanxi.access.controls import text
from guanxi.kernel import kinds, registry
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.people.accounts import (
    close_signin,
    give_signin,
    open_signin,
    propose_username,
    reset_password,
    signin_of,
)
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
    person.version = int(version) if version.isdecimal() else 0
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
    return htmx.go(request, request.path)


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
    context = {
        "layout": htmx.layout(request),
        "person": {
            "name": person.name,
            "url": f"/persons/{person.pk}/",
            "version": person.version,
            "void": person.is_void,
        },
        "user": user,
        "open": person.signs_in and user is not None and user.is_active,
        "last_login": _when(user.last_login) if user else "",
        "reset_at": _when(person.password_reset_at),
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


def _when(instant: Any) -> str:
    return kinds.InstantKind().show(instant) if instant else ""
