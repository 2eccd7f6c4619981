"""Amounts where space is short: 万 and 亿 for Chinese readers, K and M for others."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language

from guanxi.kernel.kinds.numbers import CURRENCY_SIGNS, show_money
from guanxi.kernel.present import Value

STEPS_ZH = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"))
STEPS_EN = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "K"))


def short_money(value: Decimal) -> str:
    """`328万`, `1.2亿`, `9,800`; at most two decimals, never rounded to nothing."""
    steps = STEPS_EN if (get_language() or "").startswith("en") else STEPS_ZH
    for size, unit in steps:
        if abs(value) >= size:
            text = f"{value / size:,.2f}".rstrip("0").rstrip(".")
            return f"{text}{unit}"
    return f"{value:,.2f}".removesuffix(".00")


def short_amounts(sums: Mapping[str, Decimal], *, own: str) -> str:
    """`328万`, or `¥328万 · US$1.2万`: {currency: amount}, for amounts of different currencies are
    never added up. `own`: the company's currency, which alone needs no sign."""
    found = _filled(sums, own)
    if set(found) == {own}:
        return short_money(found[own])
    return " · ".join(
        f"{CURRENCY_SIGNS.get(currency, currency)}{short_money(value)}"
        for currency, value in found.items()
    )


def short_value(value: Value, *, own: str) -> str:
    """A presented amount where space is short; a masked one stays as it is."""
    return value.text if value.raw is None else short_amounts({value.currency: value.raw}, own=own)


def exact_amounts(sums: Mapping[str, Decimal], *, own: str) -> str:
    """`¥3,280,000.00 · US$12,000.00`"""
    return " · ".join(show_money(value, currency) for currency, value in _filled(sums, own).items())


def _filled(sums: Mapping[str, Decimal], own: str) -> dict[str, Decimal]:
    """Without currencies nothing was sold in, the company's own first."""
    found = {one: sums[one] for one in sorted(sums, key=lambda one: (one != own, one)) if sums[one]}
    return found or {own: Decimal(0)}
