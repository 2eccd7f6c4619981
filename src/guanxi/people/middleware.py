"""Gives every request its actor, language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from guanxi.kernel.actor import Actor, Rights
from guanxi.people.models import User
from guanxi.people.rights import actor_of
from guanxi.people.signin import person_of_user

NOBODY = Actor(None, "", Rights())
LANGUAGE_COOKIE = "guanxi_language"


def person_of_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        language = language_of(request)
        zone = (user.is_authenticated and user.time_zone) or settings.LOCAL_TIME_ZONE
        request.actor = SimpleLazyObject(lambda: actor_of_user(user))  # type: ignore[attr-defined]
        with translation.override(language), timezone.override(ZoneInfo(str(zone))):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """The person's own; before sign-in the one chosen in this browser."""
    if request.user.is_authenticated:
        return request.user.language or settings.LANGUAGE_CODE
    chosen = request.COOKIES.get(LANGUAGE_COOKIE)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def actor_of_user(user: User, *, surface: str = "page") -> Actor:
    """The actor behind a sign-in; without a valid person and an open sign-in, nobody."""
    if not user.is_authenticated:
        return NOBODY
    person = getattr(user, "person", None) or person_of_user(user.pk)
    if person is None:
        return NOBODY
    return actor_of(person, surface=surface, user_id=user.pk)
