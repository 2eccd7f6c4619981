"""Entries chosen by default stand on a new form, where they can be seen and taken back."""

import pytest

from guanxi.kernel.registry import spec
from guanxi.kernel.terms import default_term
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.catalog.models import Unit
from guanxi.modules.customers.models import (
    Customer,
    CustomerIntention,
    CustomerLevel,
    CustomerSource,
    Industry,
)
from guanxi.testing.html import read
from guanxi.testing.people import SYSTEM, Company, actor, browser

pytestmark = pytest.mark.django_db
PROPOSED = {
    "source": CustomerSource,
    "intention": CustomerIntention,
    "level": CustomerLevel,
    "industry": Industry,
}


@pytest.fixture
def company():
    return Company()


def started(company, address):
    return read(browser(company.boss).get(address)).form(address.partition("?")[0]).values()


def test_a_new_form_proposes_them(company):
    values = started(company, "/customers/new/")
    shown = {name: values[name] for name in PROPOSED}
    assert shown == {name: str(default_term(SYSTEM, model)) for name, model in PROPOSED.items()}
    assert all(shown.values())
    # Nobody sees what a folded section proposes.
    assert values["size"] == values["ownership"] == ""
    assert started(company, "/products/new/")["unit"] == str(default_term(SYSTEM, Unit))


def test_what_the_address_or_the_copied_row_says_counts_more(company):
    other = CustomerLevel.rows(SYSTEM).get(code="a")
    assert started(company, f"/customers/new/?level={other.pk}")["level"] == str(other.pk)
    customer = create_record(actor(company.boss), spec("customers.customer"), {"name": "甲"})
    assert started(company, f"/customers/new/?copy={customer.pk}")["level"] == ""


def test_they_are_proposed_only(company):
    client = browser(company.boss)
    values = started(company, "/customers/new/") | {"name": "乙", "level": ""}
    client.post("/customers/new/", values)
    saved = Customer.rows(SYSTEM).get()
    assert saved.level_id is None
    assert saved.source_id == default_term(SYSTEM, CustomerSource)
    # Programs and files say what they mean.
    customer = create_record(actor(company.boss), spec("customers.customer"), {"name": "丙"})
    assert (customer.source_id, customer.level_id) == (None, None)


def test_an_entry_ticked_later_is_proposed_from_then_on(company):
    levels = {level.code: level for level in CustomerLevel.rows(SYSTEM)}
    edit_record(SYSTEM, levels["c"], {"is_default": ""})
    edit_record(SYSTEM, levels["b"], {"is_default": "1"})
    assert started(company, "/customers/new/")["level"] == str(levels["b"].pk)
