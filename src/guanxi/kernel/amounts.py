"""Amounts where space is short: 万 and 亿 for Chinese readers, K and M for others."""

from decimal import Decimal

from django.utils.translation import get_language

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
