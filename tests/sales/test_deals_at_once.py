"""One opportunity of a customer is won in the moment another is opened again."""

import threading
from functools import partial

import pytest
from django.db import connection

from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity
from guanxi.modules.sales.rules import reopen_opportunity, win_opportunity
from guanxi.testing.people import SYSTEM, Company, actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ROUNDS = 12


def test_the_one_that_is_won_counts():
    boss = actor(Company().boss)
    buyer = create_record(boss, spec("customers.customer"), {"name": "甲公司"})
    raw = {"customer": str(buyer.pk)}
    first, second = [
        create_record(boss, spec("sales.opportunity"), {**raw, "title": title})
        for title in ("设备采购", "年度维保")
    ]
    win_opportunity(boss, second)
    for _round in range(ROUNDS):
        winning = partial(win_opportunity, boss, first)
        assert at_once(winning, partial(reopen_opportunity, boss, fresh(second))) == []
        assert Customer.rows(SYSTEM).get(pk=buyer.pk).deal_status == "dealt"
        first, second = fresh(second), fresh(first)


def fresh(opportunity):
    return Opportunity.rows(SYSTEM).get(pk=opportunity.pk)


def at_once(*acts):
    """What went wrong while they ran beside each other."""
    start, faults = threading.Barrier(len(acts), timeout=30), []

    def run(act):
        try:
            start.wait()
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
