"""The tokens with which programs act for me: make one, see it once, end it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanxi.access.controls import Control, choice, text, with_errors
from guanxi.kernel import kinds
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import whole_number
from guanxi.people.accounts import myself
from guanxi.people.models import ApiToken, TokenScope
from guanxi.people.tokens import is_open, make_token, revoke_token, state_of, tokens_of
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

TOKENS = "/profile/tokens/"
DAYS = (30, 90, 365, 1095)
SHOWN = 50


@never_cache
@page(SIGNED_IN)
def tokens_page(request: HttpRequest) -> HttpResponse:
    """The token is in the answer to the form and nowhere else, so this does not redirect."""
    if request.method != "POST":
        return _show(request)
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    sent = request.POST.dict()
    try:
        _made, secret = make_token(
            person,
            name=sent.get("name", ""),
            scope=sent.get("scope", ""),
            days=whole_number(sent.get("days", "")) or 0,
        )
    except Invalid as invalid:
        return _show(request, sent, invalid.errors, status=422)
    except Refused as refused:
        return _show(request, sent, {"": [refused.message]}, status=409)
    return _show(request, secret=secret)


@page(SIGNED_IN)
@require_POST
def revoke_page(request: HttpRequest, token_id: int) -> HttpResponse:
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    token = revoke_token(person, token_id)
    tell(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return htmx.go(request, TOKENS)


def _show(
    request: HttpRequest,
    sent: Any = None,
    errors: Any = None,
    *,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    _own, person = myself(request.actor)  # type: ignore[attr-defined]
    errors = errors or {}
    context = {
        "layout": htmx.layout(request),
        "secret": secret,
        "fault": " ".join(errors.get("", ())),
        "fields": with_errors(_controls(sent or {}), errors),
        "tokens": [_line(token) for token in tokens_of(person)[:SHOWN]],
    }
    return render(request, "access/tokens.html", context, status=status)


def _controls(sent: dict[str, str]) -> list[Control]:
    days = {
        str(one): ngettext("%(count)s day", "%(count)s days", one) % {"count": one} for one in DAYS
    }
    return [
        text("name", _("What it is for"), value=sent.get("name", ""), required=True, max=60),
        choice(
            "scope",
            pgettext("token", "May"),
            dict(TokenScope.choices),
            value=sent.get("scope", TokenScope.READ),
        ),
        choice("days", _("Works for"), days, value=sent.get("days", "90")),
    ]


def _line(token: ApiToken) -> dict[str, Any]:
    show = kinds.InstantKind().show
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "scope": token.get_scope_display(),
        "open": is_open(token),
        "state": state_of(token),
        "created": show(token.created_at),
        "expires": show(token.expires_at),
        "used": show(token.last_used_at),
    }
