"""Counts and sums against Python, per currency, cut by fields and by time; money is exact."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Sum as DbSum
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.change import Many, change
from guanxi.kernel.errors import Wrong
from guanxi.kernel.journal import open_batch
from guanxi.kernel.measure import Count, Sum, measurable, measure
from guanxi.kernel.query import compile_q, read
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.testing.people import SYSTEM, Company, actor

pytestmark = pytest.mark.django_db
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")
CENTS = st.none() | st.decimals("-99999", "99999", places=4)
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Desk:
    def __init__(self):
        company = Company()
        company.uses("USD")
        self.actor = actor(company.boss)
        self.people = (company.anna, company.ben, None)
        self.stages = list(Stage.rows(SYSTEM).order_by("pk")[:3])

    def opportunity(self, amount, **values):
        row = Opportunity(title="商机", amount=amount, stage=self.stages[0], **values)
        row.pipeline_id = row.stage.pipeline_id
        with change(SYSTEM, row):
            pass
        return row

    def customer(self, at):
        row = Customer(name="客户")
        for link in ("main_class", "status"):
            target = Customer._meta.get_field(link).related_model
            setattr(row, link, target.rows(SYSTEM).order_by("pk")[0])
        with change(SYSTEM, row) as edit:
            edit.at = at
        return row


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Desk()
        transaction.set_rollback(True)


lines = st.lists(
    st.tuples(
        st.none() | st.decimals("0", "99999999", places=4),
        st.sampled_from(("CNY", "USD")),
        st.integers(0, 2),
        st.none() | st.dates(date(2024, 11, 1), date(2026, 2, 28)),
    ),
    max_size=12,
)


@given(drawn=lines, step=st.sampled_from(("month", "quarter", "year")))
@settings(max_examples=25)
def test_sums_are_what_python_adds_up(desk, drawn, step):
    with transaction.atomic():
        for amount, currency, owner, closed in drawn:
            person = desk.people[owner]
            desk.opportunity(
                amount,
                amount_currency=currency,
                owner_id=person.pk if person else None,
                close_on=closed,
            )
        rows = Opportunity.rows(desk.actor)
        _compare(desk, rows, Sum("amount", by="owner"), lambda row: row.owner_id)
        _compare(desk, rows, Sum("amount", by="close_on", step=step), lambda row: _cut(row, step))
        _compare(desk, rows, Count(by="owner"), lambda row: row.owner_id)
        by_both = measure(desk.actor, OPPORTUNITY, rows, Count(by="owner"), then=Count(by="stage"))
        assert sum(figure.value for figure in by_both) == len(drawn)
        transaction.set_rollback(True)


def _compare(desk, rows, asked, key):
    """Each figure against Python's sum, and its condition against the rows it stands for."""
    expected, members = defaultdict(Decimal), defaultdict(set)
    summed = isinstance(asked, Sum)
    for row in rows:
        currency = row.amount_currency if summed else ""
        expected[key(row), currency] += (row.amount or 0) if summed else 1
        members[key(row), currency].add(row.pk)
    figures = measure(desk.actor, OPPORTUNITY, rows, asked)
    assert {(one.key, one.currency): one.value for one in figures} == dict(expected)
    for figure in figures:
        opened = rows.filter(compile_q(read(OPPORTUNITY, figure.tree, actor=desk.actor)))
        assert set(opened.values_list("pk", flat=True)) == members[figure.key, figure.currency]
        assert figure.label


def _cut(row, step):
    day = row.close_on
    if day is None:
        return None
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[step]
    return date(day.year, month, 1)


