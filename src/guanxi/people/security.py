"""What an account set decides about signing in; remembered until the organisation's stamp moves."""

import time
from datetime import timedelta
from functools import lru_cache

from django.http import HttpRequest
from django.utils import timezone

from guanxi.kernel import stamps
from guanxi.people.models import Security, User
from guanxi.people.organisation import touch

#: What a session keeps where idle ones end: when it was last used, in whole seconds.
SEEN, STEP = "seen", 30


def security(book: int = 1) -> Security:
    at = stamps.noted()
    return (_security.__wrapped__ if at == stamps.NONE else _security)(book, at)


@lru_cache(maxsize=16)
def _security(book: int, _stamp: int) -> Security:
    return own_security(book)


def has_idled(request: HttpRequest, row: Security) -> bool:
    """Whether this session has lain idle too long; else notes, at most every half minute, that it
    is in use."""
    if not row.idle_minutes:
        return False
    now = int(time.time())
    seen = request.session.get(SEEN, now)
    if now - seen > row.idle_minutes * 60:
        return True
    if SEEN not in request.session or now - seen >= STEP:
        request.session[SEEN] = now
    return False


def is_password_old(user: User, row: Security) -> bool:
    since = user.password_changed_at or user.date_joined
    return bool(row.password_days) and since < timezone.now() - timedelta(days=row.password_days)


def own_security(book: int) -> Security:
    """The row to be changed, never the one that is remembered."""
    return Security.objects.filter(book=book).first() or Security(book=book)


def keep_security(found: Security) -> None:
    found.save()
    touch()
