"""Sign-ins of persons: given, reset, closed and opened by those who administer roles."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor, Rights
from guanxi.kernel.acts import get_record
from guanxi.kernel.change import Edit, change
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.kernel.registry import spec
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import fold, syllables
from guanxi.kernel.values import edit_record
from guanxi.people import second_factor
from guanxi.people.models import Person, Role, User
from guanxi.people.passwords import readable_password
from guanxi.people.preferences import PREFERENCES
from guanxi.people.sessions import end_sessions
from guanxi.people.tokens import revoke_tokens

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,29}\Z")
OWN_FIELDS = ("name", "mobile", "phone", "email")


def require_administrator(actor: Actor) -> None:
    """Whoever opens the door to an account holds its rights: only those who may give rights may."""
    if not actor.may("people.role", "edit"):
        raise NotAllowed(_("Only those who administer roles may do this."))


def propose_username(name: str) -> str:
    """A free user name from the pinyin of a person's name: 张伟 -> zhangwei, zhangwei2 ..."""
    read = "".join(syllables(name, surname=True))
    base = re.sub(r"[^a-z0-9]", "", read)[:26]
    base = base if USERNAME.match(base) else f"user{base}"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    number = 1
    proposed = base
    while proposed in taken:
        number += 1
        proposed = f"{base}{number}"
    return proposed


def check_username(text: str) -> str:
    """The user name as it is kept; raises Invalid."""
    name = fold(text)
    if not USERNAME.match(name):
        sentence = _("2 to 30 letters, digits and . _ -, beginning with a letter.")
        raise Invalid({"username": [sentence]})
    if User.objects.filter(username=name).exists():
        raise Invalid({"username": [_("Somebody else has this user name.")]})
    return name


def give_signin(actor: Actor, person: Person, *, username: str, password: str = "") -> str:
    """Lets a person sign in; returns the one-time password. Raises Invalid, Refused, NotAllowed."""
    require_administrator(actor)
    with transaction.atomic():
        if person.user_id is not None:
            raise Refused(_("This person already has a sign-in."))
        given = password or readable_password()
        user = User(username=check_username(username), must_change_password=True)
        user.set_password(given)
        user.save()
        with change(actor, person, event="people.person.signin_given"):
            person.user, person.signs_in = user, True
            person.password_reset_at = timezone.now()
    return given


def reset_password(actor: Actor, person: Person, *, password: str = "") -> str:
    """A new one-time password; every session and every token of this person ends: whoever has to
    be given a new one may have lost the old one to somebody."""
    with _administered(actor, person, "password_reset") as user:
        end_access(user, by=actor.name)
        given = password or readable_password()
        user.set_password(given)
        user.must_change_password = True
        user.save(update_fields=("password", "must_change_password"))
        person.password_reset_at = timezone.now()
    return given


def close_signin(actor: Actor, person: Person) -> None:
    """No more sign-in, from the next request on; refused for the last administrator. Sessions and
    tokens end for good: they don't come back with the sign-in."""
    with _administered(actor, person, "signin_closed") as user:
        end_access(user, by=actor.name)
        user.is_active = person.signs_in = False
        user.save(update_fields=("is_active",))


def open_signin(actor: Actor, person: Person) -> None:
    with _administered(actor, person, "signin_opened") as user:
        user.is_active = person.signs_in = True
        user.save(update_fields=("is_active",))


def reset_factor(actor: Actor, person: Person) -> None:
    """No second step any more, for whom the phone was lost; the person is told. Sessions end."""
    require_administrator(actor)
    user = signin_of(person)
    if user is None:
        raise Refused(_("This person has no sign-in."))
    with transaction.atomic():
        second_factor.remove(actor, person, user, event=second_factor.RESET)
        end_sessions(user, by=actor.name)


def end_access(user: User, *, by: str) -> None:
    end_sessions(user, by=by)
    revoke_tokens(user)


def end_access_of_void(written: Spec, edits: Sequence[Edit]) -> None:
    """An invalidated person's sessions and tokens don't come back with the person either."""
    if written.key == "people.person":
        gone = [edit.record for edit in edits if edit.verb == "invalidate"]
        for user in User.objects.filter(pk__in=[one.user_id for one in gone if one.user_id]):
            end_access(user, by="")


@contextmanager
def _administered(actor: Actor, person: Person, event: str) -> Iterator[User]:
    """The sign-in of a person while it and the person change together."""
    require_administrator(actor)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=person.user_id).first()
        if user is None:
            raise Refused(_("This person has no sign-in."))
        with change(actor, person, event=f"people.person.{event}"):
            yield user


def signin_of(person: Person) -> User | None:
    return User.objects.filter(pk=person.user_id).first() if person.user_id else None


def people_who_sign_in(actor: Actor) -> list[tuple[Person, User]]:
    """Everybody with a sign-in, open or closed, in the order of names."""
    found = Person.rows(actor).filter(user__isnull=False).select_related("user")
    return [(person, person.user) for person in found.order_by("name_key", "id")]


def count_second_factors(actor: Actor) -> dict[str, int]:
    """How many of those who may sign in have set up a second step."""
    found = Person.rows(actor).live().filter(signs_in=True, user__isnull=False)
    return {"on": found.filter(user__has_second_factor=True).count(), "all": found.count()}


def roles_by_id(actor: Actor) -> dict[int, str]:
    """The valid roles by their title in the reader's language."""
    return {role.pk: str(role) for role in Role.rows(actor).live().order_by("position", "id")}


def myself(actor: Actor) -> tuple[Actor, Person]:
    """The person who acts, and an actor who may edit that one row. Raises Missing for nobody."""
    own = Actor(
        actor.person_id,
        actor.name,
        Rights(everything=True),
        book=actor.book,
        surface=actor.surface,
        user_id=actor.user_id,
        only_looks=actor.only_looks,
    )
    return own, get_record(own, spec("people.person"), actor.person_id)


def edit_myself(actor: Actor, raw: dict[str, Any]) -> Person:
    """What all may change about themselves: name, mobile, landline, e-mail. Raises Invalid, Conflict."""
    own, person = myself(actor)
    if "version" in raw:
        person.version = int(raw["version"])
    return edit_record(own, person, {name: raw[name] for name in OWN_FIELDS if name in raw})


def prefer(user: User, raw: dict[str, str]) -> None:
    """Keeps language, theme, density, time zone; raises Invalid for what is not offered."""
    wrong = {
        name: [_("Choose from the list, please.")]
        for name, value in raw.items()
        if name not in PREFERENCES or value not in PREFERENCES[name]()
    }
    if wrong:
        raise Invalid(wrong)
    for name, value in raw.items():
        setattr(user, name, value)
    user.save(update_fields=tuple(raw))


def check_password_rules(password: str, user: User | None = None) -> None:
    """Raises Invalid with every rule the password breaks."""
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Invalid({"password": fault.messages}) from None
