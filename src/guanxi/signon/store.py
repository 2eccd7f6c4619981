"""Rows of the settings and the log, as the administrators' pages ask for them."""

from typing import Any

from django.db.models import Count, Max

from guanxi.kernel.errors import Missing
from guanxi.signon.models import Happening, Policy, Provider


def find_provider(provider_id: int, book: int | None = None) -> Provider:
    """Of this account set, or of any before somebody has signed in; raises Missing."""
    found = Provider.objects.filter(pk=provider_id)
    provider = (found if book is None else found.filter(book=book)).first()
    if provider is None:
        raise Missing
    return provider


def providers_used(book: int) -> list[Any]:
    """All of them, each with `connected` (accounts) and `used` (when one was last used)."""
    found = Provider.objects.filter(book=book)
    return list(found.annotate(connected=Count("accounts"), used=Max("accounts__used_at")))


def keep_policy(book: int, *, own_passwords: bool) -> None:
    Policy.objects.update_or_create(book=book, defaults={"own_passwords": own_passwords})


def happenings(book: int, *, what: str, before: int | None, count: int) -> list[Happening]:
    """The newest first, older than line `before`; `what`: of this kind only."""
    rows = Happening.objects.filter(book=book).order_by("-id")
    rows = rows.filter(pk__lt=before) if before else rows
    rows = rows.filter(what=what) if what in Happening.What.values else rows
    return list(rows[:count])
