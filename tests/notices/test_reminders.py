"""Plans that come up and plans left undone are told to who carries them out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.modules.activities.models import PlanType
from guanxi.modules.activities.plan_models import Plan
from guanxi.modules.activities.plan_rules import complete_plan
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
