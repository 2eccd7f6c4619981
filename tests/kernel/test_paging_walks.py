"""Paging over branches in random orders: every row once, both ways, as Python sorts."""

import random
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.models import Share
from guanxi.kernel.paging import Key, jump, order_keys, page_of
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer
from guanxi.people.rights import actor_of
from guanxi.testing.people import Company

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")
CUSTOMER = spec("customers.customer")
ROWS = 26
COLUMNS = {
    "revenue": True,
    "headcount": True,
    "founded_on": True,
    "name_key": False,
    "created_at": False,
    "owner__name_key": True,
    "level__position": True,
}
orders = st.lists(
    st.tuples(st.sampled_from(sorted(COLUMNS)), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)


class Reader:
    """Keeps its rights out of Hypothesis's reports."""

    def __init__(self, reader):
        self.actor = reader


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One reader with three branches: own rows, a subordinate's, and shared ones; others beside."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = Company()
        reader = company.person("组长", {("*", "view"): "own_and_below"})
        below = company.person("组员", {}, superior=reader)
        chance = random.Random(7)
        owners = (reader, below, company.anna, None)
        levels = list(CUSTOMER.model._meta.get_field("level").related_model.rows(SYSTEM))
        for number in range(ROWS):
            row = _customer(chance, number, owners[number % 4], levels)
            if number % 4 == 2 and number % 3 == 0:
                Share.objects.create(
                    object=CUSTOMER.key, record_id=row.pk, person_id=reader.pk, level="read"
                )
        yield Reader(actor_of(reader))
        transaction.set_rollback(True)


def _customer(chance, number, owner, levels):
    row = Customer(name=chance.choice(("华为", "中兴", "联想", "Acme")) + str(number % 5))
    row.main_class_id, row.status_id = _first("main_class"), _first("status")
    row.owner_id = owner.pk if owner else None
    row.revenue = chance.choice((None, Decimal("0.07"), Decimal(5), Decimal(70)))
    row.headcount = chance.choice((None, 1, 20, 300))
    row.level = chance.choice((None, *levels))
    with change(SYSTEM, row):
        pass
    return row


def _first(link):
    return Customer._meta.get_field(link).related_model.rows(SYSTEM).order_by("pk")[0].pk


def _keys(order):
    keys = [Key(name, down, COLUMNS[name]) for name, down in order]
    return (*keys, Key("id", order[-1][1], False))


def _expected(actor, keys):
    names = [key.orm for key in keys]
    rows = list(Customer.rows(actor).values("id", *names))
    for key in reversed(keys):
        filled = [row for row in rows if row[key.orm] is not None]
        empty = [row for row in rows if row[key.orm] is None]
        rows = sorted(filled, key=lambda row: row[key.orm], reverse=key.down) + empty
    return [row["id"] for row in rows]


def _walk(actor, keys, size):
    page = page_of(CUSTOMER, actor, Customer._all.all(), keys=keys, size=size)
    pages = [page]
    while page.has_next:
        page = page_of(CUSTOMER, actor, Customer._all.all(), keys=keys, size=size, after=page.last)
        pages.append(page)
        assert len(pages) <= ROWS + 1, "the walk never ends"
    return pages


def _ids(page):
    return [row.pk for row in page.rows]


@given(order=orders, size=st.integers(1, 9))
@settings(max_examples=60)
def test_every_row_once_both_ways(world, order, size):
    keys = _keys(order)
    expected = _expected(world.actor, keys)
    assert 0 < len(expected) < ROWS
    pages = _walk(world.actor, keys, size)
    assert [one for page in pages for one in _ids(page)] == expected
    assert not pages[0].has_previous
    for number in range(len(pages) - 1, 0, -1):
        back = page_of(
            CUSTOMER,
            world.actor,
            Customer._all.all(),
            keys=keys,
            size=size,
            before=pages[number].first,
        )
        assert _ids(back) == _ids(pages[number - 1])
        assert back.has_previous == (number - 1 > 0)
    for number, page in enumerate(pages, start=1):
        jumped = jump(
            CUSTOMER, world.actor, Customer._all.all(), keys=keys, size=size, number=number
        )
        assert _ids(jumped) == _ids(page)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10",
        "WyJhIiwxXQ",
        "W251bGwsbnVsbF0",
        "W3sidCI6IngifSwxXQ",
        "W1tdLFtdXQ",
        "8J-YgA",
        "=" * 9,
    ],
)
def test_a_cursor_nobody_gave_out_means_the_start(world, cursor):
    for order in ("-updated_at", "revenue", "name", "-founded_on", "headcount"):
        keys = order_keys(CUSTOMER, order, actor=world.actor)
        start = page_of(CUSTOMER, world.actor, Customer._all.all(), keys=keys, size=5)
        for where in ({"after": cursor}, {"before": cursor}):
            page = page_of(CUSTOMER, world.actor, Customer._all.all(), keys=keys, size=5, **where)
            assert len(page.rows) <= len(start.rows)
