"""The start page: what it counts and lists is the reader's own, in few statements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.kernel import kinds
from guanxi.kernel.change import change
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.home import home as customers_home
from guanxi.modules.sales.home import home as sales_home
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.testing.people import SYSTEM, Company, actor

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
OWN = {(key, "view"): "own" for key in ("customers.customer", "sales.opportunity")}
OWN |= {("terms", "view"): "all", ("people", "view"): "all"}


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def sellers(company):
    return company.person("甲", OWN), company.person("乙", OWN)


def _deal(owner, amount, kind="open", *, currency="CNY", **values):
    stage = Stage.rows(SYSTEM).filter(kind=kind).order_by("position", "id")[0]
    row = Opportunity(
        title=f"{owner.name} {amount}", stage=stage, pipeline_id=stage.pipeline_id, owner=owner,
        amount=Decimal(amount), amount_currency=currency, **values,
    )  # fmt: skip
    with change(SYSTEM, row):
        pass


def _customer(owner, name, **days):
    record = create_record(SYSTEM, spec("customers.customer"), {"name": name})
    with change(SYSTEM, record):
        record.owner = owner
        for field, day in days.items():
            setattr(record, field, day)
    return record


def test_figures_are_of_one_s_own_deals_each_under_its_condition(company, sellers):
    mine, other = sellers
    company.uses("USD")
    today = timezone.localdate()
    month, before = kinds.period_days("this_month"), kinds.period_days("last_month")
    _deal(mine, "100", close_on=today)
    _deal(mine, "20", close_on=today - timedelta(days=400))
    _deal(mine, "3")
    _deal(mine, "7", currency="USD")
    _deal(mine, "1000", "won", closed_on=month[0])
    _deal(mine, "2000", "won", closed_on=before[1])
    _deal(mine, "4000", "won", closed_on=before[0] - timedelta(days=1))
    _deal(mine, "8000", "lost", closed_on=month[0])
    _deal(other, "5000", close_on=today)
    _deal(other, "5000", "won", closed_on=month[0])
    reader = actor(mine)
    sales_home(reader)
    with CaptureQueriesContext(connection) as asked:
        found = sales_home(reader)
    figures = [(one["value"], one["note"]) for one in found if "value" in one]
    assert [value for value, _note in figures] == ["1,000", "¥123 · US$7", "100", "20"]
    assert "2,000" in figures[0][1]
    assert [note.split()[0] for _value, note in figures[1:]] == ["4", "1", "1"]
    assert [[one["title"] for one in card["items"]] for card in found[4:]] == [["甲 100"], []]
    assert len(asked) <= 4


def test_cards_show_the_nearest_days_first(sellers):
    mine, other = sellers
    today = timezone.localdate()
    for days in range(8):
        _customer(mine, f"客户{days}", next_contact_on=today - timedelta(days=days))
        _deal(mine, str(days + 1), close_on=today + timedelta(days=days))
    _customer(mine, "以后", next_contact_on=today + timedelta(days=1))
    _customer(mine, "不定")
    _customer(other, "别人的", next_contact_on=today)
    new, due = customers_home(actor(mine))
    assert new["value"] == "10"
    assert [one["title"] for one in due["items"]] == [f"客户{days}" for days in (7, 6, 5, 4, 3, 2)]
    assert {one["note"] for one in due["items"]} == {"从未联系"}
    soon = sales_home(actor(mine))[4]
    assert [one["title"] for one in soon["items"]] == [f"甲 {days}" for days in range(1, 7)]
