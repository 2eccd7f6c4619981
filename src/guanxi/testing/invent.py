"""Believable Chinese customers, people and notes; nobody in them is meant to exist.

Everything is drawn from the ``random.Random`` that is passed in: the same seed, the same data.
"""

import math
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import count as counting
from typing import Any, NamedTuple

from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.phones import read_phone
from guanxi.kernel.text import name_key
from guanxi.testing.pools import pick, pool
from guanxi.testing.words import firms, lists, notes, people, places, products

City = places.City

CITIES = pool((city, city.weight) for city in places.CITIES)
INDUSTRIES = pool(firms.INDUSTRY_SHARE.items())
MOBILE_PREFIXES = (
    "130 131 132 133 135 136 137 138 139 150 151 152 153 155 156 157 158 159 166 173 175 176 177 "
    "178 180 181 182 183 185 186 187 188 189 191 193 198 199"
).split()  # fmt: skip

_TRADES = {industry: tuple(text.split()) for industry, text in firms.TRADES.items()}
_FORMS = pool(firms.FORMS)
_DECADES = pool(people.DECADES)
_TYPES, _SOURCES = pool(lists.CUSTOMER_TYPES), pool(lists.SOURCES)
_STATUSES = pool(lists.STATUSES)
_HEADS = (
    "666 667 668 678 825 826 836 838 858 862 863 865 868 872 875 876 878 882 885 887 888".split()
)
_BOXES = ("caigou", "info", "sales", "office", "purchase")


def _surnames() -> tuple[str, ...]:
    entries = people.SURNAMES.split()
    names = (entry.rstrip("0123456789") for entry in entries)
    return pool((name, int(entry[len(name) :])) for name, entry in zip(names, entries, strict=True))


SURNAMES = _surnames()


class Person(NamedTuple):
    name: str
    gender: str
    decade: int


@cache
def _given_names(gender: str, decade: int) -> tuple[str, ...]:
    """About a third whole names, the rest combined of two characters."""
    whole, firsts, seconds = people.GIVEN[gender][decade]
    joined = [first + second for first in firsts for second in seconds if first != second]
    return tuple(whole.split() * 5 + joined)


