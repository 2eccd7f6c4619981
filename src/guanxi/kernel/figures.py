"""Numbers and sums of money as people write them. Nothing is guessed; 约 and 左右 are passed over."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

CURRENCIES = {
    "¥": "CNY",
    "元": "CNY",
    "圆": "CNY",
    "块": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "人民币": "CNY",
    "$": "USD",
    "usd": "USD",
    "us$": "USD",
    "美元": "USD",
    "美金": "USD",
    "hk$": "HKD",
    "hkd": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "€": "EUR",
    "eur": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "英镑": "GBP",
    "jpy": "JPY",
    "日元": "JPY",
}
UNITS = {
    "千": 10**3,
    "k": 10**3,
    "万": 10**4,
    "w": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_MONEY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+"
NUMBER = re.compile(
    rf"(?:大?约)?\s*(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<before>{_MONEY})?\s*(?P<sign2>[-+])?\s*"
    rf"(?P<digits>{_DIGITS})\s*(?:(?P<percent>%)|(?P<unit>{_UNIT})?\s*"
    rf"(?P<after>{_MONEY})?)?\s*整?\s*(?P<close>\))?"
    r"[人名家户个位台套件次]?\s*(?:左右|上下)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """``value`` exact; a percentage keeps its figure (15% is 15). ``currency``: ISO code if
    the text names one ("¥" and "元" count as CNY)."""

    value: Decimal
    currency: str | None = None
    percent: bool = False


def parse_number(text: str) -> Number:
    """Read "1,234.50", "￥1,234", "3.5万元", "(500)", "15%", "约300人", full-width digits.

    Raises ``ValueError`` for anything else, "1,23" and "1.234,5" among it.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    found = NUMBER.fullmatch(plain)
    if not found or bool(found["open"]) != bool(found["close"]):
        raise ValueError(text)
    signs = [found["sign"], found["sign2"], "-" if found["open"] else None]
    if sum(sign is not None for sign in signs) > 1:
        raise ValueError(text)
    money = {CURRENCIES[m.casefold()] for m in (found["before"], found["after"]) if m}
    if len(money) > 1 or (found["percent"] and money):
        raise ValueError(text)
    value = Decimal(found["digits"].replace(",", ""))
    value *= UNITS[found["unit"].casefold()] if found["unit"] else 1
    if "-" in signs:
        value = -value
    return Number(value, next(iter(money), None), bool(found["percent"]))
