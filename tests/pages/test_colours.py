"""A term's colour stands before its word wherever the word is shown, and follows the term."""

import pytest

from guanxi.kernel.change import change
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import CustomerStatus
from guanxi.testing.people import SYSTEM, Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db

SHOWN = '<span class="gx-colour" data-colour="{}">{}</span>'


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def status():
    return CustomerStatus.rows(SYSTEM).get(code="repeat")


@pytest.fixture
def customer(company, status):
    return make(spec("customers.customer"), actor(company.boss), 4, status=str(status.pk))


def test_the_first_day_has_colours_and_a_changed_one_is_seen_at_once(company, customer, status):
    client = browser(company.boss)
    addresses = ("/customers/", f"/customers/{customer.pk}/")
    for address in addresses:
        assert SHOWN.format("teal", "复购") in client.get(address).content.decode()
    form = {"colour": "green", "version": status.version}
    assert client.post(f"/customer-statuses/{status.pk}/field/colour/", form).status_code == 303
    for address in addresses:
        assert SHOWN.format("green", "复购") in client.get(address).content.decode()
    status.refresh_from_db()
    with change(SYSTEM, status):
        status.colour = ""
    for address in addresses:
        assert 'data-colour="green"' not in client.get(address).content.decode()


def test_the_state_beside_the_title_has_the_colour_of_its_term(company, customer, status):
    client, address = browser(company.boss), f"/customers/{customer.pk}/"
    state = f'<span class="tag tag-plain">{SHOWN.format("teal", "复购")}</span>'
    assert state in client.get(address).content.decode()
    with change(SYSTEM, status):
        status.colour = ""
    page = client.get(address).content.decode()
    assert '<span class="tag tag-info">复购</span>' in page and state not in page


def test_only_known_colours_are_taken(company, status):
    form = {"colour": "javascript:alert(1)", "version": status.version}
    address = f"/customer-statuses/{status.pk}/field/colour/"
    assert browser(company.boss).post(address, form).status_code == 422
    status.refresh_from_db()
    assert status.colour == "teal"


def test_a_masked_term_tells_no_colour(company, customer):
    rules = [("customers.customer", "status", "masked", "masked")]
    reader = company.person("蒙面", {("*", "view"): "all"}, rules=rules)
    page = browser(reader).get(f"/customers/{customer.pk}/").content.decode()
    assert "gx-masked" in page and 'data-colour="teal"' not in page
