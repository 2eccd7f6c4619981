"""The company this installation belongs to: what stands in the frame and on prints, and the
currencies its amounts are in."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import pgettext_lazy

from guanxi.kernel import stamps
from guanxi.kernel.models import Company

CURRENCIES = {
    "CNY": pgettext_lazy("currency", "CNY"),
    "USD": pgettext_lazy("currency", "USD"),
    "EUR": pgettext_lazy("currency", "EUR"),
    "HKD": pgettext_lazy("currency", "HKD"),
    "JPY": pgettext_lazy("currency", "JPY"),
    "GBP": pgettext_lazy("currency", "GBP"),
}
DEFAULT_CURRENCY = "CNY"


@stamps.remembered(16)
def company(book: int = 1) -> Company:
    """Whoever saves it moves the stamp."""
    found = Company.objects.select_related("logo").filter(book=book).first()
    return found or Company(book=book)


def own_company(book: int = 1) -> Company:
    """A row of one's own to change, in the database already or not yet."""
    return Company.objects.filter(book=book).first() or Company(book=book)


def own_currency(book: int = 1) -> str:
    """What amounts are in where nobody says otherwise; they are shown without its sign."""
    return company(book).currency


def foreign(currency: str, *, own: str) -> str:
    """The currency where it must be named: nobody names his own."""
    return "" if currency == own else currency


def currencies(book: int = 1) -> tuple[str, ...]:
    """Those amounts may be in: the company's own, then the others it has switched on."""
    row = company(book)
    others = (code for code in CURRENCIES if code in row.currencies and code != row.currency)
    return (row.currency, *others)


def start_currencies(record: Any, *, given: Iterable[str] = ()) -> None:
    """Amounts of a new record are in the company's currency; `given`: columns set already."""
    model: Any = type(record)
    names = money_columns(model)
    own = own_currency(record.book) if names else DEFAULT_CURRENCY
    for name in names if own != DEFAULT_CURRENCY else ():
        if name not in given and getattr(record, name) == DEFAULT_CURRENCY:
            setattr(record, name, own)


@cache
def money_columns(model: Any) -> tuple[str, ...]:
    """The currency columns of a model's amounts."""
    names = [field.name for field in model._meta.concrete_fields]
    return tuple(sorted({currency_column(name) for name in names} & {*names}))


def currency_column(amount: str) -> str:
    """The column, and the path, of the currency an amount is in."""
    return f"{amount}_currency"


def amount_of(model: Any, path: str) -> str:
    """The amount whose currency this is; any other path as it came."""
    return path.removesuffix("_currency") if path in money_columns(model) else path


def with_currencies(model: Any, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths, after each amount its currency."""
    known, found = money_columns(model), []
    for path in paths:
        found += [path, *([name] if (name := currency_column(path)) in known else [])]
    return tuple(found)
