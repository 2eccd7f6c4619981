"""Draws the demo's opportunities: what, for whom, how far, how they ended."""

import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from guanxi.demo import scenes
from guanxi.demo.customers import BACK, Drawn
from guanxi.testing import invent
from guanxi.testing.pools import pick, pool
from guanxi.testing.seasons import Seasons, day_weight, moment
from guanxi.testing.words.products import PRODUCTS, Product

DEALS = 2_600
#: pipeline -> (median amount, median days from first contact to the end, share won)
MANNERS = {
    "standard": (72_000, 46, 0.40),
    "project": (560_000, 118, 0.27),
    "channel": (48_000, 22, 0.56),
    "renewal": (34_000, 30, 0.78),
    "telesales": (6_500, 9, 0.30),
}
REASONS = {outcome: pool(weighted) for outcome, weighted in scenes.REASONS.items()}
LASTING = ("软件平台", "服务")
#: Shares: over but never closed by anybody, open without a plan.
FORGOTTEN, WITHOUT_PLAN = 0.018, 0.16
#: The share of steps between first contact and end that somebody noted when they happened.
NOTED = 0.55
Ladders = Mapping[str, Sequence[str]]


@dataclass
class Deal:
    """An opportunity before it is written. `steps`: (when, code of the stage), birth first."""

    title: str
    customer: int
    product: Product
    kind: str
    pipeline: str
    amount: Decimal
    owner: str
    close_on: date
    steps: list[tuple[datetime, str]] = field(default_factory=list)
    outcome: str = ""
    closed_on: date | None = None
    reason: str = ""
    note: str = ""
    next_step: str = ""
    touched: datetime | None = None


def draw_deals(
    rng: random.Random, today: date, customers: Sequence[Drawn], ladders: Ladders
) -> list[Deal]:
    """2,600 opportunities by the day they began. `ladders`: pipeline -> codes of its open stages.

    Counts what came of them on the customers, and when those were last in touch.
    """
    seasons = Seasons(today, back=BACK - 20, growth=0.7, peak=1.2)
    since = sorted((one.since.date(), at) for at, one in enumerate(customers))
    begun = [day for day, _at in since]
    weights = list(accumulate(customers[at].weight for _day, at in since))
    found = []
    for day in sorted(seasons.pick(rng) for _number in range(DEALS)):
        known = bisect(begun, day)
        if not known:
            continue
        at = since[bisect(weights, rng.random() * weights[known - 1], 0, known - 1)][1]
        found.append(_deal(rng, today, day, at, customers[at], ladders))
    return found


def _deal(
    rng: random.Random, today: date, day: date, at: int, customer: Drawn, ladders: Ladders
) -> Deal:
    pipeline = _pipeline(rng, customer)
    median, days, share = MANNERS[pipeline]
    amount = invent.amount(rng, median=median, sigma=0.95)
    product = _product(rng, amount, lasting=pipeline == "renewal")
    span = max(int(days * rng.lognormvariate(0, 0.55) * (1.25 if amount > 5 * median else 1)), 2)
    deal = Deal(
        title="",
        customer=at,
        product=product,
        kind=_kind(rng, pipeline, customer),
        pipeline=pipeline,
        amount=amount,
        owner=customer.owner or "许海涛",
        close_on=_workday(day + timedelta(days=max(int(span * rng.uniform(0.75, 1.2)), 3))),
    )
    patterns = scenes.RENEWALS if deal.kind == "renewal" else scenes.TITLES[product.category]
    deal.title = pick(rng, patterns).format(short=customer.short)
    end = _workday(day + timedelta(days=span))
    if end < today and rng.random() > FORGOTTEN:
        _end(rng, deal, _pulled(rng, end, today), share, ladders)
        _walk(rng, deal, day, deal.closed_on or end, ladders)
    else:
        _leave_open(rng, deal, today, span, day, ladders)
    _count(deal, customer)
    return deal


def _pipeline(rng: random.Random, customer: Drawn) -> str:
    if customer.links["main_class"] == "individual":
        return "telesales"
    if customer.links["main_class"] in ("经销商", "代理商"):
        return "channel"
    if customer.won and rng.random() < 0.3:
        return "renewal"
    big = customer.links["level"] in ("s", "a")
    return "project" if rng.random() < (0.45 if big else 0.1) else "standard"


