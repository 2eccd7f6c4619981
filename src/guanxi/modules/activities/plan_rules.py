"""What may happen to a plan: done, moved, cancelled, taken up again."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.rule import rule
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.terms import default_term
from guanxi.kernel.titles import known_title
from guanxi.modules.activities.contact_days import put_contact_days
from guanxi.modules.activities.plan_models import Plan, PlanState, PlanType
from guanxi.modules.sales.models import Opportunity

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

MAX_TITLE = 160
DONE = "activities.plan.done"
MOVED = "activities.plan.moved"
CANCELLED = "activities.plan.cancelled"
REOPENED = "activities.plan.reopened"


def start_plan(actor: Actor, plan: Plan) -> dict[str, Any]:
    """A follow-up, for the customer of the opportunity."""
    found: dict[str, Any] = {"type_id": plan.type_id or default_term(actor, PlanType)}
    if plan.customer_id is None and plan.opportunity_id is not None:
        known = Opportunity.rows(actor).filter(pk=plan.opportunity_id)
        found["customer_id"] = known.values_list("customer_id", flat=True).first()
    return found


def compose_title(actor: Actor, edit: "Edit") -> None:
    """What nobody wrote is made of type and customer."""
    plan: Any = edit.record
    if not plan.title:
        named = [name for name in ("type", "customer") if getattr(plan, f"{name}_id") is not None]
        words = [known_title(actor, getattr(plan, name)) for name in named]
        plan.title = " ".join(filter(None, words))[:MAX_TITLE]


def check_plan(actor: Actor, edit: "Edit") -> None:
    plan: Any = edit.record
    before = edit.before
    named = before is None or before["opportunity_id"] != plan.opportunity_id
    opportunity = plan.opportunity if named else None
    if opportunity and opportunity.customer_id not in (None, plan.customer_id):
        raise Invalid({"opportunity": [_("This opportunity belongs to another customer.")]})
    if before is None or before["due_on"] == plan.due_on or edit.verb == "undo":
        return
    if plan.is_closed:
        raise Invalid({"due_on": [_("A plan that is done or cancelled keeps its day.")]})
    if edit.event != MOVED and plan.reason in ("", before["reason"]):
        raise Invalid({"reason": [_("Say why it is moved.")]})


@rule(
    gettext_lazy("Complete"),
    asks="result* done_on",
    when="is_open",
    icon="check",
    done=gettext_lazy("Done."),
    in_list=True,
)
def complete_plan(
    actor: Actor, plan: Plan, *, result: str = "", done_on: date | None = None
) -> None:
    """Without a communication, so a result has to be written."""
    if not plan.is_open:
        raise Refused(_("Only an open plan can be completed."))
    if not result:
        raise Invalid({"result": [_("Please fill this in.")]})
    if done_on is not None and done_on > timezone.localdate():
        raise Invalid({"done_on": [_("This day lies ahead.")]})
    with change(actor, plan, event=DONE):
        plan.state, plan.result = PlanState.DONE, result
        plan.done_on = done_on or timezone.localdate()


@rule(
    gettext_lazy("Reschedule"),
    asks="due_on* due_time reason*",
    when="is_open",
    icon="calendar-time",
    done=gettext_lazy("Moved."),
)
def postpone_plan(
    actor: Actor, plan: Plan, *, due_on: date, due_time: str = "", reason: str = ""
) -> None:
    if not plan.is_open:
        raise Refused(_("Only an open plan can be moved."))
    if (due_on, due_time) == (plan.due_on, plan.due_time):
        raise Invalid({"due_on": [_("This is the day it has.")]})
    if not reason:
        raise Invalid({"reason": [_("Say why it is moved.")]})
    with change(actor, plan, event=MOVED):
        plan.due_on, plan.due_time, plan.reason = due_on, due_time, reason


@rule(
    gettext_lazy("Cancel the plan"),
    asks="reason*",
    when="is_open",
    icon="ban",
    done=gettext_lazy("Cancelled."),
    danger=True,
)
def cancel_plan(actor: Actor, plan: Plan, *, reason: str = "") -> None:
    if not plan.is_open:
        raise Refused(_("Only an open plan can be cancelled."))
    if not reason:
        raise Invalid({"reason": [_("Say why it is cancelled.")]})
    with change(actor, plan, event=CANCELLED):
        plan.state, plan.reason = PlanState.CANCELLED, reason


@rule(
    gettext_lazy("Take up again"),
    when="is_closed",
    icon="rotate",
    done=gettext_lazy("The plan is open again."),
)
def reopen_plan(actor: Actor, plan: Plan) -> None:
    if plan.is_open:
        raise Refused(_("This plan is open."))
    with change(actor, plan, event=REOPENED):
        plan.state, plan.done_on = PlanState.PLANNED, None
        plan.result = plan.reason = ""


def follow_plan(actor: Actor, edits: Sequence[Any]) -> None:
    """The next contact of the customers."""
    before = [edit.before for edit in edits if edit.before]
    ids = {edit.record.customer_id for edit in edits} | {one["customer_id"] for one in before}
    put_contact_days(actor, ids)


def check_fulfils(actor: Actor, edit: "Edit") -> None:
    """A communication may fulfil an open plan for the same customer that its author may change."""
    communication: Any = edit.record
    held = edit.before["plan_id"] if edit.before else None
    if communication.plan_id in (None, held) or edit.verb in ("delete", "undo"):
        return
    plan: Any = communication.plan
    if plan.customer_id != communication.customer_id:
        raise Invalid({"plan": [_("This plan is for another customer.")]})
    if plan.is_void or not plan.is_open:
        raise Invalid({"plan": [_("This plan is not open any more.")]})
    if not scope.may(registry.spec(Plan), actor, "edit", plan):
        raise Invalid({"plan": [_("You may not complete this plan.")]})


def settle_plans(actor: Actor, edits: Sequence[Any]) -> None:
    """Communications complete the plans they name; those that are withdrawn open them again."""
    gained: dict[int, date] = {}
    lost = set()
    for edit in edits:
        record, before = edit.record, edit.before
        stands = edit.verb != "delete" and not record.is_void
        stood = before is not None and before["voided_at"] is None
        held = before["plan_id"] if before and stood else None
        named = record.plan_id if stands else None
        if named != held:
            if named:
                gained[named] = timezone.localtime(record.held_at).date()
            if held:
                lost.add(held)
    if not gained and not lost:
        return
    # Whether the plan may be completed was asked before; what follows happens in any case.
    follower = actor.unlimited()
    plans = unscoped(registry.spec(Plan), actor).live().in_bulk([*gained, *lost])
    kept = _fulfilled(actor, lost)
    for pk, plan in plans.items():
        if pk in gained and plan.is_open:
            with change(follower, plan, event=DONE):
                plan.state, plan.done_on = PlanState.DONE, gained[pk]
        elif pk in lost - kept - set(gained) and plan.state == PlanState.DONE and not plan.result:
            with change(follower, plan, event=REOPENED):
                plan.state, plan.done_on = PlanState.PLANNED, None


def _fulfilled(actor: Actor, ids: set[int]) -> set[int]:
    """Those of the plans that a valid communication names."""
    spec = registry.spec("activities.communication")
    rows = unscoped(spec, actor).live().filter(plan__in=ids)
    return set(rows.values_list("plan_id", flat=True))
