"""Plans that come up and plans left undone are told to who carries them out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.change import change
from guanxi.kernel.values import create_record
from guanxi.modules.activities.models import PlanType
from guanxi.modules.activities.plan_models import Plan
from guanxi.modules.activities.plan_rules import complete_plan, postpone_plan
from guanxi.modules.activities.reminders import DUE, OVERDUE, remind_of
from guanxi.testing.people import SYSTEM, actor, browser
from tests.notices.test_inbox import customer, told

pytestmark = pytest.mark.postgres


def plan(owner, due, *, title="回访报价"):
    spec = registry.spec("activities.plan")
    sent = {
        "title": title,
        "customer": str(customer(owner, f"{title}客户").pk),
        "type": str(PlanType.rows(SYSTEM).first().pk),
        "due_on": due.isoformat(),
        "remind_days": "1",
    }
    made = create_record(actor(owner), spec, sent)
    return Plan.rows(SYSTEM).get(pk=made.pk)


def test_the_day_before_and_the_day_after(company):
    day = timezone.localdate() + timedelta(days=5)
    made = plan(company.anna, day)
    assert remind_of(day - timedelta(days=2)) == 0
    assert remind_of(day - timedelta(days=1)) == 1
    assert remind_of(day - timedelta(days=1)) == 0
    assert remind_of(day + timedelta(days=1)) == 1
    assert [one.kind for one in told(company.anna)] == [DUE, OVERDUE]
    page = browser(company.anna).get("/notices/").content.decode()
    assert "至今未完成" in page
    assert f"/plans/{made.pk}/complete/" in page
    assert f"/plans/{made.pk}/postpone/" in page


def test_what_is_done_is_not_reminded_of(company):
    day = timezone.localdate() + timedelta(days=5)
    made = plan(company.anna, day)
    complete_plan(actor(company.anna), made, result="已报价")
    assert remind_of(day - timedelta(days=1)) == 0


def test_many_of_one_person_are_one_notice(company):
    day = timezone.localdate() + timedelta(days=5)
    for number in range(6):
        plan(company.anna, day, title=f"第{number}次回访")
    assert remind_of(day - timedelta(days=1)) == 1
    (notice,) = told(company.anna)
    assert notice.count == 6


def test_a_pause_of_days_loses_nothing_and_doubles_nothing(company):
    """The server stood still over a long weekend; plans came up and passed meanwhile."""
    start = timezone.localdate()
    coming = plan(company.anna, start + timedelta(days=9))
    passed = plan(company.anna, start + timedelta(days=4), title="已过期")
    assert remind_of(start) == 0
    assert remind_of(start + timedelta(days=9)) == 2
    assert remind_of(start + timedelta(days=9)) == 0
    assert {(one.kind, one.record_id) for one in told(company.anna)} == {
        (DUE, coming.pk),
        (OVERDUE, passed.pk),
    }


def test_many_after_a_pause_are_told_once_and_later_ones_of_the_day_as_well(company):
    day = timezone.localdate() + timedelta(days=5)
    for number in range(6):
        plan(company.anna, day, title=f"第{number}次回访")
    assert [remind_of(day + timedelta(days=1)), remind_of(day + timedelta(days=8))] == [1, 0]
    plan(company.anna, day, title="补录")
    assert remind_of(day + timedelta(days=8)) == 1
    assert [one.count for one in told(company.anna)] == [6, 1]


def test_a_plan_put_off_or_given_away_is_told_anew(company):
    day = timezone.localdate() + timedelta(days=5)
    made = plan(company.anna, day)
    assert remind_of(day) == 1
    postpone_plan(actor(company.anna), made, due_on=day + timedelta(days=3), reason="出差")
    assert remind_of(day + timedelta(days=2)) == 1
    given = Plan.rows(SYSTEM).get(pk=made.pk)
    with change(SYSTEM, given):
        given.owner = company.ben
    assert remind_of(day + timedelta(days=2)) == 1


def test_a_plan_made_after_the_morning_is_told_the_next_one(company):
    day = timezone.localdate() + timedelta(days=1)
    plan(company.anna, day)
    assert remind_of(day) == 1
