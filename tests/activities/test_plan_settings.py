"""Plans arise from settings: on the right days, once each, never beyond the owner's reach."""

import threading
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from guanxi.jobs.models import Job
from guanxi.jobs.queue import enqueue
from guanxi.jobs.run import Interrupted, Run
from guanxi.jobs.worker import drain
from guanxi.kernel import registry
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.models import Batch
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.activities import jobs, plan_making
from guanxi.modules.activities.plan_models import Plan, PlanSetting
from guanxi.modules.activities.plan_rounds import latest_round, next_round, round_to_make
from guanxi.modules.activities.setting_rules import (
    disable_setting,
    enable_setting,
    make_setting,
    say_what_is_made,
)
from guanxi.testing.people import LOOK, actor, browser

SETTING = registry.spec("activities.plansetting")
DAY = date(2027, 1, 31)
pytestmark = pytest.mark.django_db


def _rounds(**words: Any) -> Any:
    fixed = {"cycle": "months", "every": 1, "starts_on": DAY, "ends_on": None, "remind_days": 0}
    return SimpleNamespace(**fixed | {"since": DAY, "made_through": None} | words)


def test_months_are_counted_from_the_first_round_without_drifting():
    setting, day, found = _rounds(), DAY, []
    for _number in range(5):
        found.append(day)
        day = next_round(setting, day + timedelta(days=1))
    assert found == [date(2027, m, d) for m, d in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31))]
    assert next_round(_rounds(starts_on=date(2027, 11, 30)), date(2028, 2, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("words", "on", "latest", "following"),
    [
        ({"cycle": "once"}, DAY, DAY, DAY),
        ({"cycle": "once"}, DAY + timedelta(days=1), DAY, None),
        ({"cycle": "days", "every": 10}, DAY + timedelta(days=25), 20, 30),
        ({"cycle": "weeks", "every": 2}, DAY + timedelta(days=14), 14, 14),
        ({"ends_on": date(2027, 3, 1)}, date(2027, 3, 5), date(2027, 2, 28), None),
        ({}, DAY - timedelta(days=1), None, DAY),
    ],
)
def test_rounds_on_both_sides_of_a_day(words, on, latest, following):
    def day(value: Any) -> Any:
        return DAY + timedelta(days=value) if isinstance(value, int) else value

    assert latest_round(_rounds(**words), on) == day(latest)
    assert next_round(_rounds(**words), on) == day(following)


def test_of_missed_rounds_only_the_latest_is_made_up_for():
    setting = _rounds(cycle="weeks", remind_days=2)
    assert round_to_make(setting, DAY + timedelta(days=32)) == DAY + timedelta(days=28)
    setting.made_through = DAY + timedelta(days=28)
    assert round_to_make(setting, DAY + timedelta(days=32)) is None
    # The reminder of the next one is due: what was missed before it is let go.
    setting.made_through = None
    assert round_to_make(setting, DAY + timedelta(days=33)) == DAY + timedelta(days=35)
    setting.since = DAY + timedelta(days=30)
    assert round_to_make(setting, DAY + timedelta(days=32)) is None


@pytest.fixture
def setting(company, today):
    """monthly from 31 January 2027, three days ahead, for anna's customers; switched off."""
    today(DAY - timedelta(days=10))

    def make(**raw: Any) -> Any:
        sent = {"name": "每月回访", "what": "回访{customer}", "starts_on": "2027-01-31", **raw}
        return create_record(actor(company.anna), SETTING, sent)

    return make


def _work() -> int:
    Job.objects.all().delete()
    enqueue(jobs.JOB, {}, person_id=None, surface="schedule")
    drain()
    job = Job.objects.get()
    assert job.state == "done", job.error
    return int(job.result["plans"])


def _names() -> list[str]:
    return sorted(plan.title for plan in Plan._all.all())


def test_due_plans_arise_once_with_the_rights_of_the_owner(company, customer, setting, today):
    customer("甲"), customer("乙"), customer("丙", company.ben)
    made = setting()
    enable_setting(actor(company.anna), made)
    assert _work() == 0
    today(DAY - timedelta(days=3))
    assert (_work(), _work()) == (2, 0)
    assert _names() == ["回访乙", "回访甲"]
    plan = Plan._all.first()
    assert (plan.due_on, plan.round_on, plan.owner_id) == (DAY, DAY, company.anna.pk)
    assert Batch.objects.filter(kind="plans").count() == 1
    stored = PlanSetting._all.get(pk=made.pk)
    assert (stored.made_through, stored.next_on, stored.trouble) == (DAY, DAY, "")
    today(date(2027, 2, 25))
    assert _work() == 2
    assert {plan.round_on for plan in Plan._all.all()} == {DAY, date(2027, 2, 28)}


def test_after_a_pause_the_missed_round_is_due_today(company, customer, setting, today):
    customer("甲")
    enable_setting(actor(company.anna), setting())
    today(date(2027, 4, 10))
    assert (_work(), _work()) == (1, 0)
    plan = Plan._all.get()
    assert (plan.round_on, plan.due_on) == (date(2027, 3, 31), date(2027, 4, 10))


def test_who_no_longer_matches_and_who_is_invalid_gets_none(company, customer, setting, today):
    first, second, third = customer("甲"), customer("乙"), customer("丙")
    who = actor(company.anna)
    enable_setting(who, setting(whom='{"and":[["name","not_contains","乙"]]}'))
    invalidate_record(who, third)
    today(DAY)
    assert _work() == 1
    edit_record(who, type(first)._all.get(pk=first.pk), {"name": "甲乙"})
    edit_record(who, type(second)._all.get(pk=second.pk), {"name": "二"})
    today(date(2027, 2, 28))
    assert _work() == 1
    assert _names() == ["回访二", "回访甲"]


def test_one_person_carries_out_what_is_theirs(company, customer, setting, today):
    customer("甲")
    with pytest.raises(Invalid) as refused:
        setting(performer="person")
    assert set(refused.value.errors) == {"person"}
    made = setting(performer="person", person=str(company.ben.pk))
    enable_setting(actor(company.anna), made)
    today(DAY)
    assert _work() == 1
    assert Plan._all.get().owner_id == company.ben.pk


def test_an_owner_without_the_right_makes_none_and_the_setting_says_so(
    company, customer, setting, today
):
    customer("甲")
    made = setting()
    enable_setting(actor(company.anna), made)
    disable_setting(actor(company.anna), made)
    looking = company.person("只看", LOOK)
    edit_record(actor(company.boss), made, {"owner": str(looking.pk)}, verb="edit")
    with pytest.raises(Refused):
        enable_setting(actor(company.boss), made)
    edit_record(actor(company.boss), made, {"owner": str(company.anna.pk)})
    enable_setting(actor(company.boss), made)
    invalidate_record(actor(company.boss), company.anna)
    today(DAY)
    assert _work() == 0
    assert PlanSetting._all.get(pk=made.pk).trouble


def test_a_killed_job_goes_on_and_makes_nothing_twice(
    company, customer, setting, today, monkeypatch
):
    for number in range(5):
        customer(f"客户{number}")
    enable_setting(actor(company.anna), setting())
    today(DAY)
    monkeypatch.setattr(plan_making, "CHUNK", 2)
    job = Job.objects.create(kind=jobs.JOB, lane="quick", arguments={})
    run = Run(job)
    monkeypatch.setattr(run, "_write", lambda **columns: None)
    turns = iter([None, None])

    def stop() -> None:
        if next(turns, "over") == "over":
            raise Interrupted

    monkeypatch.setattr(run, "safe_point", stop)
    with pytest.raises(Interrupted):
        jobs.make_due_plans(run)
    assert Plan._all.count() == 4
    job.cursor = run.cursor
    again = Run(job)
    monkeypatch.setattr(again, "_write", lambda **columns: None)
    jobs.make_due_plans(again)
    assert Plan._all.count() == 5
    assert Batch.objects.get(kind="plans").rows == 5


def test_while_on_it_is_view_only_and_can_be_switched_off(company, customer, setting):
    made = setting()
    client, url = browser(company.anna), f"/plan-settings/{made.pk}/"
    assert client.post(f"{url}enable/").status_code == 303
    assert client.get(f"{url}edit/").status_code == 409
    page = client.get(url).content.decode()
    assert f"{url}disable/" in page
    assert f"{url}edit/" not in page
    listed = client.get("/plan-settings/").content.decode()
    assert f"{url}disable/" in listed
    assert f"{url}edit/" not in listed
    with pytest.raises(Refused):
        edit_record(actor(company.anna), PlanSetting._all.get(pk=made.pk), {"name": "别的"})
    assert client.post(f"{url}disable/").status_code == 303
    assert client.get(f"{url}edit/").status_code == 200


def test_made_at_once_by_hand_with_the_number_said_before(company, customer, setting):
    customer("甲"), customer("乙")
    made, who = setting(), actor(company.anna)
    enable_setting(who, made)
    assert say_what_is_made(who, made) == "将为 2027-01-31 这一轮生成 2 条计划。"
    url = f"/plan-settings/{made.pk}/make/"
    client = browser(company.anna)
    assert "生成 2 条计划" in client.get(url).content.decode()
    assert client.post(url).status_code == 303
    drain()
    assert Plan._all.count() == 2
    make_setting(who, made)
    drain()
    assert Plan._all.count() == 2


def test_days_that_make_no_sense_are_refused(company, setting):
    with pytest.raises(Invalid) as refused:
        setting(cycle="days", every="1", remind_days="1", ends_on="2027-01-01")
    assert set(refused.value.errors) == {"ends_on", "remind_days"}
    with pytest.raises(Refused):
        enable_setting(actor(company.anna), setting(cycle="once", starts_on="2027-01-02"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_workers_make_each_plan_once(company, customer, setting, today, monkeypatch):
    for number in range(6):
        customer(f"客户{number}")
    enable_setting(actor(company.anna), setting())
    today(DAY)
    Job.objects.all().delete()
    monkeypatch.setattr(plan_making, "CHUNK", 2)
    both, faults = threading.Barrier(2), []

    def work(job: Job) -> None:
        run = Run(job)
        monkeypatch.setattr(Run, "_write", lambda self, **columns: None)
        try:
            both.wait()
            jobs.make_due_plans(run)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    pair = [Job.objects.create(kind=jobs.JOB, lane="quick", arguments={}) for _one in range(2)]
    threads = [threading.Thread(target=work, args=(job,)) for job in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Plan._all.count() == 6