def test_instants_fall_into_the_months_of_the_reader(desk):
    """The first minutes of a month in Shanghai are still the last month in UTC."""
    for at in (
        datetime(2025, 3, 31, 15, 59, tzinfo=UTC),
        datetime(2025, 3, 31, 16, 1, tzinfo=UTC),
        datetime(2025, 4, 30, 15, 59, tzinfo=UTC),
    ):
        desk.customer(at)
    with timezone.override(SHANGHAI):
        rows = Customer.rows(desk.actor)
        figures = measure(desk.actor, CUSTOMER, rows, Count(by="created_at", step="month"))
        assert [(one.label, one.value) for one in figures] == [("2025-03", 1), ("2025-04", 2)]
        for figure in figures:
            opened = rows.filter(compile_q(read(CUSTOMER, figure.tree, actor=desk.actor)))
            assert opened.count() == figure.value


ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC")
TURNS = [
    datetime(year, month, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for year, month in ((2024, 4), (2024, 11), (2025, 1), (2025, 4), (2025, 10))
    for minutes in (-661, -630, -481, -1, 0, 239, 241, 300)
]


@pytest.mark.parametrize("name", ZONES)
def test_steps_follow_the_clocks_of_every_zone(desk, name):
    """Where clocks are put forward and back, too, each instant lies in its local day."""
    with transaction.atomic():
        for at in TURNS:
            desk.customer(at)
        with timezone.override(ZoneInfo(name)):
            rows = Customer.rows(desk.actor)
            days = [timezone.localtime(row.created_at).date() for row in rows]
            for step in ("", "month", "quarter", "year"):
                asked = Count(by="created_at", step=step)
                figures = measure(desk.actor, CUSTOMER, rows, asked)
                expected = Counter(_first_day(day, step) for day in days)
                assert {one.key: one.value for one in figures} == expected
                for one in figures:
                    node = read(CUSTOMER, one.tree, actor=desk.actor)
                    assert rows.filter(compile_q(node)).count() == one.value
        transaction.set_rollback(True)


def _first_day(day, step):
    month = {"": day.month, "month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}
    return date(day.year, month[step], day.day if not step else 1)


def test_money_adds_up_exactly(desk):
    """SQLite would add floats: 0.07 three thousand times is 210 here, not 209.999..."""
    many = [
        Opportunity(title="七分", amount=Decimal("0.07"), stage=desk.stages[0]) for _ in range(3000)
    ]
    for row in many:
        row.pipeline_id = row.stage.pipeline_id
    batch = open_batch(SYSTEM, OPPORTUNITY, kind="test")
    assert Many(SYSTEM, many, verb="edit", batch=batch).write() == []
    rows = Opportunity.rows(desk.actor).filter(title="七分")
    figures = measure(desk.actor, OPPORTUNITY, rows, Sum("amount", by="stage"))
    assert [one.value for one in figures] == [Decimal(210)]
    assert rows.aggregate(total=DbSum("amount"))["total"] == Decimal(210)
    assert rows.filter(amount=Decimal("0.07")).count() == 3000


@given(amount=st.decimals("0", "99999999999999", places=4))
@settings(max_examples=40)
def test_amounts_come_back_as_they_went_in(desk, amount):
    with transaction.atomic():
        row = desk.opportunity(amount)
        stored = Opportunity.rows(SYSTEM).get(pk=row.pk)
        assert stored.amount == amount
        assert isinstance(stored.amount, Decimal)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "asked",
    [
        Sum("title", by="owner"),
        Sum("close_on", by="owner"),
        Sum("owner", by="owner"),
        Sum("amount", by="title"),
        Sum("no_such", by="owner"),
        Count(by="extra"),
        Count(by="owner", step="month"),
        Count(by="close_on", step="week"),
    ],
)
def test_what_cannot_be_measured_is_refused(desk, asked):
    with pytest.raises(Wrong):
        measure(desk.actor, OPPORTUNITY, Opportunity.rows(desk.actor), asked)


def test_years_are_no_amounts(desk):
    known = [col.path for col in measurable(CUSTOMER, desk.actor)]
    assert known == ["headcount", "revenue", "registered_capital"]
    with pytest.raises(Wrong):
        measure(desk.actor, CUSTOMER, Customer.rows(desk.actor), Sum("founded", by="owner"))
