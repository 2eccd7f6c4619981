"""What everybody sets for themselves; language and theme also before they sign in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.access.connected import own_accounts
from guanxi.access.controls import Control, choice, text, with_errors
from guanxi.access.second_factor import state_of
from guanxi.access.sessions import session_lines
from guanxi.kernel.errors import Conflict, Invalid, Refused
from guanxi.kernel.text import whole_number
from guanxi.people.accounts import OWN_FIELDS, edit_myself, myself, prefer
from guanxi.people.middleware import LANGUAGE_COOKIE
from guanxi.people.preferences import PREFERENCES, densities, languages, themes, time_zones
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import PUBLIC, SIGNED_IN, page

YEAR = 365 * 24 * 3600
#: Preferences the browser needs before anything is read from the database.
COOKIES = {"language": LANGUAGE_COOKIE, "theme": "theme", "density": "density"}
PROFILE = "/profile/"
SIGN_IN_WITH = ("mobile", "email")


@page(SIGNED_IN)
def profile_page(request: HttpRequest) -> HttpResponse:
    """Two forms: `part` says whether the person or the preferences were sent."""
    if request.method != "POST":
        return _show(request)
    sent = request.POST.dict()
    try:
        if sent.get("part") == "person":
            edit_myself(request.actor, _with_version(sent))  # type: ignore[attr-defined]
            kept: dict[str, str] = {}
        else:
            kept = {name: sent[name] for name in PREFERENCES if name in sent}
            prefer(request.user, kept)  # type: ignore[arg-type]
    except Invalid as invalid:
        return _show(request, sent, invalid.errors, status=400)
    except (Conflict, Refused) as refused:
        return _show(request, sent, {"": [refused.message]}, status=409)
    with translation.override(kept.get("language", translation.get_language())):
        tell(request, _("Saved."))
    return _keep(htmx.go(request, PROFILE), kept)


def _with_version(sent: dict[str, str]) -> dict[str, Any]:
    version = sent.get("version", "")
    return sent | {"version": whole_number(version) or 0}


def _show(
    request: HttpRequest, sent: Any = None, errors: Any = None, *, status: int = 200
) -> HttpResponse:
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    context = {
        "layout": htmx.layout(request),
        "username": request.user.get_username(),
        "department": str(person.department or ""),
        "version": person.version,
        "accounts": own_accounts(person.pk),
        "factor": state_of(request.user),  # type: ignore[arg-type]
        "sessions": session_lines(request.user, here=request.session.session_key),  # type: ignore[arg-type]
        "fault": " ".join((errors or {}).get("", ())),
        "person_fields": with_errors(_person_controls(person, sent or {}), errors or {}),
        "fields": with_errors(_preference_controls(request.user, sent or {}), errors or {}),
    }
    return render(request, "access/profile.html", context, status=status)


def _person_controls(person: Any, sent: dict[str, str]) -> list[Control]:
    labels = {name: person._meta.get_field(name).verbose_name for name in OWN_FIELDS}
    return [
        text(
            name,
            label,
            value=sent.get(name, getattr(person, name)),
            widget={"mobile": "phone", "phone": "phone", "email": "email"}.get(name, "text"),
            required=name == "name",
            help=_("You can sign in with it.") if name in SIGN_IN_WITH else "",
        )
        for name, label in labels.items()
    ]


def _preference_controls(user: Any, sent: dict[str, str]) -> list[Control]:
    offered = {
        "language": (_("Language"), languages()),
        "theme": (_("Theme"), themes()),
        "density": (_("Density"), densities()),
        "time_zone": (_("Time zone"), time_zones()),
    }
    return [
        choice(name, label, options, value=sent.get(name, getattr(user, name)))
        for name, (label, options) in offered.items()
    ]


@page(PUBLIC)
@require_POST
def language_switch(request: HttpRequest) -> HttpResponse:
    return _switch(request, "language")


@page(PUBLIC)
@require_POST
def theme_switch(request: HttpRequest) -> HttpResponse:
    return _switch(request, "theme")


def _switch(request: HttpRequest, name: str) -> HttpResponse:
    """Keeps one preference and goes back; what is not offered changes nothing."""
    value = request.POST.get(name, "")
    back = htmx.go(request, safe_next(request))
    if value not in PREFERENCES[name]():
        return back
    if request.user.is_authenticated:
        prefer(request.user, {name: value})  # type: ignore[arg-type]
    return _keep(back, {name: value})


def safe_next(request: HttpRequest) -> str:
    """The address to go back to, only within this installation."""
    wanted = request.POST.get("next", "")
    return wanted if is_own_address(request, wanted) else "/"


def is_own_address(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )


def _keep(response: HttpResponse, kept: dict[str, str]) -> HttpResponse:
    for name, value in kept.items():
        if name in COOKIES:
            response.set_cookie(
                COOKIES[name],
                value,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response
