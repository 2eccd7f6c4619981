"""What an account set decides about signing in; remembered until the organisation's stamp moves."""

import time
from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from guanxi.kernel import stamps
from guanxi.people.models import Security, User
from guanxi.people.organisation import touch
from guanxi.people.sessions import SEEN

#: How the sign-in library notes what another house vouched for.
ELSEWHERE = "elsewhere"


@stamps.remembered(16)
def security(book: int = 1) -> Security:
    return own_security(book)


def has_idled(request: HttpRequest, row: Security) -> bool:
    """Whether this session has lain idle too long."""
    now = int(time.time())
    seen = request.session.get(SEEN, now)
    return bool(row.idle_minutes) and now - seen > row.idle_minutes * 60


def is_password_old(user: User, row: Security) -> bool:
    since = user.password_changed_at or user.date_joined
    return bool(row.password_days) and since < timezone.now() - timedelta(days=row.password_days)


def signed_in_elsewhere(request: HttpRequest) -> bool:
    """Whether this session was opened by another house: no password of ours was asked for it."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    methods = {record["method"] for record in records}
    return ELSEWHERE in methods and "password" not in methods


def own_security(book: int) -> Security:
    """The row to be changed, never the one that is remembered."""
    return Security.objects.filter(book=book).first() or Security(book=book)


def keep_security(found: Security) -> None:
    found.save()
    touch()
