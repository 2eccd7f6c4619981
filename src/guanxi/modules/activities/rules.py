"""What a communication begins with, what it must be, and what it leaves on the customer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.terms import default_term, remember
from guanxi.kernel.values import edit_record
from guanxi.modules.activities.contact_days import put_contact_days
from guanxi.modules.activities.models import Communication, CommunicationType, Plan
from guanxi.modules.activities.plan_rules import check_fulfils, settle_plans
from guanxi.modules.contacts.models import Contact
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

#: Clocks of phones and servers differ.
TOLERANCE = timedelta(minutes=15)
#: A later change of customer or time leaves them as they are.
CHECKED = ("next_on", "opportunity_id")


def start_communication(actor: Actor, communication: Communication) -> dict[str, Any]:
    """Now, by the channel this person used last, with the customer of the opportunity; for a plan
    with what that names."""
    found: dict[str, Any] = {
        "held_at": communication.held_at or timezone.now().replace(second=0, microsecond=0),
        "type_id": communication.type_id or usual_type(actor),
    }
    if communication.customer_id is None and communication.opportunity_id is not None:
        known = Opportunity.rows(actor).filter(pk=communication.opportunity_id)
        found["customer_id"] = known.values_list("customer_id", flat=True).first()
    elif communication.customer_id is None and communication.contact_id is not None:
        found["customer_id"] = main_customer(actor, communication.contact_id)
    plan = (
        Plan.rows(actor).filter(pk=communication.plan_id).first() if communication.plan_id else None
    )
    for name in ("customer_id", "contact_id", "opportunity_id") if plan else ():
        found[name] = getattr(communication, name) or getattr(plan, name)
    return found


def main_customer(actor: Actor, contact_id: int) -> int | None:
    """The company a contact within reach works for first of all."""
    if not Contact.rows(actor).filter(pk=contact_id).exists():
        return None
    works_at = {"contact_places__contact": contact_id, "contact_places__has_left": False}
    companies = Customer.rows(actor).live().filter(**works_at)
    first = companies.order_by("-contact_places__is_main", "contact_places__position", "pk")
    return first.values_list("pk", flat=True).first()


def usual_type(actor: Actor) -> int | None:
    """The channel of this person's newest communication, else the default one."""
    return remember((actor.book, "usual type", actor.person_id), lambda: _usual_type(actor))


def _usual_type(actor: Actor) -> int | None:
    if actor.person_id is not None:
        rows = unscoped(registry.spec(Communication), actor)
        mine = rows.filter(owner_id=actor.person_id, type__voided_at=None)
        last = mine.order_by("-held_at", "-id").values_list("type_id", flat=True).first()
        if last is not None:
            return last
    return default_term(actor, CommunicationType)


def check_communication(actor: Actor, edit: "Edit") -> None:
    communication: Any = edit.record
    if communication.held_at > timezone.now() + TOLERANCE:
        raise Invalid({"held_at": [_("This lies ahead. Plan it as the next contact instead.")]})
    before = edit.before or {}
    changed = {name for name in CHECKED if before.get(name) != getattr(communication, name)}
    day = timezone.localtime(communication.held_at).date()
    if "next_on" in changed and communication.next_on and communication.next_on < day:
        raise Invalid({"next_on": [_("The next contact can't lie before this one.")]})
    opportunity = communication.opportunity if "opportunity_id" in changed else None
    if opportunity and opportunity.customer_id not in (None, communication.customer_id):
        raise Invalid({"opportunity": [_("This opportunity belongs to another customer.")]})
    check_fulfils(actor, edit)
    if _carries_over(edit) and not scope.may(
        registry.spec("customers.customer"), actor, "edit", communication.customer
    ):
        raise Invalid({"updates_customer": [_("You may not change this customer.")]})


STATE = ("intention_id", "status_id")


def _carries_over(edit: "Edit") -> bool:
    """Whether this edit is to change the customer: asked for, and something new to say."""
    record: Any = edit.record
    if not record.updates_customer or edit.verb == "delete" or record.is_void:
        return False
    before = edit.before or {}
    names = (*STATE, "updates_customer", "customer_id")
    return any(before.get(name) != getattr(record, name) for name in names)


def follow_communication(actor: Actor, edits: Sequence[Any]) -> None:
    """What communications leave on their customers: last and next contact, and their state."""
    settle_plans(actor, edits)
    before = [edit.before for edit in edits if edit.before]
    ids = {edit.record.customer_id for edit in edits} | {one["customer_id"] for one in before}
    naming = {edit.record.pk for edit in edits if _names_a_day(edit)}
    latest = put_contact_days(actor, ids, naming=naming)
    for edit in edits:
        if edit.record.pk in latest and _carries_over(edit):
            _carry_over(actor, edit.record)


def _names_a_day(edit: "Edit") -> bool:
    """Whether a next contact was chosen by this edit: that is newer than one set by hand."""
    record: Any = edit.record
    before = edit.before or {}
    names = ("next_on", "customer_id")
    return record.next_on is not None and any(before.get(n) != getattr(record, n) for n in names)


def _carry_over(actor: Actor, communication: Any) -> None:
    customer = communication.customer
    raw = {
        name: getattr(communication, f"{name}_id")
        for name in ("intention", "status")
        if getattr(communication, f"{name}_id") not in (None, getattr(customer, f"{name}_id"))
    }
    if raw:
        edit_record(actor, customer, raw)
