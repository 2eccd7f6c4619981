"""Whether a customer has bought follows its won opportunities, whatever happens to those."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from guanxi.kernel.acts import delete_record, invalidate_record, restore_record
from guanxi.kernel.derived import put_derived
from guanxi.kernel.journal import last_change
from guanxi.kernel.registry import spec
from guanxi.kernel.undo import undo_change
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.modules.sales.rules import lose_opportunity, reopen_opportunity, win_opportunity
from guanxi.testing.html import read
from guanxi.testing.imports import bring
from guanxi.testing.people import SYSTEM, Company, actor, browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def boss(company):
    return actor(company.boss)


@pytest.fixture
def buyer(boss):
    return create_record(boss, CUSTOMER, {"name": "甲公司"})


@pytest.fixture
def offered(boss, buyer):
    """offered(): an open opportunity of the buyer, or of another customer."""

    def make(customer=buyer):
        raw = {"title": "设备采购", "customer": str(customer.pk)}
        return create_record(boss, OPPORTUNITY, raw)

    return make


def dealt(customer):
    return Customer.rows(SYSTEM).get(pk=customer.pk).deal_status == "dealt"


def fresh(opportunity):
    return Opportunity.rows(SYSTEM).get(pk=opportunity.pk)


def test_winning_is_a_deal_and_reopening_takes_it_back(boss, buyer, offered):
    first = offered()
    assert not dealt(buyer)
    win_opportunity(boss, first)
    assert dealt(buyer)
    reopen_opportunity(boss, fresh(first))
    assert not dealt(buyer)


def test_one_that_is_lost_is_none_and_hides_none(boss, buyer, offered):
    first, second = offered(), offered()
    stage = Stage.rows(SYSTEM).get(kind="lost", pipeline=first.pipeline_id)
    edit_record(boss, first, {"stage": str(stage.pk), "close_reason": reason()})
    assert not dealt(buyer)
    win_opportunity(boss, second)
    third = offered()
    lose_opportunity(boss, third, close_reason=fresh(first).close_reason)
    assert dealt(buyer)


def reason():
    model = spec("sales.closereason").model
    return str(model.rows(SYSTEM).get(code="price", outcome="lost").pk)


def test_taking_the_win_back_takes_the_deal_back(boss, buyer, offered):
    first = offered()
    win_opportunity(boss, first)
    undo_change(boss, last_change(OPPORTUNITY, first))
    assert not dealt(buyer)


def test_it_goes_with_the_opportunity_and_comes_back_with_it(boss, buyer, offered):
    first = offered()
    win_opportunity(boss, first)
    removal = delete_record(boss, fresh(first))
    assert not dealt(buyer)
    undo_change(boss, removal)
    assert dealt(buyer)
    invalidate_record(boss, fresh(first))
    assert not dealt(buyer)
    restore_record(boss, fresh(first))
    assert dealt(buyer)


def test_of_two_wins_one_is_enough(boss, buyer, offered):
    first, second = offered(), offered()
    win_opportunity(boss, first)
    win_opportunity(boss, second)
    delete_record(boss, fresh(first))
    assert dealt(buyer)


def test_with_another_customer_both_are_right(boss, buyer, offered):
    other = create_record(boss, CUSTOMER, {"name": "乙公司"})
    first = offered()
    win_opportunity(boss, first)
    edit_record(boss, fresh(first), {"customer": str(other.pk)})
    assert (dealt(buyer), dealt(other)) == (False, True)
    edit_record(boss, fresh(first), {"customer": ""})
    assert not dealt(other)


def test_history_that_is_imported_counts(company, boss, buyer):
    other = create_record(boss, CUSTOMER, {"name": "乙公司"})
    table = "商机标题,客户,阶段,关闭日期\n旧单一,甲公司,赢单,2020-05-06\n旧单二,乙公司,输单,2020-05-06\n"
    bring(company.boss, OPPORTUNITY.key, table, history=True)
    assert Opportunity.rows(SYSTEM).count() == 2
    assert (dealt(buyer), dealt(other)) == (True, False)


def test_a_stage_that_becomes_the_winning_one_decides_what_stands_in_it(boss, buyer, offered):
    first = offered()
    edit_record(boss, first.stage, {"kind": "won"})
    assert dealt(buyer)
    edit_record(boss, Stage.rows(SYSTEM).get(pk=first.stage_id), {"kind": "open"})
    assert not dealt(buyer)


def test_nobody_s_open_form_is_out_of_date_and_nobody_types_it(boss, company, buyer, offered):
    window = browser(company.boss)
    address = f"/customers/{buyer.pk}/edit/"
    values = read(window.get(address)).form(address).values()
    win_opportunity(boss, offered())
    assert "deal_status" not in values
    sent = {**values, "remark": "谈得不错", "deal_status": "none"}
    assert window.post(address, sent).status_code == 303
    assert Customer.rows(SYSTEM).get(pk=buyer.pk).remark == "谈得不错"
    assert dealt(buyer)


def test_the_list_can_be_asked_for_it(boss, company, buyer, offered):
    create_record(boss, CUSTOMER, {"name": "乙公司"})
    win_opportunity(boss, offered())
    page = browser(company.boss).get("/customers/", {"deal_status": "dealt"})
    assert [row["id"] for row in page.context["table"]["rows"]] == [buyer.pk]


def test_what_was_won_before_is_worked_out_by_the_migration(boss, buyer, offered):
    other = create_record(boss, CUSTOMER, {"name": "乙公司"})
    win_opportunity(boss, offered())
    void = offered(other)
    win_opportunity(boss, void)
    invalidate_record(boss, fresh(void))
    put_derived(CUSTOMER, {buyer.pk: {"deal_status": "none"}})
    then = MigrationLoader(connection).project_state([("sales", "0005_deal_status")]).apps
    migration = import_module("guanxi.modules.sales.migrations.0005_deal_status")
    migration.keep_deal_status(then, None)
    assert (dealt(buyer), dealt(other)) == (True, False)
