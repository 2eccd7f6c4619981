"""The way there and back: what leaves with the browser is kept in its session, for one use.

The state ties the answer to the session that asked, so that nobody can be led into another's
account; nonce and verifier tie it to this very attempt.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from guanxi.signon.asking import Attempt, Identity, said
from guanxi.signon.houses import house_of
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

PENDING = "outer_attempts"
#: Seconds somebody may take over there, and attempts one session may have under way (tabs).
GOOD_FOR, AT_MOST = 600, 5
SIGN_IN, CONNECT = "sign_in", "connect"


@dataclass(frozen=True)
class Return:
    """Who came back, what for, and where to go on."""

    identity: Identity
    purpose: str
    next: str


def begin(
    request: HttpRequest, provider: Provider, *, purpose: str, next: str, language: str
) -> str:
    """The address over there; raises Failed where the house can't be asked."""
    house = house_of(provider)
    agent = request.headers.get("User-Agent", "").lower()
    attempt = Attempt(
        # Letters and digits only, as WeCom wants it.
        state=secrets.token_hex(20),
        nonce=secrets.token_hex(20),
        verifier=secrets.token_urlsafe(48),
        back=way_back(request, provider),
        inside=bool(house.app) and house.app in agent,
        language=language,
    )
    address = house.start(provider, attempt)
    kept = {
        "provider": provider.pk,
        "purpose": purpose,
        "next": next,
        "at": int(time.time()),
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "back": attempt.back,
        "inside": attempt.inside,
    }
    pending = list(_pending(request).items())[1 - AT_MOST :]
    request.session[PENDING] = dict([*pending, (attempt.state, kept)])
    return address


def take_back(request: HttpRequest, provider: Provider) -> Return:
    """Who came back from the house; raises Failed. The state is used up, whatever comes of it."""
    state = request.GET.get("state", "")
    kept = _take(request, state)
    if kept is None or kept["provider"] != provider.pk:
        raise Failed("state")
    if not 0 <= time.time() - kept["at"] <= GOOD_FOR:
        raise Failed("state")
    house = house_of(provider)
    code = request.GET.get(house.code) or request.GET.get("code", "")
    _check_answer(request.GET, provider, code)
    attempt = Attempt(
        state=state,
        nonce=kept["nonce"],
        verifier=kept["verifier"],
        back=kept["back"],
        inside=kept["inside"],
    )
    identity = house.identify(provider, code, attempt)
    if not identity.uid:
        raise Failed("token", detail="uid")
    return Return(identity, kept["purpose"], kept["next"])


def way_back(request: HttpRequest, provider: Provider) -> str:
    """Our own address over there comes back to: of the host that holds the session."""
    own = settings.SITE_URL.rstrip("/")
    if own.partition("://")[2] == request.get_host():
        site = own
    else:
        # Behind a proxy that ends TLS the request itself looks plain.
        is_https = request.is_secure() or settings.SESSION_COOKIE_SECURE
        site = f"{'https' if is_https else 'http'}://{request.get_host()}"
    return f"{site}/accounts/with/{provider.pk}/back/"


def _check_answer(found: Mapping[str, str], provider: Provider, code: str) -> None:
    """Raises Failed for an answer that is a refusal, or another issuer's (RFC 9207)."""
    error = found.get("error", "")
    if error and error != "access_denied":
        raise Failed("refused", detail=said(error, found.get("error_description", "")))
    if not code:
        # WeCom comes back without a code when somebody says no.
        raise Failed("denied")
    issuer = found.get("iss", "")
    is_oidc = provider.kind == Provider.Kind.OIDC
    if is_oidc and issuer and issuer.rstrip("/") != provider.address.rstrip("/"):
        raise Failed("issuer", detail=issuer[:100])


def _pending(request: HttpRequest) -> dict[str, dict[str, Any]]:
    found = request.session.get(PENDING)
    return found if isinstance(found, dict) else {}


def _take(request: HttpRequest, state: str) -> dict[str, Any] | None:
    pending = dict(_pending(request))
    kept = pending.pop(state, None)
    if kept is not None:
        request.session[PENDING] = pending
        # What follows may take seconds: the same answer sent twice must find it gone.
        request.session.save()
    return kept
