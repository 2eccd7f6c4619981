"""Browsers in which people are signed in: noted, shown to their owner, ended at once.

A row lies beside each session of Django's, which alone decides: ending deletes that one.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from allauth.core import context
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from guanxi.people.models import SignedIn, User

#: What a session keeps: the id of its row, and when it was last used, in whole seconds.
ROW, SEEN = "signed_in", "seen"
#: So often the last use is noted; a write with each request would be one too many.
STEP = 30
#: Ended ones are the record of who was in; the law on network security asks for six months.
KEPT = timedelta(days=190)


def note_session(request: HttpRequest, user: User, address: str) -> None:
    """Notes a sign-in, or, at most every half minute, that it is in use."""
    now = int(time.time())
    if ROW not in request.session:
        _begin(request, user, address)
    elif now - request.session.get(SEEN, 0) >= STEP:
        row = SignedIn.objects.filter(pk=request.session[ROW])
        row.update(seen_at=timezone.now(), address=address[:45])
    else:
        return
    request.session[SEEN] = now


def _begin(request: HttpRequest, user: User, address: str) -> None:
    if not request.session.session_key:
        request.session.save()
    now = timezone.now()
    row, _made = SignedIn.objects.get_or_create(
        key=request.session.session_key,
        defaults={
            "user": user,
            "address": address[:45],
            "agent": request.headers.get("User-Agent", "")[:300],
            "started_at": now,
            "seen_at": now,
        },
    )
    request.session[ROW] = row.pk


def keep_up(request: HttpRequest, before: tuple[Any, str | None]) -> None:
    """After the answer was made: a new key after a new password, the end after signing out.

    `before`: what `known` gave before.
    """
    row_id, key = before
    if row_id is None:
        return
    if request.session.get(ROW) != row_id:
        _end(SignedIn.objects.filter(pk=row_id, ended_at=None))
    elif request.session.session_key != key:
        SignedIn.objects.filter(pk=row_id).update(key=request.session.session_key)


def known(request: HttpRequest) -> tuple[Any, str | None]:
    return request.session.get(ROW), request.session.session_key


def sessions_of(user: User) -> list[SignedIn]:
    """Those that are open, the one used last first."""
    rows = SignedIn.objects.filter(user=user, ended_at=None).order_by("-seen_at", "-id")
    return [row for row in rows if is_open(row)]


def latest_sessions(users: Sequence[int], *, limit: int) -> list[SignedIn]:
    """Of these users, those that ended included, the newest first."""
    return list(SignedIn.objects.filter(user_id__in=users).order_by("-started_at", "-id")[:limit])


def is_open(row: SignedIn) -> bool:
    """Not ended by anybody; one whose browser was closed for good looks open until its time is
    over."""
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return row.ended_at is None and row.seen_at > timezone.now() - age


def end_sessions(
    user: User, *, only: int | None = None, but: str | None = None, by: str = ""
) -> int:
    """Ends all of them, one of them, or all but the one with this key; returns how many."""
    rows = SignedIn.objects.filter(user=user, ended_at=None)
    if only is not None:
        rows = rows.filter(pk=only)
    if but:
        rows = rows.exclude(key=but)
    return _end(rows, by=by)


def _end(rows: QuerySet[SignedIn], *, by: str = "") -> int:
    ids = dict(rows.values_list("pk", "key"))
    for key in ids.values():
        _drop(key)
    found = SignedIn.objects.filter(pk__in=list(ids), ended_at=None)
    return found.update(ended_at=timezone.now(), ended_by=by[:100], key="")


def _drop(key: str) -> None:
    """The session that asks for it is emptied instead: its answer still has to be given."""
    asking = context.request
    if asking is not None and asking.session.session_key == key:
        asking.session.flush()
    else:
        SessionStore().delete(key)


def forget_sessions() -> int:
    """Removes sessions whose time is over, and rows of sign-ins that ended long ago."""
    SessionStore.clear_expired()
    return SignedIn.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()[0]
