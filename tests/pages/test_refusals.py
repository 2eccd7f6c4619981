"""The headline of a refusal says which kind it is, and there is a way back."""

import re

import pytest

from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.registry import spec
from guanxi.testing.html import read
from guanxi.testing.people import LOOK, Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db

HEADLINE = re.compile("<h1>(.*?)</h1>")
STALE, RULE, RIGHT = "有人先改了", "不能这样操作", "您没有这项权限"


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def customer(company):
    return make(spec("customers.customer"), actor(company.boss), 4)


def headline(answer):
    return HEADLINE.search(answer.content.decode())[1]


def test_somebody_was_faster(company, customer):
    sent = {"headcount": "7", "version": customer.version + 1}
    answer = browser(company.boss).post(f"/customers/{customer.pk}/field/headcount/", sent)
    assert (answer.status_code, headline(answer)) == (409, STALE)


def test_a_rule_says_no(company, customer):
    invalidate_record(actor(company.boss), customer)
    answer = browser(company.boss).get(f"/customers/{customer.pk}/edit/")
    assert (answer.status_code, headline(answer)) == (409, RULE)


def test_a_right_is_missing(company, customer):
    reader = company.person("只看", LOOK)
    sent = {"headcount": "7", "version": customer.version}
    answer = browser(reader).post(f"/customers/{customer.pk}/field/headcount/", sent)
    assert (answer.status_code, headline(answer)) == (403, RIGHT)


def test_the_way_back_leads_to_the_record(company, customer):
    invalidate_record(actor(company.boss), customer)
    answer = browser(company.boss).get(f"/customers/{customer.pk}/edit/")
    assert f"/customers/{customer.pk}/" in read(answer).links
