"""Whole numbers, percentages, money."""

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.figures import Number, parse_number
from guanxi.kernel.kinds.kind import Kind, Operator, empty_operators

MONEY_STEP = Decimal("0.0001")
MONEY_LIMIT = Decimal("99999999999999")
#: People write them in front of their own currency, whichever it is.
SIGNS = "¥￥$ "


def _compare(name: str, label: Any, lookup: str, test: Callable[[Any, Any], bool]) -> Operator:
    return Operator(
        name,
        label,
        "value",
        lambda path, value: Q(**{f"{path}__{lookup}": value}),
        lambda stored, value: stored is not None and test(stored, value),
    )


def _range_q(path: str, bounds: tuple[Any, Any]) -> Q:
    low, high = bounds
    found = Q(**{f"{path}__isnull": False})
    if low is not None:
        found &= Q(**{f"{path}__gte": low})
    if high is not None:
        found &= Q(**{f"{path}__lte": high})
    return found


def _in_range(value: Any, bounds: tuple[Any, Any]) -> bool:
    low, high = bounds
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


ORDER_OPERATORS = {
    "is": _compare("is", _("is"), "exact", operator.eq),
    "is_not": Operator(
        "is_not",
        _("is not"),
        "value",
        lambda path, value: ~Q(**{path: value}),
        lambda stored, value: stored != value,
    ),
    "lt": _compare("lt", _("is less than"), "lt", operator.lt),
    "le": _compare("le", _("is at most"), "lte", operator.le),
    "gt": _compare("gt", _("is more than"), "gt", operator.gt),
    "ge": _compare("ge", _("is at least"), "gte", operator.ge),
    "between": Operator("between", _("is between"), "range", _range_q, _in_range),
    **empty_operators(blank=False),
}


def read_sum(raw: Any) -> Number | None:
    """A number as people type it (see `kernel.figures`), with the currency they name."""
    if isinstance(raw, Decimal):
        return Number(raw)
    if raw is None or not str(raw).strip():
        return None
    try:
        return parse_number(str(raw).replace(" ", "").lstrip(SIGNS))
    except ValueError:
        raise Wrong(_("This is not a number.")) from None


def read_decimal(raw: Any) -> Decimal | None:
    """The same where the currency is a control of its own."""
    number = read_sum(raw)
    if number is None:
        return None
    if number.currency not in (None, "CNY"):
        raise Wrong(
            _("This sum names a currency (%(currency)s). Write the number alone.")
            % {"currency": number.currency}
        )
    return number.value


class IntegerKind(Kind):
    name = "integer"
    widget = "number"
    align = "end"
    operators = ORDER_OPERATORS

    def __init__(self, *, min: int = 0, max: int = 2_147_483_647, plain: bool = False) -> None:
        self.min, self.max, self.plain = min, max, plain

    def parse(self, raw: Any) -> int | None:
        number = read_decimal(raw)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise Wrong(_("This is not a whole number."))
        self.check(int(number))
        return int(number)

    def check(self, value: Any) -> None:
        if value is not None and not self.min <= value <= self.max:
            raise Wrong(
                _("Between %(min)s and %(max)s, please.")
                % {"min": f"{self.min:,}", "max": f"{self.max:,}"}
            )

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        return str(value) if self.plain else f"{value:,}"

    def edit_text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def sample(self, number: int) -> int:
        return self.min + number % max(1, min(1000, self.max - self.min))

    def bad_samples(self) -> list[str]:
        return ["abc", "1.5", str(self.max + 1), str(self.min - 1)]


