"""What a communication begins with, what it must be, and what it leaves on the customer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import Invalid
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.terms import default_term, remember
from guanxi.kernel.values import edit_record
from guanxi.modules.activities.models import Communication, CommunicationType
from guanxi.modules.sales.models import Opportunity

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

#: Clocks of phones and servers differ.
TOLERANCE = timedelta(minutes=15)
#: A later change of customer or time leaves them as they are.
CHECKED = ("next_on", "opportunity_id")


def start_communication(actor: Actor, communication: Communication) -> dict[str, Any]:
    """Now, by the channel this person used last, with the customer of the opportunity."""
    found: dict[str, Any] = {
        "held_at": communication.held_at or timezone.now().replace(second=0, microsecond=0),
        "type_id": communication.type_id or usual_type(actor),
    }
    if communication.customer_id is None and communication.opportunity_id is not None:
        known = Opportunity.rows(actor).filter(pk=communication.opportunity_id)
        found["customer_id"] = known.values_list("customer_id", flat=True).first()
    return found


def usual_type(actor: Actor) -> int | None:
    """The channel of this person's newest communication, else the default one."""
    return remember((actor.book, "usual type", actor.person_id), lambda: _usual_type(actor))


def _usual_type(actor: Actor) -> int | None:
    if actor.person_id is not None:
        mine = Communication.rows(actor).filter(owner_id=actor.person_id, type__voided_at=None)
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
    spec = registry.spec("customers.customer")
    ids = {edit.record.customer_id for edit in edits}
    ids |= {edit.before["customer_id"] for edit in edits if edit.before}
    communications = unscoped(edits[0].spec, actor)
    newest = communications.live().filter(customer=OuterRef("pk")).order_by("-held_at", "-id")
    customers = unscoped(spec, actor).filter(pk__in=ids)
    customers = customers.annotate(newest_id=Subquery(newest.values("pk")[:1]))
    rows = list(customers.only("last_contact_on", "next_contact_on"))
    latest = communications.in_bulk([row.newest_id for row in rows if row.newest_id])
    touched = {edit.record.pk for edit in edits}
    named = {(edit.before["customer_id"], edit.before["next_on"]) for edit in edits if edit.before}
    values = {}
    for row in rows:
        last = latest.get(row.newest_id)
        day = timezone.localtime(last.held_at).date() if last else None
        found = {"last_contact_on": day, "next_contact_on": row.next_contact_on}
        withdrawn = (row.pk, row.next_contact_on) in named
        if withdrawn or row.newest_id in touched:
            found["next_contact_on"] = _next_contact(row, last, day, withdrawn=withdrawn)
        if found != {name: getattr(row, name) for name in found}:
            values[row.pk] = found
    put_derived(spec, values)
    for edit in edits:
        if edit.record.pk in latest and _carries_over(edit):
            _carry_over(actor, edit.record)


def _next_contact(customer: Any, last: Any, day: Any, *, withdrawn: bool) -> Any:
    """What the newest communication names, else a day set by hand that still lies ahead of it."""
    if last is not None and last.next_on is not None:
        return last.next_on
    by_hand = customer.next_contact_on
    kept = by_hand is not None and not withdrawn and (day is None or by_hand > day)
    return by_hand if kept else None


def _carry_over(actor: Actor, communication: Any) -> None:
    customer = communication.customer
    raw = {
        name: getattr(communication, f"{name}_id")
        for name in ("intention", "status")
        if getattr(communication, f"{name}_id") not in (None, getattr(customer, f"{name}_id"))
    }
    if raw:
        edit_record(actor, customer, raw)
