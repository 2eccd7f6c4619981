"""A company whose people speak with customers."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.testing.people import Company, actor


@pytest.fixture
def company(db):
    return Company()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def at(today):
    """at(3): three days ago at ten, as typed in a form."""

    def when(days_ago):
        day = today - timedelta(days=days_ago)
        return f"{datetime(day.year, day.month, day.day, 10):%Y-%m-%dT%H:%M}"

    return when


@pytest.fixture
def world(company, at):
    """Anna's customer, a way to write talks down, and to read the two days of a customer."""
    spec = registry.spec("customers.customer")
    kind = registry.spec("activities.communicationtype").model.rows(actor(company.boss)).first()

    def customer(name="甲公司", owner=company.anna):
        return create_record(actor(company.boss), spec, {"name": name, "owner": str(owner.pk)})

    def talk(customer, *, by=company.anna, days_ago=1, **raw):
        words = {"customer": str(customer.pk), "type": str(kind.pk), "text": "谈了报价"}
        words |= {"held_at": at(days_ago), **raw}
        return create_record(actor(by), registry.spec("activities.communication"), words)

    def fresh(record):
        return type(record).rows(actor(company.boss)).get(pk=record.pk)

    def days(customer):
        found = fresh(customer)
        return found.last_contact_on, found.next_contact_on

    return SimpleNamespace(customer=customer, talk=talk, fresh=fresh, days=days, kind=kind)
