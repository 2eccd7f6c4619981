"""Puts drawn customers and opportunities on record, act by act."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from guanxi.demo.customers import Drawn, draw_customers
from guanxi.demo.deals import Deal, draw_deals
from guanxi.demo.history import Act, History
from guanxi.demo.judged import credit_of, position_of
from guanxi.modules.customers import models as c
from guanxi.modules.sales import models as s
from guanxi.testing.seasons import CHINA

LINKS = {
    "main_class": c.CustomerClass,
    "source": c.CustomerSource,
    "status": c.CustomerStatus,
    "intention": c.CustomerIntention,
    "level": c.CustomerLevel,
    "industry": c.Industry,
    "size": c.CompanySize,
    "ownership": c.Ownership,
    "credit_grade": c.CreditGrade,
}
MEETING_AGAIN = 0.6
Finder = Callable[[str, str], int | None]


def write_customers(
    history: History, rng: random.Random, today: date
) -> list[tuple[Drawn, c.Customer]]:
    """The customers with what was drawn."""
    drawn, find = draw_customers(rng, today), _finder(history)
    pairs = [(one, _customer(history, one, find)) for one in drawn]
    births = [
        Act(
            record,
            one.since,
            one.owner,
            parts={
                "channels": [c.CustomerChannel(**line) for line in one.channels],
                "addresses": [c.CustomerAddress(**line) for line in one.addresses],
            },
        )
        for one, record in pairs
    ]
    first = [act for act, one in zip(births, drawn, strict=True) if one.above is None]
    history.write(first)
    branches = [act for act, one in zip(births, drawn, strict=True) if one.above is not None]
    for (one, record), _act in zip(pairs[len(first) :], branches, strict=True):
        record.parent_id = pairs[one.above or 0][1].pk
    history.write(branches)
    return [pair for pair in pairs if pair[1].pk is not None]


def _finder(history: History) -> Finder:
    """Dictionary entries by code or name."""
    known: dict[str, dict[str, int]] = {}
    for name, model in LINKS.items():
        entries = list(model.rows(history.author("")).live())
        known[name] = {entry.name: entry.pk for entry in entries}
        known[name] |= {entry.code: entry.pk for entry in entries if entry.code}
    return lambda name, word: known[name].get(word)


def _customer(history: History, drawn: Drawn, find: Finder) -> c.Customer:
    links = {f"{name}_id": find(name, word) for name, word in drawn.links.items()}
    values = {name: value for name, value in drawn.values.items() if name != "void_reason"}
    owner = history.people.get(drawn.owner)
    return c.Customer(
        name=drawn.name,
        owner_id=owner,
        acquirer_id=owner,
        status_id=find("status", "prospect"),
        **values,
        **links,
    )


def write_deals(
    history: History,
    rng: random.Random,
    today: date,
    customers: Sequence[tuple[Drawn, c.Customer]],
    products: Mapping[str, int],
) -> None:
    """Opportunities from birth to end, round by round, then what the customers have become."""
    pipelines = _pipelines(history)
    ladders = {
        code: [stage.code for stage in stages if stage.kind == s.StageKind.OPEN]
        for code, (_id, stages) in pipelines.items()
    }
    deals = draw_deals(rng, today, [one for one, _record in customers], ladders)
    stage_of = {
        code: {stage.code: stage for stage in stages} for code, (_id, stages) in pipelines.items()
    }
    author = history.author("")
    types = {one.code: one.pk for one in s.OpportunityType.rows(author).live()}
    reasons = {(one.outcome, one.code): one.pk for one in s.CloseReason.rows(author).live()}
    positions = {one.code: one.pk for one in s.CompetitivePosition.rows(author).live()}
    pairs = []
    for number, deal in enumerate(deals):
        record = _opportunity(history, deal, customers[deal.customer][1])
        record.product_id, record.type_id = products.get(deal.product.code), types.get(deal.kind)
        record.competitive_position_id = positions.get(position_of(number, deal, at_last=False))
        record.pipeline_id = pipelines[deal.pipeline][0]
        record.stage = stage_of[deal.pipeline][deal.steps[0][1]]
        pairs.append((deal, record))
    history.write([Act(one, deal.steps[0][0], deal.owner) for deal, one in pairs])
    pairs = [pair for pair in pairs if pair[1].pk is not None]
    for acts in _rounds(pairs, stage_of, reasons, positions):
        history.write(acts)
    history.write(_becomings(rng, today, customers, _finder(history)))
    history.write(_endings(customers))


def _opportunity(history: History, deal: Deal, customer: c.Customer) -> s.Opportunity:
    return s.Opportunity(
        title=deal.title,
        customer_id=customer.pk,
        amount=deal.amount,
        opened_on=deal.steps[0][0].astimezone(CHINA).date(),
        close_on=deal.close_on,
        owner_id=history.people.get(deal.owner),
    )


def _pipelines(history: History) -> dict[str, tuple[int, list[s.Stage]]]:
    """code -> (id, stages in order)."""
    author = history.author("")
    stages: dict[int, list[s.Stage]] = defaultdict(list)
    for stage in s.Stage.rows(author).live().order_by("position", "id"):
        stages[stage.pipeline_id].append(stage)
    return {one.code: (one.pk, stages[one.pk]) for one in s.Pipeline.rows(author).live()}


def _rounds(
    pairs: Sequence[tuple[Deal, s.Opportunity]],
    stage_of: Mapping[str, Mapping[str, s.Stage]],
    reasons: Mapping[tuple[str, str], int],
    positions: Mapping[str, int],
) -> list[list[Act]]:
    """The second step of every opportunity, then the third of all that have one, and so on."""
    rounds: dict[int, list[Act]] = defaultdict(list)
    for number, (deal, record) in enumerate(pairs):
        for place, (at, code) in enumerate(deal.steps[1:], start=1):
            values: dict[str, Any] = {"stage": stage_of[deal.pipeline][code]}
            event = "sales.opportunity.moved"
            if place == len(deal.steps) - 1:
                judged = position_of(number, deal, at_last=True)
                values["competitive_position_id"] = positions.get(judged)
            if code == deal.outcome:
                values["closed_on"] = deal.closed_on
                values["close_reason_id"] = reasons.get((code, deal.reason))
                values["close_note"] = deal.note
                event = f"sales.opportunity.{'won' if code == 'won' else 'lost'}"
            rounds[place].append(Act(record, at, deal.owner, values, event=event))
        if not deal.outcome and deal.touched and deal.next_step:
            plan = {"next_step": deal.next_step}
            rounds[len(deal.steps)].append(Act(record, deal.touched, deal.owner, plan))
    return [sorted(rounds[place], key=lambda act: act.at) for place in sorted(rounds)]


def _becomings(
    rng: random.Random, today: date, customers: Sequence[tuple[Drawn, c.Customer]], find: Finder
) -> list[Act]:
    acts = []
    for number, (drawn, record) in enumerate(customers):
        at = drawn.touched or drawn.since + timedelta(days=rng.random() * 20)
        day = min(at.astimezone(CHINA).date(), today)
        values: dict[str, Any] = {
            "status_id": find("status", _status(rng, drawn, idle=(today - day).days)),
            "credit_grade_id": find("credit_grade", credit_of(number, drawn)),
            "last_contact_on": day,
        }
        if rng.random() < (MEETING_AGAIN if drawn.open else 0.1):
            values["next_contact_on"] = today + timedelta(days=int(rng.random() * 35) - 6)
        acts.append(Act(record, at, drawn.owner, values))
    return sorted(acts, key=lambda act: act.at)


def _status(rng: random.Random, drawn: Drawn, *, idle: int) -> str:
    if drawn.won:
        if idle > 300:
            return "churned" if rng.random() < 0.3 else "dormant"
        return "repeat" if drawn.won > 1 else "new"
    if drawn.open:
        return "opportunity"
    if idle > 330 and rng.random() < 0.5:
        return "dormant"
    return "interested" if drawn.links["intention"] in ("high", "medium") else "prospect"


def _endings(customers: Sequence[tuple[Drawn, c.Customer]]) -> list[Act]:
    """The few that were invalidated, each with its reason."""
    acts = []
    for drawn, record in customers:
        reason = drawn.values.get("void_reason")
        if reason and not drawn.open:
            at = (drawn.touched or drawn.since) + timedelta(days=2)
            values = {"voided_at": at, "void_reason": reason}
            event = "customers.customer.invalidated"
            acts.append(Act(record, at, drawn.owner, values, verb="invalidate", event=event))
    return acts
