"""Plans: done by a communication or a written result, moved and cancelled with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.acts import delete_record, invalidate_record, restore_record
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.activities.plan_models import Plan
from guanxi.modules.activities.plan_rules import (
    cancel_plan,
    complete_plan,
    postpone_plan,
    reopen_plan,
)
from guanxi.testing.people import actor, browser

pytestmark = pytest.mark.django_db
PLAN = registry.spec("activities.plan")
SPOKEN = registry.spec("activities.communication")


def _plan(person: Any, customer: Any, days: int, **raw: Any) -> Any:
    due_on = timezone.localdate() + timedelta(days=days)
    sent = {"customer": str(customer.pk), "due_on": due_on.isoformat(), **raw}
    return create_record(actor(person), PLAN, sent)


def _speak(person: Any, plan: Any, **raw: Any) -> Any:
    sent = {"plan": str(plan.pk), "text": "谈妥了", **raw}
    return create_record(actor(person), SPOKEN, sent)


def _state(plan: Any) -> str:
    return str(Plan._all.get(pk=plan.pk).state)


def _next_contact(customer: Any) -> Any:
    return type(customer)._all.get(pk=customer.pk).next_contact_on


def test_what_nobody_wrote_is_made_of_type_and_customer(company, customer):
    plan = _plan(company.anna, customer("恒信"), 2)
    assert plan.title == "回访 恒信"
    assert plan.remind_on == plan.due_on - timedelta(days=1)
    assert plan.owner_id == company.anna.pk


def test_a_communication_completes_the_plan_it_names(company, customer):
    """S01-06, S01-84"""
    firm = customer("恒信")
    plan = _plan(company.anna, firm, 2)
    assert _next_contact(firm) == plan.due_on
    spoken = _speak(company.anna, plan)
    assert spoken.customer_id == firm.pk
    stored = Plan._all.get(pk=plan.pk)
    assert (stored.state, stored.done_on) == ("done", timezone.localdate())
    assert _next_contact(firm) is None


@pytest.mark.parametrize("withdraw", [delete_record, invalidate_record])
def test_a_withdrawn_communication_opens_the_plan_again(company, customer, withdraw):
    firm = customer("恒信")
    plan = _plan(company.anna, firm, 2)
    spoken = _speak(company.anna, plan)
    withdraw(actor(company.anna), spoken)
    assert (_state(plan), _next_contact(firm)) == ("planned", plan.due_on)
    if withdraw is invalidate_record:
        spoken.refresh_from_db()
        restore_record(actor(company.boss), spoken)
        assert _state(plan) == "done"


def test_another_communication_keeps_it_done(company, customer):
    plan = _plan(company.anna, customer("恒信"), 2)
    first = _speak(company.anna, plan)
    second = create_record(
        actor(company.anna), SPOKEN, {"customer": str(plan.customer_id), "text": "补充"}
    )
    with pytest.raises(Invalid) as refused:
        edit_record(actor(company.anna), second, {"plan": str(plan.pk)})
    assert "plan" in refused.value.errors
    edit_record(actor(company.anna), first, {"text": "只改内容"})
    assert _state(plan) == "done"


def test_a_written_result_outlasts_the_communication(company, customer):
    plan = _plan(company.anna, customer("恒信"), 0)
    complete_plan(actor(company.anna), plan, result="电话里说清了")
    with pytest.raises(Invalid):
        _speak(company.anna, plan)
    assert _state(plan) == "done"


def test_no_plan_of_another_customer_or_out_of_reach(company, customer):
    plan = _plan(company.anna, customer("恒信"), 2)
    other = customer("远大")
    with pytest.raises(Invalid) as refused:
        _speak(company.anna, plan, customer=str(other.pk))
    assert "plan" in refused.value.errors
    with pytest.raises(Invalid) as refused:
        _speak(company.ben, plan, customer=str(customer("本", company.ben).pk))
    assert "plan" in refused.value.errors
    assert _state(plan) == "planned"


def test_completing_without_a_communication_asks_for_a_result(company, customer):
    plan = _plan(company.anna, customer("恒信"), 0)
    client = browser(company.anna)
    assert client.post(f"/plans/{plan.pk}/complete/", {"result": " "}).status_code == 422
    assert client.post(f"/plans/{plan.pk}/complete/", {"result": "已回访"}).status_code == 303
    assert _state(plan) == "done"
    assert client.post(f"/plans/{plan.pk}/complete/", {"result": "再来"}).status_code == 409
    plan.refresh_from_db()
    reopen_plan(actor(company.anna), plan)
    stored = Plan._all.get(pk=plan.pk)
    assert (stored.state, stored.result, stored.done_on) == ("planned", "", None)


def test_not_done_in_the_future(company, customer):
    plan = _plan(company.anna, customer("恒信"), 0)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid):
        complete_plan(actor(company.anna), plan, result="好", done_on=tomorrow)


def test_moving_says_why_by_every_door(company, customer):
    firm = customer("恒信")
    plan, who = _plan(company.anna, firm, 2), actor(company.anna)
    later = plan.due_on + timedelta(days=3)
    with pytest.raises(Invalid):
        postpone_plan(who, plan, due_on=later, reason="")
    with pytest.raises(Invalid) as refused:
        edit_record(who, plan, {"due_on": later.isoformat()})
    assert set(refused.value.errors) == {"reason"}
    postpone_plan(who, plan, due_on=later, reason="客户出差")
    assert _next_contact(firm) == later
    assert Plan._all.get(pk=plan.pk).remind_on == later - timedelta(days=1)
    with pytest.raises(Invalid):
        postpone_plan(who, plan, due_on=later, reason="没有变")


def test_cancelling_says_why_and_takes_the_day_back(company, customer):
    firm = customer("恒信")
    plan, who = _plan(company.anna, firm, 2), actor(company.anna)
    with pytest.raises(Invalid):
        cancel_plan(who, plan, reason="")
    cancel_plan(who, plan, reason="客户已倒闭")
    assert (_state(plan), _next_contact(firm)) == ("cancelled", None)
    with pytest.raises(Refused):
        cancel_plan(who, plan, reason="再取消")


def test_next_contact_is_the_earliest_of_plans_and_communications(company, customer):
    firm, today = customer("恒信"), timezone.localdate()
    late, early = _plan(company.anna, firm, 9), _plan(company.anna, firm, 4)
    assert _next_contact(firm) == early.due_on
    said = {"customer": str(firm.pk), "text": "约了", "next_on": str(today + timedelta(days=6))}
    create_record(actor(company.anna), SPOKEN, said)
    assert _next_contact(firm) == early.due_on
    cancel_plan(actor(company.anna), early, reason="重复")
    assert _next_contact(firm) == today + timedelta(days=6)
    delete_record(actor(company.anna), late)
    assert _next_contact(firm) == today + timedelta(days=6)


def test_a_day_set_by_hand_comes_back_when_the_plans_are_done(company, customer):
    firm, day = customer("恒信"), timezone.localdate() + timedelta(days=20)
    edit_record(actor(company.anna), firm, {"next_contact_on": str(day)})
    sooner = _plan(company.anna, firm, 3)
    assert _next_contact(firm) == sooner.due_on
    cancel_plan(actor(company.anna), sooner, reason="改约")
    assert _next_contact(firm) == day
    plan = _plan(company.anna, firm, 5)
    _speak(company.anna, plan, text="按计划谈了")
    assert _next_contact(firm) == day
    later = timezone.localdate() + timedelta(days=40)
    named = _speak(company.anna, _plan(company.anna, firm, 6), next_on=str(later))
    assert _next_contact(firm) == later
    firm.refresh_from_db()
    edit_record(actor(company.anna), firm, {"next_contact_on": str(day)})
    edit_record(actor(company.anna), named, {"text": "改了内容"})
    assert _next_contact(firm) == day


def test_a_copy_of_a_communication_begins_without_its_plan(company, customer):
    plan = _plan(company.anna, customer("恒信"), 2)
    spoken = _speak(company.anna, plan, held_at="2020-02-03 10:00", next_on="2020-03-03")
    form = browser(company.anna).get(f"/communications/new/?copy={spoken.pk}")
    fields = [one for section in form.context["sections"] for one in section["fields"]]
    shown = {one["name"]: one["value"] for one in fields}
    assert shown["customer"] == str(plan.customer_id)
    assert (shown["plan"], shown["next_on"]) == ("", "")
    assert not shown["held_at"].startswith("2020")


def test_overdue_plans_stand_out_and_are_one_tap_away(company, customer):
    firm = customer("恒信")
    late, due = _plan(company.anna, firm, -2, title="旧账"), _plan(company.anna, firm, 0)
    done = _plan(company.anna, firm, -3)
    complete_plan(actor(company.anna), done, result="好")
    client = browser(company.anna)
    page = client.get("/plans/")
    rows = {row["id"]: row["alarm"] for row in page.context["table"]["rows"]}
    assert rows == {late.pk: "已逾期", due.pk: "", done.pk: ""}
    tabs = {tab["label"]: tab["url"] for tab in page.context["tabs"]}
    shown = client.get(tabs["已逾期"]).context["table"]["rows"]
    assert [row["id"] for row in shown] == [late.pk]
    assert "已逾期" in client.get(f"/plans/{late.pk}/").content.decode()
    card = next(one for one in client.get("/").context["cards"] if one["label"] == "待办计划")
    assert [item["late"] for item in card["items"]] == [True, False]
    assert "旧账" not in browser(company.ben).get("/").content.decode()


def test_the_quick_form_of_a_plan_knows_its_customer(company, customer):
    firm = customer("恒信")
    plan = _plan(company.anna, firm, 0)
    client = browser(company.anna)
    url = f"/communications/quick/?plan={plan.pk}"
    assert url in client.get(f"/plans/{plan.pk}/").content.decode()
    assert url in client.get("/plans/").content.decode()
    form = client.get(url)
    asked = {field["name"]: str(field["value"]) for field in form.context["fields"]}
    assert (asked["plan"], asked["customer"]) == (str(plan.pk), str(firm.pk))
    sent = {name: value for name, value in asked.items() if value} | {"text": "已沟通"}
    assert client.post("/communications/quick/", sent).status_code == 303
    assert _state(plan) == "done"
    assert url not in client.get(f"/plans/{plan.pk}/").content.decode()
