"""Tokens with which programs act for a person: made, shown once, found, ended."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.kernel.errors import Invalid, Missing, Refused
from guanxi.kernel.spec import Spec
from guanxi.people.models import ApiToken, Person, TokenScope, User

LEAD = "gx_"
SHOWN_LETTERS = 11
MAX_DAYS, MAX_OPEN, MAX_NAME = 3650, 50, 60
#: A busy program would write a row with each request; a minute is exact enough.
USE_STEP = timedelta(minutes=1)


def make_token(person: Person, *, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """The row and the token itself, which is known here and never again.

    Raises Invalid for a wrong name, scope or number of days, Refused where the person can't sign in
    or has too many.
    """
    name = " ".join(name.split())
    errors = {}
    if not name or len(name) > MAX_NAME:
        errors["name"] = [_("Say what it is for, in at most 60 characters.")]
    if scope not in TokenScope.values:
        errors["scope"] = [_("Choose from the list, please.")]
    if not 1 <= days <= MAX_DAYS:
        errors["days"] = [_("Between 1 and 3,650 days, please.")]
    if errors:
        raise Invalid(errors)
    if person.is_void or not person.signs_in or person.user_id is None:
        raise Refused(_("Only a person with an open sign-in can have a token."))
    if len([token for token in tokens_of(person) if is_open(token)]) >= MAX_OPEN:
        raise Refused(_("There are 50 open tokens already. Revoke one first."))
    text = f"{LEAD}{secrets.token_urlsafe(32)}"
    now = timezone.now()
    made = ApiToken.objects.create(
        person=person,
        name=name,
        prefix=text[:SHOWN_LETTERS],
        digest=_digest(text),
        scope=scope,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return made, text


def _digest(text: str) -> str:
    # 256 random bits can't be guessed from a plain digest, unlike a password.
    return hashlib.sha256(text.encode()).hexdigest()


def open_token(text: str) -> ApiToken | None:
    """The token as it counts now, with person and user: neither revoked nor expired, and the
    person valid with an open sign-in."""
    found = (
        ApiToken.objects.filter(digest=_digest(text), revoked_at__isnull=True)
        .filter(expires_at__gt=timezone.now())
        .filter(person__voided_at__isnull=True, person__signs_in=True)
        .filter(person__user__is_active=True)
    )
    return found.select_related("person__user").first()


def note_use(token: ApiToken) -> None:
    """Remembers, to the minute, that the token was used."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_STEP)
    if token.last_used_at is None or token.last_used_at < now - USE_STEP:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def is_open(token: ApiToken) -> bool:
    return token.revoked_at is None and token.expires_at > timezone.now()


def state_of(token: ApiToken) -> str:
    """A word for people: valid, revoked, expired."""
    if token.revoked_at is not None:
        return pgettext("token", "revoked")
    return pgettext("token", "valid") if is_open(token) else pgettext("token", "expired")


def tokens_of(person: Person) -> list[ApiToken]:
    """The newest first, ended ones included."""
    return list(ApiToken.objects.filter(person=person).order_by("-id"))


def every_token() -> list[ApiToken]:
    return list(ApiToken.objects.select_related("person").order_by("-id"))


def revoke_token(person: Person | None, token_id: int) -> ApiToken:
    """Ends a token, of this person unless None is given; raises Missing."""
    found = ApiToken.objects.filter(pk=token_id)
    token = (found if person is None else found.filter(person=person)).first()
    if token is None:
        raise Missing
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=("revoked_at",))
    return token


def revoke_tokens(user: User) -> int:
    """Ends every token of the person with this sign-in; returns how many."""
    found = ApiToken.objects.filter(person__user=user, revoked_at__isnull=True)
    return found.update(revoked_at=timezone.now())


def token_by_prefix(text: str) -> ApiToken:
    """The token an administrator names by its number or first letters; raises Missing."""
    text = text.strip()
    wanted = Q(prefix=text[:SHOWN_LETTERS])
    if text.isascii() and text.isdecimal() and len(text) < 10:
        wanted = Q(pk=int(text))
    found = list(ApiToken.objects.filter(wanted).select_related("person")[:2])
    if len(found) != 1:
        raise Missing
    return found[0]


def forget_tokens(spec: Spec, ids: Sequence[int]) -> None:
    """Tokens of a deleted person go with the row."""
    if spec.key == "people.person":
        ApiToken.objects.filter(person_id__in=ids).delete()
