"""Draws the demo's customers: who they are, where they sit, who looks after them, since when."""

import math
import random
from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from guanxi.demo.company import region_of, sellers
from guanxi.demo.scenes import TAGS, VOID_REASONS
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.text import core_name, name_key
from guanxi.testing import invent
from guanxi.testing.pools import pick, pool
from guanxi.testing.seasons import Seasons, moment
from guanxi.testing.words import lists

ORGANISATIONS, BRANCHES, INDIVIDUALS = 1_520, 80, 400
BACK = 730
#: The share of customers that came over from lists in the first weeks.
BROUGHT_ALONG = 0.38

OWNERSHIPS = pool((("private", 72), ("foreign", 9), ("joint", 6), ("state", 6), ("listed", 4)))
INTENTIONS = pool((("high", 10), ("medium", 24), ("low", 30), ("unknown", 26), ("none", 10)))
SOURCES = pool(lists.SOURCES)
SIZES = ((20, "s1"), (100, "s2"), (500, "s3"), (1000, "s4"), (5000, "s5"), (10_000_000, "s6"))


@dataclass
class Drawn:
    """A customer before it is written. Links are codes or names of dictionary entries."""

    name: str
    short: str
    since: datetime
    owner: str
    weight: float
    values: dict[str, Any]
    links: dict[str, str]
    channels: list[dict[str, Any]]
    addresses: list[dict[str, Any]] = field(default_factory=list)
    above: int | None = None
    touched: datetime | None = None
    won: int = 0
    open: int = 0


def draw_customers(rng: random.Random, today: date) -> list[Drawn]:
    """2,000 customers by the day they were entered; `above` is an index into the list."""
    seasons = Seasons(today, back=BACK, growth=0.8)
    found = [_organisation(rng, made, seasons) for made in invent.customers(rng, ORGANISATIONS)]
    found += [_individual(rng, seasons) for _number in range(INDIVIDUALS)]
    found.sort(key=lambda one: one.since)
    firms = len(found)
    found += [_branch(rng, found[:firms], today, number) for number in range(BRANCHES)]
    return found


def _organisation(rng: random.Random, made: dict[str, Any], seasons: Seasons) -> Drawn:
    since = _since(rng, seasons)
    headcount = int(min(max(math.exp(rng.gauss(math.log(95), 1.25)), 3), 26_000))
    channels = [("mobile", made["mobile"], made["contact"]), ("landline", made["landline"], "")]
    channels += [("email", made["email"], "")]
    if made["mobile"] and rng.random() < 0.3:
        channels.append(("wechat", f"wx_{name_key(made['contact']).replace(' ', '')}", ""))
    links = {
        "main_class": made["kind"],
        "source": made["source"],
        "industry": made["industry"],
        "size": next(code for most, code in SIZES if headcount < most),
        "intention": pick(rng, INTENTIONS),
        "ownership": _ownership(rng, made["name"]),
        "level": _level(rng, headcount),
    }
    values = _company_values(rng, made, headcount)
    drawn = Drawn(
        name=made["name"],
        short=core_name(made["name"], drop_place=True),
        since=since,
        owner=_owner(rng, region_of(made["province"]), since, seasons),
        weight=rng.lognormvariate(0, 1.1) * (1 + math.log10(headcount)),
        values=values,
        links=links,
        channels=_channels(channels),
    )
    names = ("province", "city", "district", "street")
    address = dict(
        zip(("province", "city", "district", "detail"), map(made.get, names), strict=True)
    )
    drawn.addresses = [{"kind": "office", **address}]
    return drawn


def _company_values(rng: random.Random, made: dict[str, Any], headcount: int) -> dict[str, Any]:
    values: dict[str, Any] = {"credit_code": made["credit_code"], "remark": made["remark"]}
    if rng.random() < 0.7:
        values["headcount"] = _rounded(headcount)
    if rng.random() < 0.45:
        values["revenue"] = Decimal(_rounded(headcount * int(rng.lognormvariate(0, 0.5) * 620_000)))
    if rng.random() < 0.5:
        values["founded"] = int(rng.triangular(1986, 2023, 2011))
    if made["credit_code"] and rng.random() < 0.4:
        values |= {"invoice_title": made["name"], "tax_number": made["credit_code"]}
    if rng.random() < 0.16:
        values["tags"] = sorted({pick(rng, TAGS), pick(rng, TAGS)})
    if rng.random() < 0.008:
        values["void_reason"] = pick(rng, VOID_REASONS)
    return values


