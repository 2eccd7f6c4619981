"""What an account set decides about signing in; remembered until the organisation's stamp moves."""

from functools import lru_cache

from guanxi.kernel import stamps
from guanxi.people.models import Security
from guanxi.people.organisation import touch


def security(book: int = 1) -> Security:
    at = stamps.noted()
    return (_security.__wrapped__ if at == stamps.NONE else _security)(book, at)


@lru_cache(maxsize=16)
def _security(book: int, _stamp: int) -> Security:
    return own_security(book)


def own_security(book: int) -> Security:
    """The row to be changed, never the one that is remembered."""
    return Security.objects.filter(book=book).first() or Security(book=book)


def keep_security(found: Security) -> None:
    found.save()
    touch()