@cache
def _all_given_names() -> tuple[str, ...]:
    pools = [
        (_given_names(gender, decade), share * decade_share)
        for gender, share in (("m", 62), ("f", 38))
        for decade, decade_share in people.DECADES
    ]
    return tuple(name for names, share in pools for name in names * (share // 150 + 1))


def person(rng: random.Random, *, gender: str = "", decade: int = 0) -> Person:
    """A name with ``gender`` m or f and the decade of birth (1960 to 1990) it fits."""
    gender = gender or ("m" if rng.random() < 0.62 else "f")
    decade = decade or pick(rng, _DECADES)
    return Person(pick(rng, SURNAMES) + pick(rng, _given_names(gender, decade)), gender, decade)


def person_name(rng: random.Random) -> str:
    return pick(rng, SURNAMES) + pick(rng, _all_given_names())


@cache
def brands() -> tuple[str, ...]:
    """About 60,000 brands; a fifth have two characters, drawn more often than the others."""
    short = [
        first + second
        for first in firms.FIRST
        for second in firms.SECOND
        if first != second and first + second not in firms.TAKEN
    ]
    thirds, endings = len(firms.THIRD), len(firms.ENDINGS)
    middle = [
        brand + firms.THIRD[(at * 7 + step * 5) % thirds]
        for at, brand in enumerate(short)
        for step in (0, 1)
    ]
    long = [
        brand + firms.ENDINGS[(at * 11 + step * 13) % endings]
        for at, brand in enumerate(short)
        for step in (0, 1)
    ]
    return tuple(short + middle + long)


def _brand_index(rng: random.Random, total: int) -> int:
    """Three firms in five have a brand of two characters: the first fifth of `brands`."""
    share = rng.random()
    if share < 0.5:
        return int(share * 2 * (total // 5))
    return int(rng.random() * total)


def company_name(rng: random.Random, *, city: City | None = None, industry: str = "") -> str:
    """City, brand, trade and legal form: 苏州澜岳精密机械有限公司."""
    known = brands()
    brand = known[_brand_index(rng, len(known))]
    trade = pick(rng, _TRADES[industry or pick(rng, INDUSTRIES)])
    return _full_name(rng, city or pick(rng, CITIES), brand, trade)


def _full_name(rng: random.Random, city: City, brand: str, trade: str) -> str:
    form, shape = pick(rng, _FORMS), rng.random()
    if form in ("厂", "经营部"):
        return f"{city.name}市{brand}{trade}{form}"
    if shape < 0.72:
        return f"{city.name}{brand}{trade}{form}"
    if shape < 0.82:
        return f"{city.name}市{brand}{trade}{form}"
    if shape < 0.90 and "集团" not in form:
        return f"{brand}{trade}（{city.name}）{form}"
    if shape < 0.94:
        return f"{city.province.removesuffix('市')[:2]}{brand}{trade}{form}"
    return f"{brand}{trade}{form}"


def mobile(rng: random.Random) -> str:
    return f"{pick(rng, MOBILE_PREFIXES)}{int(rng.random() * 100_000_000):08d}"


def landline(rng: random.Random, city: City | None = None) -> str:
    """``0512-66781234``, sometimes with an extension: ``0512-66781234-802``."""
    area = (city or pick(rng, CITIES)).area
    heads, rest = _local_numbers(area)
    number = f"{area}-{pick(rng, heads)}{int(rng.random() * 10**rest):0{rest}d}"
    return f"{number}-{800 + int(rng.random() * 99)}" if rng.random() < 0.1 else number


@cache
def _local_numbers(area: str) -> tuple[tuple[str, ...], int]:
    """First digits that are in use there, and how many more follow: cities have eight or seven."""
    for rest, tail in ((5, "12345"), (4, "1234")):
        heads = tuple(head for head in _HEADS if read_phone(f"{area}{head}{tail}").is_valid)
        if heads:
            return heads, rest
    raise ValueError(f"no local numbers under {area}")


@cache
def _latin(text: str) -> str:
    return name_key(text).replace(" ", "")


@cache
def _latin_surname(text: str) -> str:
    return name_key(text, surname=True).replace(" ", "")


def email(rng: random.Random, name: str, brand: str) -> str:
    """An address at the brand's invented host under the reserved ending ``.example``."""
    cut = 2 if name[:2] in _DOUBLE_SURNAMES else 1
    family, given, host = _latin_surname(name[:cut]), _latin(name[cut:]), _latin(brand)
    shape = rng.random()
    if shape < 0.3:
        return f"{family}{given}@{host}.example"
    if shape < 0.5:
        return f"{given}.{family}@{host}.example"
    if shape < 0.65:
        return f"{family}.{given}@{host}.example"
    if shape < 0.85:
        return f"{family}{given[:1]}{int(shape * 1000) % 90 + 10}@{host}.example"
    return f"{pick(rng, _BOXES)}@{host}.example"


_DOUBLE_SURNAMES = frozenset(name for name in SURNAMES if len(name) == 2)


class Address(NamedTuple):
    province: str
    city: str
    district: str
    street: str

    def __str__(self) -> str:
        """As people write it: no city before a 县级市, 北京市 only once."""
        omitted = self.city == self.province or self.district.endswith("市")
        return f"{self.province}{'' if omitted else self.city}{self.district}{self.street}"


def address(rng: random.Random, city: City | None = None) -> Address:
    """A public district and an invented street."""
    return Address(*pick(rng, places.AREAS[city or pick(rng, CITIES)]), _street(rng))


def _street(rng: random.Random) -> str:
    street, shape = f"{pick(rng, places.ROADS)}{int(rng.random() ** 2 * 1888) + 1}号", rng.random()
    if shape < 0.3:
        return street + pick(rng, places.BLOCKS)
    if shape < 0.5:
        return street + pick(rng, places.ROOMS)
    return street


def job_title(rng: random.Random) -> str:
    return pick(rng, people.TITLES)


def amount(rng: random.Random, *, median: int = 80_000, sigma: float = 1.1) -> Decimal:
    """A long-tailed sum in yuan, rounded as people do: 86000, 128000, 9800."""
    value = max(math.exp(rng.gauss(math.log(median), sigma)), 200.0)
    size = 10 ** int(math.log10(value))
    shape = rng.random()
    if shape < 0.2:
        lucky = (math.ceil(value / size * 10) // 10 * 10 + 8) * size // 10
        return Decimal(int(lucky))
    step = size // 10 if shape < 0.75 else max(size // 100, 10)
    return Decimal(int(round(value / step) * step))


def spoken_amount(value: Decimal | int) -> str:
    """``12.8万``, ``9800元``."""
    if value < 10_000:
        return f"{int(value)}元"
    return f"{float(value) / 10_000:.1f}".removesuffix(".0") + "万"


def note(rng: random.Random, kind: str = "", **facts: str) -> str:
    """A follow-up as a sales person writes it. ``kind`` is one of `notes.NOTES`.

    ``facts`` fill the slots who, product, amount, day, rival, count, days; the rest is invented.
    """
    template = pick(rng, notes.NOTES[kind or pick(rng, tuple(notes.NOTES))])
    slots = {
        "who": pick(rng, SURNAMES) + pick(rng, ("经理", "经理", "总", "工", "主任", "部长")),
        "product": pick(rng, products.PRODUCTS).name,
        "amount": spoken_amount(amount(rng)),
        "day": pick(rng, notes.DAYS),
        "rival": pick(rng, notes.RIVALS),
        "count": pick(rng, notes.COUNTS),
        "days": pick(rng, notes.SPANS),
    }
    return template.format_map({**slots, **facts})


def customers(
    rng: random.Random, count: int | None = None, *, owners: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Firms with distinct names, one after the other; without ``count`` up to three million.

    Keys: name kind source status industry mobile landline email contact province city district
    street credit_code owner remark. Texts only, empty where a list would have a gap.
    """
    known, industries = brands(), tuple(_TRADES)
    trades = {industry: (at * 20, _TRADES[industry]) for at, industry in enumerate(industries)}
    used = bytearray(len(known) * 20 * len(industries))
    codes = int(rng.random() * 90_000_000)
    owners = owners or tuple(person_name(rng) for _ in range(24))
    random_number = rng.random
    for number in counting() if count is None else range(count):
        while True:
            industry = pick(rng, INDUSTRIES)
            first, names = trades[industry]
            trade, brand = int(random_number() * len(names)), _brand_index(rng, len(known))
            slot = (first + trade) * len(known) + brand
            if not used[slot]:
                used[slot] = 1
                break
        yield _customer(rng, known[brand], names[trade], industry, codes + number, owners)


def _customer(rng, brand: str, trade: str, industry: str, code: int, owners) -> dict[str, Any]:
    city, contact = pick(rng, CITIES), person_name(rng)
    province, town, district = pick(rng, places.AREAS[city])
    gaps = rng.random()
    return {
        "name": _full_name(rng, city, brand, trade),
        "kind": pick(rng, _TYPES),
        "source": pick(rng, _SOURCES),
        "status": pick(rng, _STATUSES),
        "industry": industry,
        "mobile": mobile(rng) if gaps < 0.88 else "",
        "landline": landline(rng, city) if gaps > 0.55 else "",
        "email": email(rng, contact, brand) if 0.2 < gaps < 0.75 else "",
        "contact": contact,
        "province": province,
        "city": town,
        "district": district,
        "street": _street(rng),
        "credit_code": make_credit_code(code, office=city.office) if gaps > 0.3 else "",
        "owner": pick(rng, owners),
        "remark": pick(rng, notes.REMARKS),
    }