def _kind(rng: random.Random, pipeline: str, customer: Drawn) -> str:
    if pipeline == "renewal":
        return "renewal"
    if not customer.won:
        return "new"
    return pick(rng, ("upsell", "repeat", "repeat", "cross"))


def _product(rng: random.Random, amount: Decimal, *, lasting: bool) -> Product:
    """What fits by price: up to eighty pieces make the amount. `lasting`: bought by the year."""
    offered = [one for one in PRODUCTS if not lasting or one.category in LASTING]
    fitting = [one for one in offered if one.list_price <= amount * 12 / 10]
    dear = [one for one in fitting if one.list_price * 80 > amount]
    return pick(rng, dear or fitting or offered[-1:])


def _workday(day: date) -> date:
    while day_weight(day) < 0.3:
        day += timedelta(days=1)
    return day


def _pulled(rng: random.Random, end: date, today: date) -> date:
    """Contracts move to the last days of a quarter when one is near."""
    quarter = date(end.year, (end.month - 1) // 3 * 3 + 3, 28)
    if 0 < (quarter - end).days < 26 and rng.random() < 0.45:
        end = quarter - timedelta(days=int(rng.random() * 5))
    return min(_workday(end), today - timedelta(days=1))


def _end(rng: random.Random, deal: Deal, end: date, share: float, ladders: Ladders) -> None:
    if rng.random() < 0.03:
        deal.outcome = "void"
    else:
        deal.outcome = "won" if rng.random() < share else "lost"
    deal.closed_on = end
    deal.reason = pick(rng, REASONS[deal.outcome])
    if deal.outcome == "lost":
        deal.note = pick(rng, scenes.LOST_NOTES)


def _walk(rng: random.Random, deal: Deal, day: date, end: date, ladders: Ladders) -> None:
    """The stages between birth and end; what is lost ends anywhere, often early."""
    ladder = ladders[deal.pipeline]
    reached = len(ladder) if deal.outcome == "won" else 1 + int(rng.random() ** 1.2 * len(ladder))
    days = (end - day).days
    deal.steps = [(moment(rng, day), ladder[0])]
    for place in range(1, reached):
        at = day + timedelta(days=int(days * (place - rng.random() * 0.4) / max(reached, 1)))
        # Several stages on one day, or none at all between two, happen in every team.
        if rng.random() < NOTED:
            deal.steps.append((moment(rng, at), ladder[place]))
    deal.steps.append((moment(rng, end), deal.outcome))
    deal.steps = _in_order(deal.steps)
    deal.touched = deal.steps[-1][0]


def _in_order(steps: list[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    times = sorted(at for at, _stage in steps)
    return [(at, stage) for at, (_old, stage) in zip(times, steps, strict=True)]


def _leave_open(
    rng: random.Random, deal: Deal, today: date, span: int, day: date, ladders: Ladders
) -> None:
    ladder = ladders[deal.pipeline]
    gone = (today - day).days
    is_stale = gone > span or rng.random() < 0.12
    progress = min(gone / max(span, 1), 0.97) if not is_stale else rng.random() * 0.7
    last = today - timedelta(days=int(rng.random() ** 2 * min(gone, 24)))
    if is_stale:
        last = day + timedelta(days=int(gone * rng.random() * 0.5))
    reached = int(progress * len(ladder)) + 1
    deal.steps = [(moment(rng, day), ladder[0])]
    for place in range(1, reached):
        at = day + timedelta(days=int((last - day).days * place / reached))
        deal.steps.append((moment(rng, at), ladder[place]))
    deal.steps = _in_order(deal.steps)
    if rng.random() > WITHOUT_PLAN * (3 if is_stale else 1):
        deal.next_step = pick(rng, scenes.NEXT_STEPS[min(int(progress * 5), 4)])
    if not is_stale and deal.close_on <= today:
        deal.close_on = _workday(today + timedelta(days=3 + int(rng.random() * 30)))
    deal.touched = max(moment(rng, last), deal.steps[-1][0])


def _count(deal: Deal, customer: Drawn) -> None:
    if deal.outcome == "won":
        customer.won += 1
    elif not deal.outcome:
        customer.open += 1
    assert deal.touched is not None
    if customer.touched is None or deal.touched > customer.touched:
        customer.touched = deal.touched
