"""Who calls: the person behind a bearer token, in which language and time zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guanxi.api.problems import Problem
from guanxi.kernel.actor import Actor
from guanxi.people.models import ApiToken, TokenScope, User
from guanxi.people.rights import actor_of
from guanxi.people.signin import client_address
from guanxi.people.tokens import note_use, open_token

REALM = 'Bearer realm="guanxi"'
LONGEST_TOKEN = 200
SAFE = ("GET", "HEAD", "OPTIONS")
#: Wrong tokens a minute from one address, after which the answer is 429. 256 random bits can't be
#: guessed; this only keeps a broken script from asking the database all day.
FAILURES, WINDOW = 30, 60


@dataclass(frozen=True)
class Caller:
    """The actor of a request with the token behind it."""

    actor: Actor
    token: ApiToken

    @property
    def may_write(self) -> bool:
        return self.token.scope == TokenScope.WRITE

    @property
    def expires_at(self) -> datetime:
        return self.token.expires_at


def caller_of(request: HttpRequest) -> Caller:
    """Raises Problem 401 without a valid token, 429 after too many wrong ones, 403 where a
    read-only one is used to write."""
    scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer" or not text:
        raise Problem(
            401,
            "no_token",
            _("Send a token: “Authorization: Bearer …”."),
            headers={"WWW-Authenticate": REALM},
        )
    fits = text.isascii() and len(text) <= LONGEST_TOKEN
    token = open_token(text) if fits else None
    if token is None:
        _count_failure(request)
        raise Problem(
            401,
            "bad_token",
            _("This token is not valid: unknown, expired, revoked, or its person may not sign in."),
            headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
        )
    if token.scope != TokenScope.WRITE and request.method not in SAFE:
        raise Problem(
            403,
            "read_only_token",
            _("This token may only read."),
            headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope"'},
        )
    note_use(token)
    return Caller(actor_of(token.person, surface="api", user_id=token.person.user_id), token)


def _count_failure(request: HttpRequest) -> None:
    """Raises Problem 429 beyond the limit; a right token is never refused because of others."""
    now = int(timezone.now().timestamp())
    key = f"api-failures:{client_address(request)}:{now // WINDOW}"
    cache.add(key, 0, WINDOW * 2)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    if count > FAILURES:
        wait = WINDOW - now % WINDOW
        raise Problem(
            429,
            "too_many_attempts",
            _("Too many wrong tokens from this address. Try again in %(seconds)s seconds.")
            % {"seconds": wait},
            headers={"Retry-After": str(wait)},
        )


def language_of(request: HttpRequest, user: User | None = None) -> str:
    """What the request asks for, else the person's own."""
    if request.headers.get("Accept-Language", "*").strip() not in ("", "*"):
        asked = _asked_language(request)
        if asked:
            return asked
    return (user.language if user else "") or settings.LANGUAGE_CODE


def _asked_language(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    for item in request.headers["Accept-Language"].split(","):
        code = item.partition(";")[0].strip()
        try:
            found = translation.get_supported_language_variant(code)
        except LookupError:
            continue
        if found in known:
            return found
    return ""


def zone_of(user: User | None) -> ZoneInfo:
    return ZoneInfo(str((user and user.time_zone) or settings.LOCAL_TIME_ZONE))
