"""Last and next contact of a customer: right after whatever happens to its communications."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from guanxi.kernel import registry
from guanxi.kernel.acts import delete_record, invalidate_record, restore_record
from guanxi.kernel.journal import last_change
from guanxi.kernel.undo import undo_change
from guanxi.kernel.values import edit_record
from guanxi.modules.activities.specs import COMMUNICATION
from guanxi.testing.imports import bring
from guanxi.testing.people import actor, browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def back(today):
    return lambda days: today - timedelta(days=days)


def test_the_newest_talk_tells_and_an_older_one_added_later_does_not(world, back):
    customer = world.customer()
    assert world.days(customer) == (None, None)
    world.talk(customer, days_ago=3, next_on=str(back(-4)))
    assert world.days(customer) == (back(3), back(-4))
    world.talk(customer, days_ago=9, next_on=str(back(-1)))
    assert world.days(customer) == (back(3), back(-4))


def test_deleting_the_newest_falls_back_to_the_one_before(world, company, back):
    customer = world.customer()
    world.talk(customer, days_ago=9, next_on=str(back(-2)))
    newest = world.talk(customer, days_ago=3, next_on=str(back(-4)))
    change = delete_record(actor(company.anna), newest)
    assert world.days(customer) == (back(9), back(-2))
    undo_change(actor(company.anna), change)
    assert world.days(customer) == (back(3), back(-4))


def test_invalid_ones_do_not_count_until_restored(world, company, back):
    customer = world.customer()
    only = world.talk(customer, days_ago=3, next_on=str(back(-4)))
    invalidate_record(actor(company.anna), only)
    assert world.days(customer) == (None, None)
    restore_record(actor(company.boss), world.fresh(only))
    assert world.days(customer) == (back(3), back(-4))


def test_taking_the_writing_back_takes_the_days_back(world, company, back):
    customer = world.customer()
    talk = world.talk(customer, days_ago=3, next_on=str(back(-4)))
    change = last_change(COMMUNICATION, talk)
    undo_change(actor(company.anna), change)
    assert world.days(customer) == (None, None)


def test_moved_to_another_customer_both_are_right(world, company, back):
    first, second = world.customer(), world.customer("乙公司")
    talk = world.talk(first, days_ago=3, next_on=str(back(-4)))
    edit_record(actor(company.anna), talk, {"customer": str(second.pk)})
    assert world.days(first) == (None, None)
    assert world.days(second) == (back(3), back(-4))


def test_a_day_set_by_hand_stands_while_no_talk_names_another(world, company, back):
    customer = world.customer()
    edit_record(actor(company.anna), customer, {"next_contact_on": str(back(-9))})
    talk = world.talk(customer, days_ago=3)
    assert world.days(customer) == (back(3), back(-9))
    edit_record(actor(company.anna), talk, {"next_on": str(back(-4))})
    assert world.days(customer) == (back(3), back(-4))


def test_many_imported_at_once_leave_the_right_days(world, company, back, at):
    customers = [world.customer(name) for name in ("甲公司", "乙公司")]
    lines = ["客户,交流类型,交流时间,交流内容,下次联系日期"]
    for name, days in (("甲公司", 9), ("乙公司", 5), ("甲公司", 2), ("乙公司", 7)):
        lines.append(f"{name},{world.kind.name},{at(days)},聊过,{back(-days)}")
    bring(company.boss, COMMUNICATION.key, "\n".join(lines))
    assert COMMUNICATION.model.rows(actor(company.boss)).count() == 4
    assert [world.days(one) for one in customers] == [(back(2), back(-2)), (back(5), back(-5))]


def test_not_contacted_for_days_holds_those_never_contacted(world, company):
    spec = registry.spec("customers.customer")
    names = ("昨天联系过", "三十天前联系过", "从未联系")
    fresh, old, _never = [world.customer(name) for name in names]
    world.talk(fresh, days_ago=1)
    world.talk(old, days_ago=30)

    def found(operator, days):
        api = registry.lister()
        tree = f'["last_contact_on","{operator}",{days}]'
        rows, _paths = api(actor(company.boss), spec, QueryDict(urlencode({"where": tree})))
        return {row.name for row in rows}

    assert found("older_than_days", 14) == {"三十天前联系过"}
    assert found("not_for_days", 14) == {"三十天前联系过", "从未联系"}
    assert found("not_for_days", 30) == {"从未联系"}


def test_who_is_to_be_followed_up_today_stands_one_tap_away(world, company, back):
    """What is overdue, too; a customer without a day waits for nobody."""
    ids = {}
    for name, ahead in {"逾期": -3, "今天": 0, "明天": 1, "没有": None}.items():
        customer = world.customer(name)
        day = "" if ahead is None else str(back(-ahead))
        edit_record(actor(company.boss), customer, {"next_contact_on": day})
        ids[name] = customer.pk
    page = browser(company.boss).get("/customers/")
    tab = next(one for one in page.context["tabs"] if one["label"] == "今日待跟进")
    found = browser(company.boss).get(tab["url"])
    assert {row["id"] for row in found.context["table"]["rows"]} == {ids["逾期"], ids["今天"]}
