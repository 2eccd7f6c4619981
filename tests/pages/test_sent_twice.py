"""A double click sends a form twice at the very same time: it makes one record."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident

import pytest
from django.db import connection

from guanxi.kernel.personal import made_by_form
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer
from guanxi.pages import forms
from guanxi.testing.html import read
from guanxi.testing.people import SYSTEM, Company, browser
from guanxi.testing.samples import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
NEW = "/customers/new/"
CODE = "9144030071526726XG"


@pytest.fixture
def company():
    found = Company()
    make(spec("customers.customer"), SYSTEM, 9)
    return found


@pytest.fixture
def both_at_once(monkeypatch):
    """Each of two requests has seen that nothing was made yet before either goes on."""
    barrier, waited = Barrier(2, timeout=30), set()

    def first_look(actor, token):
        found = made_by_form(actor, token)
        if get_ident() not in waited:
            waited.add(get_ident())
            barrier.wait()
        return found

    monkeypatch.setattr(forms, "made_by_form", first_look)


def send(person, sent):
    try:
        return browser(person).post(NEW, sent)
    finally:
        connection.close()


def both(person, sent):
    with ThreadPoolExecutor(2) as pool:
        return [task.result() for task in [pool.submit(send, person, sent) for _ in range(2)]]


def form(person, **changes):
    return read(browser(person).get(NEW)).form(NEW).values() | changes


def count():
    return Customer.rows(SYSTEM).count()


@pytest.mark.parametrize("changes", [{}, {"credit_code": CODE}])
def test_two_at_once_make_one(company, both_at_once, changes):
    before = count()
    sent = form(company.boss, name="双击贸易", **changes)
    answers = both(company.boss, sent)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer["Location"] for answer in answers}) == 1
    assert count() == before + 1


def test_two_forms_at_once_make_two(company, both_at_once):
    before = count()
    forms_ = [form(company.boss, name="甲贸易"), form(company.anna, name="乙机械")]
    with ThreadPoolExecutor(2) as pool:
        tasks = [
            pool.submit(send, *pair)
            for pair in zip((company.boss, company.anna), forms_, strict=True)
        ]
        assert [task.result().status_code for task in tasks] == [303, 303]
    assert count() == before + 2


def test_a_refused_one_leaves_the_token_free(company):
    sent = form(company.boss, name="双击贸易")
    assert browser(company.boss).post(NEW, sent | {"headcount": "many"}).status_code == 422
    before = count()
    assert browser(company.boss).post(NEW, sent).status_code == 303
    assert count() == before + 1


def test_a_strangers_token_tells_nothing(company):
    sent = form(company.boss, name="双击贸易")
    assert browser(company.boss).post(NEW, sent).status_code == 303
    sent |= {"name": "别的贸易公司", "owner": company.anna.pk}
    assert browser(company.anna).post(NEW, sent).status_code == 303
    assert Customer.rows(SYSTEM).filter(name="别的贸易公司").count() == 1