def _rounded(value: int) -> int:
    """Two digits that count, as people give such figures."""
    size = 10 ** max(len(str(value)) - 2, 0)
    return value // size * size


def _individual(rng: random.Random, seasons: Seasons) -> Drawn:
    person, since = invent.person(rng), _since(rng, seasons)
    city = pick(rng, invent.CITIES)
    place = invent.address(rng, city)
    latin = name_key(person.name, surname=True).replace(" ", "")
    channels = [("mobile", invent.mobile(rng), "")]
    if rng.random() < 0.6:
        channels.append(("wechat", f"{latin}{int(rng.random() * 90) + 10}", ""))
    if rng.random() < 0.1:
        channels.append(("qq", str(100_000_000 + int(rng.random() * 900_000_000)), ""))
    drawn = Drawn(
        name=person.name,
        short=person.name,
        since=since,
        owner=_owner(rng, region_of(place.province), since, seasons),
        weight=rng.lognormvariate(0, 0.8) * 0.5,
        values={"nature": "individual", "salutation": "先生" if person.gender == "m" else "女士"},
        links={
            "main_class": "individual",
            "source": pick(rng, SOURCES),
            "intention": pick(rng, INTENTIONS),
            "level": "d" if rng.random() < 0.5 else "c",
        },
        channels=_channels(channels),
    )
    if rng.random() < 0.7:
        drawn.values["works_at"] = invent.company_name(rng, city=city)
        drawn.values["job"] = invent.job_title(rng)
    if rng.random() < 0.4:
        names = {"province": place.province, "city": place.city, "district": place.district}
        drawn.addresses = [{"kind": "delivery", **names, "detail": place.street}]
    return drawn


def _branch(rng: random.Random, known: list[Drawn], today: date, number: int) -> Drawn:
    """A branch of one of the firms, entered some time after it."""
    while True:
        at = int(rng.random() * len(known))
        above, city = known[at], pick(rng, invent.CITIES)
        name = f"{above.name}{city.name}分公司"
        if above.name.endswith("公司") and city.name not in above.name:
            break
    place = invent.address(rng, city)
    days = (today - above.since.date()).days
    since = moment(rng, today - timedelta(days=int(days * rng.random() * 0.9)))
    code = make_credit_code(96_000_000 + number, office=city.office)
    return Drawn(
        name=name,
        short=f"{above.short}{city.name}",
        since=since,
        owner=above.owner,
        weight=above.weight / 2,
        values={"credit_code": code},
        links={**above.links, "size": "s2"},
        channels=_channels([("landline", invent.landline(rng, city), "")]),
        addresses=[
            {
                "kind": "office",
                "province": place.province,
                "city": place.city,
                "district": place.district,
                "detail": place.street,
            }
        ],
        above=at,
    )


def _since(rng: random.Random, seasons: Seasons) -> datetime:
    if rng.random() < BROUGHT_ALONG:
        return moment(rng, seasons.first + timedelta(days=int(rng.random() * 40)))
    return moment(rng, seasons.pick(rng))


def _owner(rng: random.Random, region: str, since: datetime, seasons: Seasons) -> str:
    """Somebody of the region who was there by then; three in a hundred belong to nobody."""
    if rng.random() < 0.03:
        return ""
    months = (seasons.last - since.date()).days / 30
    staff = [(name, share) for name, share, joined in sellers(region) if joined + 6 > months]
    staff = staff or [(name, share) for name, share, _joined in sellers(region)]
    totals = list(accumulate(share for _name, share in staff))
    return staff[bisect(totals, rng.random() * totals[-1])][0]


def _ownership(rng: random.Random, name: str) -> str:
    if "股份" in name and rng.random() < 0.6:
        return "listed"
    return "sole" if name.endswith(("厂", "经营部")) else pick(rng, OWNERSHIPS)


def _level(rng: random.Random, headcount: int) -> str:
    score = math.log10(headcount) + rng.gauss(0, 0.7)
    return next(code for least, code in ((4.2, "s"), (3.1, "a"), (2.3, "b"), (1.2, "c"), (-99, "d"))
                if score >= least)  # fmt: skip


def _channels(given: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "value": value, "remark": remark} for kind, value, remark in given if value
    ]
