"""Signing in by name, phone as people type it, or e-mail; each request asks anew who that is."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.company import company
from guanxi.kernel.phones import read_phone
from guanxi.kernel.text import fold
from guanxi.people.models import Person, User
from guanxi.people.organisation import STAMP_OF_NOW
from guanxi.people.sessions import end_sessions, note_session

#: Each may refuse a password that is right: (user) -> why, or "".
PASSWORD_GATES: list[Callable[[User], str]] = []
LONGEST_NAME = 150
SETTING_UP = "/setup/"
#: After the password, before anybody is signed in. Named, not imported: it looks up people here.
CODE_STAGE = "guanxi.people.signin_code.CodeStage"


def user_by_any_name(text: str) -> User | None:
    """The one user this text names; None where nobody or more than one is meant.

    Always the same two queries, so that the time tells nobody which names exist.
    """
    text = text.strip()[:LONGEST_NAME]
    named = User.objects.filter(username=fold(text)).first()
    wanted = Q(email__iexact=fold(text))
    phone = read_phone(text)
    if phone.e164:
        wanted |= Q(mobile_e164=phone.e164)
    reachable = Person._all.live().filter(wanted, signs_in=True, user__isnull=False)
    people = list(reachable.exclude(mobile="", email="").select_related("user")[:2])
    if named is not None or not text:
        return named
    return people[0].user if len(people) == 1 else None


def on_password(gate: Callable[[User], str]) -> None:
    """Has `gate(user)` asked after a right password at the sign-in page."""
    if gate not in PASSWORD_GATES:
        PASSWORD_GATES.append(gate)


def person_of_user(user_id: int) -> Person | None:
    """The valid person behind a sign-in that has not been closed, with the user and the `stamp`
    of the organisation at that moment."""
    found = Person._all.live().filter(user_id=user_id, signs_in=True, user__is_active=True)
    return next(iter(found.select_related("user").annotate(stamp=STAMP_OF_NOW)), None)


class AnyNameBackend(ModelBackend):
    """A valid person with an open sign-in; everybody else looks like a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        user = user_by_any_name(username or "")
        if user is None:
            User().set_password(password or "")
            return None
        is_right = user.check_password(password or "")
        return user if person_of_user(user.pk) is not None and is_right else None

    def get_user(self, user_id: int) -> User | None:
        person = person_of_user(user_id)
        if person is None:
            return None
        user = person.user
        user.person = person
        return user


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an administrator makes users."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name or the password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Try again in five minutes."),
        "enter_current_password": _("This is not your current password."),
    }
    said = {
        "account/messages/password_changed.txt": _("Your password has been changed."),
        "account/messages/password_set.txt": _("Your password has been changed."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Only who knows the password learns that it does not serve here."""
        user = super().authenticate(request, **credentials)
        why = next(filter(None, (gate(user) for gate in PASSWORD_GATES)), "") if user else ""
        if why:
            raise ValidationError(why, code="no_passwords")
        return user

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *context: Any,
        **more: Any,
    ) -> None:
        """Only what a person would want to be told; signing in needs no applause."""
        if message_template in self.said:
            messages.add_message(request, level, str(self.said[message_template]))

    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), CODE_STAGE]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note_session(request, user, client_address(request))

    def set_password(self, user: User, password: str) -> None:
        """Every other session of this person ends."""
        user.set_password(password)
        user.must_change_password = False
        user.password_changed_at = timezone.now()
        user.save(update_fields=("password", "must_change_password", "password_changed_at"))
        asking = self.request
        is_own = asking is not None and asking.user.pk == user.pk
        end_sessions(user, but=asking.session.session_key if is_own else None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The first administrator of a new installation is led to setting it up."""
        is_new = not company().name and request.actor.may("people.role", "edit")  # type: ignore[attr-defined]
        return SETTING_UP if is_new else settings.LOGIN_REDIRECT_URL

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts count per person, however the name was spelt and whatever host was asked."""
        text = str(credentials.get("username", ""))
        user = user_by_any_name(text)
        return f"user:{user.pk}" if user is not None else f"text:{fold(text)[:LONGEST_NAME]}"


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, behind as many proxies as the settings name."""
    return str(get_adapter().get_client_ip(request))
