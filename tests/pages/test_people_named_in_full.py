"""Whoever types a colleague's name in full need not choose it from the list as well."""

import pytest

from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer
from guanxi.testing.people import Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def customer(company):
    return make(spec("customers.customer"), actor(company.boss), 4)


@pytest.mark.parametrize("page", ["{0}/transfer/", "bulk/transfer/"])
def test_the_new_owner(company, customer, page):
    address, desk = f"/customers/{page.format(customer.pk)}", browser(company.boss)
    sent = {"tick": customer.pk, "confirmed": "1", "owner": ""}
    answer = desk.post(address, sent | {"owner__text": "没有这个人"})
    assert answer.status_code == 422
    assert 'value="没有这个人"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    desk.post(address, sent | {"owner__text": company.anna.name})
    owner = Customer.rows(actor(company.boss)).get(pk=customer.pk).owner_id
    assert owner == company.anna.pk


@pytest.mark.parametrize("page", ["{0}/share/", "bulk/share/"])
def test_whom_it_is_shared_with(company, customer, page):
    address, desk = f"/customers/{page.format(customer.pk)}", browser(company.boss)
    sent = {"tick": customer.pk, "confirmed": "1", "person": "", "level": "read"}
    assert desk.post(address, sent | {"person__text": "没有这个人"}).status_code == 422
    desk.post(address, sent | {"person__text": company.anna.name})
    assert Customer.rows(actor(company.anna), "view").filter(pk=customer.pk).exists()
