"""The company this installation belongs to: what stands in the frame and on prints."""

from functools import cache, lru_cache
from typing import Any

from guanxi.kernel import stamps
from guanxi.kernel.models import Company

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
DEFAULT_CURRENCY = "CNY"


def company(book: int = 1) -> Company:
    """Remembered until the organisation's stamp moves; whoever saves it moves the stamp."""
    at = stamps.noted()
    return (_company.__wrapped__ if at == stamps.NONE else _company)(book, at)


@lru_cache(maxsize=16)
def _company(book: int, _stamp: int) -> Company:
    found = Company.objects.select_related("logo").filter(book=book).first()
    return found or Company(book=book)


def own_company(book: int = 1) -> Company:
    """A row of one's own to change, in the database already or not yet."""
    return Company.objects.filter(book=book).first() or Company(book=book)


@cache
def money_columns(model: Any) -> tuple[str, ...]:
    """The currency columns of a model's amounts."""
    names = [field.name for field in model._meta.concrete_fields]
    return tuple(sorted({currency_column(name) for name in names} & {*names}))


def currency_column(amount: str) -> str:
    """The column, and the path, of the currency an amount is in."""
    return f"{amount}_currency"
