"""Gives every request its actor, language and time zone."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from guanxi.kernel.actor import Actor, Rights
from guanxi.people.models import Person, User, Viewing
from guanxi.people.organisation import note_stamp
from guanxi.people.rights import actor_of, rights_of
from guanxi.people.second_factor import PASSED, is_asked, must_set_up
from guanxi.people.security import has_idled, is_password_old, security, signed_in_elsewhere
from guanxi.people.sessions import keep_up, known, note_session
from guanxi.people.signin import client_address, person_of_user
from guanxi.people.viewing import end_viewing, find_viewing, viewed

NOBODY = Actor(None, "", Rights())
LANGUAGE_COOKIE = "guanxi_language"
#: What a session keeps while its person looks as somebody else: the id of the Viewing.
VIEWING = "viewing"


def person_of_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        session = known(request)
        request.viewing = viewing_of(request)  # type: ignore[attr-defined]
        request.actor = actor_within_rules(request)  # type: ignore[attr-defined]
        user = request.user
        language = language_of(request)
        zone = (user.is_authenticated and user.time_zone) or settings.LOCAL_TIME_ZONE
        with translation.override(language), timezone.override(ZoneInfo(str(zone))):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = get_response(request)
            keep_up(request, session)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


def actor_within_rules(request: HttpRequest) -> Actor:
    """The actor; a session that lay idle too long, or never took the second step, ends here; a
    password too old has to be changed, a second step that is required to be set up."""
    actor = actor_of_request(request)
    if not request.user.is_authenticated:
        return actor
    # Only now is the stamp noted by which the settings are remembered.
    row = security(actor.book)
    user: User = request.user  # type: ignore[assignment]
    if has_idled(request, row) or (is_asked(user, row) and PASSED not in request.session):
        logout(request)
        request.viewing = None  # type: ignore[attr-defined]
        return NOBODY
    note_session(request, user, client_address(request))
    if request.viewing is None:  # type: ignore[attr-defined]
        user.must_set_up_factor = must_set_up(user, actor.person_id or 0, row)
    if signed_in_elsewhere(request):
        # Its password was not asked for, and may never have been known.
        request.user.must_change_password = False  # type: ignore[union-attr]
    # While one looks as somebody else the page for a new password is closed.
    elif request.viewing is None and is_password_old(request.user, row):  # type: ignore[attr-defined, arg-type]
        request.user.must_change_password = True  # type: ignore[union-attr]
    return actor


@dataclass(frozen=True)
class Look:
    """That the signed-in person looks as another one; `person` is None when that is over."""

    viewing: Viewing
    person: Person | None


def viewing_of(request: HttpRequest) -> Look | None:
    """What this session looks as; asks the database only where something was begun."""
    if not request.user.is_authenticated or VIEWING not in request.session:
        return None
    viewing = find_viewing(request.session[VIEWING])
    person = viewed(viewing, actor_of_user(request.user)) if viewing else None
    if person is None:
        del request.session[VIEWING]
    if viewing and not person:
        end_viewing(viewing)
    return Look(viewing, person) if viewing else None


def actor_of_request(request: HttpRequest) -> Actor:
    """Who acts: the person who has signed in, or the one looked as, who changes nothing."""
    look: Look | None = request.viewing  # type: ignore[attr-defined]
    if look is None or look.person is None:
        return actor_of_user(request.user)  # type: ignore[arg-type]
    return actor_of(look.person, user_id=look.person.user_id, only_looks=True)


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
    # The stamp has come along with the person: a statement less on every page.
    rights = rights_of(person.pk, note_stamp(person.stamp))  # type: ignore[attr-defined]
    return actor_of(person, surface=surface, user_id=user.pk, rights=rights)
