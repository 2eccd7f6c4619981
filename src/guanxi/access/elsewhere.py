"""Signing in with another house: there, back, and connecting one's account there with oneself."""

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanxi.access.code import clear_tries, may_try, too_many
from guanxi.access.controls import text
from guanxi.access.profile import is_own_address
from guanxi.kernel import registry
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Refused
from guanxi.people.accounts import myself, signin_of
from guanxi.people.models import User
from guanxi.people.security import ELSEWHERE, signed_in_elsewhere
from guanxi.people.sessions import end_sessions
from guanxi.signon import flow
from guanxi.signon.accounts import (
    What,
    check_free,
    connect,
    disconnect,
    note,
    offered,
    person_behind,
)
from guanxi.signon.asking import Identity
from guanxi.signon.models import Provider
from guanxi.signon.store import find_provider
from guanxi.signon.words import Failed
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import PUBLIC, SIGNED_IN, page

log = logging.getLogger(__name__)
SIGN_IN, PROFILE = "/accounts/login/", "/profile/"
#: Who came back to be connected, until they say yes.
ASKED = "outer_account"


def before_sign_in(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the buttons below the password."""
    if request.path != SIGN_IN:
        return {}
    return {"elsewhere": [_button(one, _next(request)) for one in offered()]}


def _button(provider: Provider, next: str) -> dict[str, str]:
    address = f"/accounts/with/{provider.pk}/"
    return {
        "label": provider.name,
        "mark": provider.name[:1].upper(),
        "url": f"{address}?{urlencode({'next': next})}" if next != "/" else address,
    }


def _next(request: HttpRequest) -> str:
    """Where to after the sign-in, only within this installation."""
    wanted = request.GET.get("next", "")
    return wanted if is_own_address(request, wanted) else settings.LOGIN_REDIRECT_URL


@never_cache
@page(PUBLIC)
def begin_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    return _begin(request, find_provider(provider_id), flow.SIGN_IN, _next(request))


@never_cache
@page(SIGNED_IN)
def connect_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    return _begin(request, find_provider(provider_id), flow.CONNECT, PROFILE)


def _begin(request: HttpRequest, provider: Provider, purpose: str, next: str) -> HttpResponse:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    try:
        if not provider.active:
            raise Failed("off")
        if not ratelimit.consume(request, action="login"):
            raise Failed("busy")
        address = flow.begin(request, provider, purpose=purpose, next=next, language=language)
    except Failed as fault:
        return _failed(request, provider, fault)
    return HttpResponseRedirect(address)


@never_cache
@page(PUBLIC)
def back_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    provider = find_provider(provider_id)
    try:
        if not provider.active:
            raise Failed("off")
        if not ratelimit.consume(request, action="login"):
            raise Failed("busy")
        back = flow.take_back(request, provider)
        if back.purpose == flow.CONNECT:
            return _ask(request, provider, back.identity)
        person = person_behind(request, provider, back.identity)
    except Failed as fault:
        return _failed(request, provider, fault)
    note(request, What.SIGNED_IN, provider=provider, person=person, account=back.identity.name)
    # From here on it goes the way of every sign-in: further steps, session, signals.
    record_authentication(request, person.user, method=ELSEWHERE, provider=provider.pk)
    return perform_login(request, person.user, redirect_url=back.next)


def _failed(request: HttpRequest, provider: Provider, fault: Failed) -> HttpResponse:
    log.warning("sign-in with %s (%s): %s %s", provider.pk, provider.kind, fault.code, fault.detail)
    if fault.code not in ("busy", "off", "state"):
        why = {"why": fault.code, "detail": fault.detail, "account": fault.account}
        note(request, What.FAILED, provider=provider, **why)
    context = {
        "provider": provider.name,
        "sentence": fault.sentence,
        "signed_in": request.user.is_authenticated,
        "again": provider.active and fault.code not in ("busy", "taken", "has_one"),
        "again_url": f"/accounts/with/{provider.pk}/",
    }
    return render(request, "access/elsewhere_failed.html", context, status=_status(fault))


def _status(fault: Failed) -> int:
    return {"busy": 429, "unreachable": 502, "timed_out": 504}.get(fault.code, 403)


def _ask(request: HttpRequest, provider: Provider, identity: Identity) -> HttpResponse:
    """Nobody is connected by following a link: they see whom with, and say yes."""
    if not request.user.is_authenticated:
        raise Failed("state")
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    check_free(person, provider, identity)
    request.session[ASKED] = {"provider": provider.pk, "uid": identity.uid, "name": identity.name}
    return _show_question(request, provider, identity, person.name)


def _show_question(
    request: HttpRequest, provider: Provider, identity: Identity, person: str, error: str = ""
) -> HttpResponse:
    field = text(
        "password",
        _("Your password once more"),
        value="",
        widget="password",
        required=True,
        error=error,
        autocomplete="current-password",
        autofocus=True,
    )
    context = {
        "provider": provider.name,
        "account": identity.name,
        "person": person,
        "fields": [field] if _knows_password(request) else [],
    }
    return render(request, "access/elsewhere_connect.html", context, status=422 if error else 200)


def _knows_password(request: HttpRequest) -> bool:
    """Who came from another house may know none; what they came with is as good."""
    return request.user.has_usable_password() and not signed_in_elsewhere(request)


@page(SIGNED_IN)
@require_POST
def confirm_page(request: HttpRequest) -> HttpResponse:
    asked = request.session.get(ASKED)
    if not asked:
        raise Refused(_("There is nothing to connect any more. Begin again."))
    provider = find_provider(asked["provider"])
    own, person = myself(request.actor)  # type: ignore[attr-defined]
    identity = Identity(asked["uid"], asked["name"])
    error = _unproven(request)
    if error:
        return _show_question(request, provider, identity, person.name, error)
    del request.session[ASKED]
    try:
        connect(request, own, person, provider, identity)
    except Failed as fault:
        raise Refused(fault.sentence) from None
    tell(request, _("Connected. From now on you can sign in with it."))
    return htmx.go(request, PROFILE)


def _unproven(request: HttpRequest) -> str:
    """Why it may not be the person; a browser left open must not be enough to come in for good."""
    if not _knows_password(request):
        return ""
    user: User = request.user  # type: ignore[assignment]
    if not may_try(request, user):
        return too_many()
    if not user.check_password(request.POST.get("password", "")):
        return _("This is not your current password.")
    clear_tries(request, user)
    return ""


@page("people.role:edit")
@require_POST
def disconnect_person_page(request: HttpRequest, record_id: int, account_id: int) -> HttpResponse:
    """By an administrator, for whoever lost an account or left: whoever came in by it is out."""
    actor = request.actor  # type: ignore[attr-defined]
    person = get_record(actor, registry.spec("people.person"), record_id)
    gone = disconnect(request, actor, person, account_id)
    user = signin_of(person)
    if user is not None:
        end_sessions(user, by=actor.name)
    tell(request, _("“%(name)s” is disconnected.") % {"name": gone.provider.name})
    return htmx.go(request, f"/persons/{person.pk}/account/")


@page(SIGNED_IN)
@require_POST
def disconnect_page(request: HttpRequest, account_id: int) -> HttpResponse:
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    gone = disconnect(request, request.actor, person, account_id)  # type: ignore[attr-defined]
    tell(request, _("“%(name)s” is disconnected.") % {"name": gone.provider.name})
    return htmx.go(request, PROFILE)