class PercentKind(Kind):
    """A whole percentage, 0 to 100 unless said otherwise."""

    name = "percent"
    widget = "percent"
    align = "end"
    operators = ORDER_OPERATORS

    def __init__(self, *, max: int = 100) -> None:
        self.max = max

    def parse(self, raw: Any) -> int | None:
        number = read_decimal(raw)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise Wrong(_("This is not a whole number."))
        self.check(int(number))
        return int(number)

    def check(self, value: Any) -> None:
        if value is not None and not 0 <= value <= self.max:
            raise Wrong(
                _("Between %(min)s and %(max)s, please.") % {"min": 0, "max": f"{self.max:,}"}
            )

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value}%"

    def sample(self, number: int) -> int:
        return number % (self.max + 1)

    def bad_samples(self) -> list[str]:
        return ["abc", str(self.max + 1), "-1"]


class MoneyKind(Kind):
    """An amount as Decimal with at most four decimal places; the currency is its own column."""

    name = "money"
    widget = "money"
    align = "end"
    operators = ORDER_OPERATORS

    def __init__(self, *, negative: bool = False) -> None:
        self.negative = negative

    def parse(self, raw: Any) -> Decimal | None:
        number = read_decimal(raw)
        if number is None:
            return None
        self.check(number)
        return number.quantize(MONEY_STEP, ROUND_HALF_UP)

    def check(self, value: Any) -> None:
        if value is None:
            return
        if value < 0 and not self.negative:
            raise Wrong(_("An amount can't be below zero."))
        if abs(value) > MONEY_LIMIT:
            raise Wrong(_("This amount is too large."))
        if value != value.quantize(MONEY_STEP):
            raise Wrong(_("At most four decimal places."))

    def edit_text(self, value: Any) -> str:
        return "" if value is None else plain_money(value)

    def show(self, value: Any) -> str:
        return "" if value is None else show_money(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else plain_money(value)

    def from_json(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def sample(self, number: int) -> Decimal:
        return (Decimal(number * 137 % 900_000) + Decimal("0.07")).quantize(MONEY_STEP)

    def bad_samples(self) -> list[str]:
        return ["abc", "1,23", "1.00001", "1e5", "99999999999999999"]


class DecimalKind(Kind):
    """A number as Decimal with at most four decimal places and no currency."""

    name = "decimal"
    widget = "number"
    align = "end"
    operators = ORDER_OPERATORS

    def parse(self, raw: Any) -> Decimal | None:
        number = read_decimal(raw)
        if number is None:
            return None
        self.check(number)
        return number.quantize(MONEY_STEP)

    def check(self, value: Any) -> None:
        if value is None:
            return
        if abs(value) > MONEY_LIMIT:
            raise Wrong(_("This number is too large."))
        if value != value.quantize(MONEY_STEP):
            raise Wrong(_("At most four decimal places."))

    def edit_text(self, value: Any) -> str:
        return "" if value is None else _bare(f"{value:f}")

    def show(self, value: Any) -> str:
        return "" if value is None else _bare(f"{value:,f}")

    def to_json(self, value: Any) -> Any:
        return None if value is None else self.edit_text(value)

    def from_json(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def sample(self, number: int) -> Decimal:
        return (Decimal(number % 9000) + Decimal("0.5")).quantize(MONEY_STEP)

    def bad_samples(self) -> list[str]:
        return ["abc", "1,23", "1.00001", "1e5", "99999999999999999"]


def _bare(text: str) -> str:
    """Without zeros at the end of the fraction."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_money(value: Decimal) -> str:
    """`1234.5` for Decimal("1234.5000"): no separators, at least no trailing zeros beyond cents."""
    whole, _dot, cents = f"{value:f}".partition(".")
    cents = cents.rstrip("0")
    return f"{whole}.{cents.ljust(2, '0')}" if cents else whole


def show_money(value: Decimal, currency: str = "") -> str:
    """`12,345.60`; the sign of the currency in front where one is given."""
    cents = 2 if value == value.quantize(Decimal("0.01")) else 4
    return f"{CURRENCY_SIGNS.get(currency, currency)}{value:,.{cents}f}"


CURRENCY_SIGNS = {
    "CNY": "¥",
    "USD": "US$",
    "EUR": "€",
    "HKD": "HK$",
    "JPY": "JP¥",
    "GBP": "£",
    "": "",
}
