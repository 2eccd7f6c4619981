"""The people behind the demo's customers: one to three at a firm, some at two firms."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from guanxi.demo.customers import Drawn
from guanxi.demo.history import Act, History
from guanxi.kernel.idcards import make_id_number
from guanxi.modules.contacts import models as m
from guanxi.modules.customers import models as c
from guanxi.testing import invent
from guanxi.testing.pools import pick, pool

FIRMS = 420
DEPARTMENTS = pool((("采购部", 5), ("生产部", 3), ("技术部", 3), ("财务部", 2), ("总经办", 2)))
ROLES = pool(
    (("decision_maker", 2), ("influencer", 3), ("gatekeeper", 2), ("user", 3), ("procurement", 4),
     ("finance", 1), ("champion", 1), ("unknown", 3))
)  # fmt: skip
ATTITUDES = pool((("neutral", 6), ("supporter", 3), ("opponent", 1)))
TAGS = ("校友", "爱喝茶", "羽毛球", "老客户介绍", "技术出身", "关注价格")


def write_contacts(
    history: History, rng: random.Random, customers: Sequence[tuple[Drawn, c.Customer]]
) -> None:
    """The contacts of the busiest firms; the first of each has the firm's own mobile number."""
    terms = {model: _terms(history, model) for model in (m.BuyingRole, m.Attitude, m.Salutation)}
    firms = [pair for pair in customers if pair[1].nature == "organisation"]
    firms.sort(key=lambda pair: (-pair[0].weight, pair[1].pk))
    acts: list[Act] = []
    for number, (drawn, customer) in enumerate(firms[:FIRMS]):
        for place in range(1 + (rng.random() < 0.5) + (rng.random() < 0.25)):
            other = firms[number - 7][1] if place == 1 and rng.random() < 0.12 else None
            acts.append(_contact(rng, drawn, customer, place, terms, other=other))
            acts[-1].record.owner_id = customer.owner_id  # type: ignore[attr-defined]
    history.write(acts)


def _terms(history: History, model: Any) -> dict[str, int]:
    return {one.code: one.pk for one in model.rows(history.author("")).live()}


def _contact(
    rng: random.Random,
    drawn: Drawn,
    customer: c.Customer,
    place: int,
    terms: dict[Any, dict[str, int]],
    *,
    other: c.Customer | None,
) -> Act:
    known = next((line for line in drawn.channels if line["kind"] == "mobile"), None)
    named = known["remark"] if known and place == 0 else ""
    person = invent.person(rng)
    female = person.gender == "f"
    seed = int(rng.random() * 200_000)
    record = m.Contact(
        name=named or person.name,
        gender="unknown" if named else ("female" if female else "male"),
        salutation_id=None if named else terms[m.Salutation]["ms" if female else "mr"],
        birthday=_birthday(rng, person.decade),
        id_number=make_id_number(seed) if rng.random() < 0.08 else "",
        tags=[pick(rng, TAGS)] if rng.random() < 0.2 else [],
    )
    mobile = known["value"] if known and place == 0 else invent.mobile(rng)
    channels = [m.ContactChannel(kind="mobile", value=mobile, is_main=True)]
    if rng.random() < 0.45:
        channels.append(m.ContactChannel(kind="wechat", value=f"wx_{seed:06d}"))
    if rng.random() < 0.35:
        email = invent.email(rng, record.name, drawn.short)
        channels.append(m.ContactChannel(kind="email", value=email))
    companies = [_company(rng, customer, terms, left=place > 0 and rng.random() < 0.06)]
    if other is not None and other.pk != customer.pk:
        companies.append(_company(rng, other, terms))
    since = drawn.since + timedelta(hours=1 + place)
    return Act(record, since, drawn.owner, parts={"channels": channels, "companies": companies})


def _company(
    rng: random.Random,
    customer: c.Customer,
    terms: dict[Any, dict[str, int]],
    *,
    left: bool = False,
) -> m.ContactCompany:
    return m.ContactCompany(
        customer_id=customer.pk,
        job=invent.job_title(rng),
        department=pick(rng, DEPARTMENTS),
        role_id=terms[m.BuyingRole][pick(rng, ROLES)],
        attitude_id=terms[m.Attitude][pick(rng, ATTITUDES)],
        has_left=left,
    )


def _birthday(rng: random.Random, decade: int) -> str:
    """Half are unknown; of the others a quarter keep the lunar day, a sixth tell no year."""
    if rng.random() < 0.5:
        return ""
    year, month = decade + int(rng.random() * 10), int(rng.random() * 12) + 1
    day = int(rng.random() * 28) + 1
    shown = "-" if rng.random() < 0.16 else f"{year:04d}"
    return f"{'L' if rng.random() < 0.25 else ''}{shown}-{month:02d}-{day:02d}"
