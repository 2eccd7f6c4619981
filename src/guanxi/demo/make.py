"""Makes the demo: the company, its people, their products, customers and opportunities."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from guanxi.demo.comments import write_comments
from guanxi.demo.company import PLACES, ROOT, STAFF, Member
from guanxi.demo.contacts import write_contacts
from guanxi.demo.hierarchies import write_hierarchies
from guanxi.demo.history import Act, History
from guanxi.demo.notices import write_notices
from guanxi.demo.plans import write_plans
from guanxi.demo.sales import write_customers, write_deals
from guanxi.demo.state import KIND, demo_password
from guanxi.demo.talks import write_talks
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.journal import close_batch, open_batch
from guanxi.kernel.models import Batch
from guanxi.modules.catalog.models import Product, ProductCategory, Unit
from guanxi.people.accounts import propose_username
from guanxi.people.models import Department, Person, PersonRole, Role
from guanxi.people.users import make_user
from guanxi.testing import invent
from guanxi.testing.seasons import CHINA
from guanxi.testing.words.products import CATEGORIES, PRODUCTS

SEED = 20_240_601
#: About how many acts there are, for the progress.
TOTAL = 21_300
Progress = Callable[[int, int], None]


def make_demo(actor: Actor, progress: Progress, *, today: date | None = None) -> Batch:
    """Writes everything as one batch that can be undone; `progress(done, total)` hears of it.

    The same every time, relative to `today`. A batch that was broken off has no `rows`.
    """
    for module in registry.modules():
        if module.day_one is not None:
            module.day_one()
    batch = open_batch(actor, registry.spec("people.department"), kind=KIND, title=ROOT)
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(done, TOTAL)

    history, rng = History(batch, tell), random.Random(SEED)  # noqa: S311
    today = today or timezone.localdate()
    _make_company(history, rng, today)
    products = _make_products(history, today)
    customers = write_customers(history, rng, today)
    write_contacts(history, random.Random(SEED), customers)  # noqa: S311
    write_deals(history, rng, today, customers, products)
    write_talks(history, random.Random(SEED), today, customers)  # noqa: S311
    write_plans(history, random.Random(SEED), today, customers)  # noqa: S311
    write_comments(history, random.Random(SEED), customers)  # noqa: S311
    write_notices(history)
    close_batch(batch, rows=done)
    return batch


def _make_company(history: History, rng: random.Random, today: date) -> None:
    start = _morning(today, months=98)
    places: dict[str, Any] = {}
    for position, place in enumerate(PLACES, start=1):
        above = places.get(place.above)
        places[place.name] = Department(
            name=place.name, parent_id=above and above.pk, position=position
        )
        history.write([Act(places[place.name], start, "")])
    roles = {role.code: role.pk for role in Role.rows(history.author("")).live()}
    password = make_password(demo_password())
    for number, member in enumerate(STAFF, start=1):
        person = _person(history, rng, today, member, f"QH{number:03d}", places)
        parts = [PersonRole(role_id=roles[member.role])] if member.role else []
        with transaction.atomic():
            if member.signs_in:
                username = propose_username(member.name)
                person.user = make_user(username, password_hash=password)
                person.signs_in = True
            at = _morning(today, months=member.joined)
            history.write([Act(person, at, "", parts={"roles": parts})])
        history.people[member.name] = person.pk
    heads = [
        Act(places[place.name], start, "", {"head_id": history.people[place.head]})
        for place in PLACES
    ]
    history.write(heads)
    write_hierarchies(history, start)


def _person(
    history: History, rng: random.Random, today: date, member: Member, number: str, places: Any
) -> Person:
    joined = _morning(today, months=member.joined).astimezone(CHINA).date()
    return Person(
        name=member.name,
        number=number,
        department_id=places[member.department].pk,
        superior_id=history.people.get(member.superior),
        job=member.job,
        mobile=invent.mobile(rng),
        email=f"{propose_username(member.name)}@qiheng.example",
        joined_on=joined,
    )


def _make_products(history: History, today: date) -> dict[str, int]:
    """Number -> id."""
    start, author = _morning(today, months=30), "姚天宇"
    categories = {
        name: ProductCategory(name=name, position=place)
        for place, name in enumerate(CATEGORIES, start=1)
    }
    history.write([Act(one, start, author) for one in categories.values()])
    units = {unit.name: unit.pk for unit in Unit.rows(history.author(author)).live()}
    products = [
        Product(
            name=made.name,
            number=made.code,
            category_id=categories[made.category].pk,
            list_price=made.list_price,
            unit_id=units.get(made.unit),
            position=place,
        )
        for place, made in enumerate(PRODUCTS, start=1)
    ]
    history.write([Act(one, start, author) for one in products])
    return {str(one.number): one.pk for one in products}


def _morning(today: date, *, months: int) -> datetime:
    """Nine o'clock on a weekday, about so many months ago."""
    day = today - timedelta(days=months * 30 + 5)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)
