from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import Invalid
from guanxi.kernel.terms import climbs_to_itself, default_term
from guanxi.modules.customers.models import (
    CreditGrade,
    Customer,
    CustomerClass,
    CustomerStatus,
    Payment,
)

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit


def start_customer(actor: Actor, customer: Customer) -> dict[str, Any]:
    """What a new customer begins with: the default class and status, its acquirer."""
    return {
        "main_class_id": customer.main_class_id or default_term(actor, CustomerClass),
        "status_id": customer.status_id or default_term(actor, CustomerStatus),
        "acquirer_id": customer.acquirer_id or actor.person_id,
    }


def check_parent(actor: Actor, edit: "Edit") -> None:
    """A company can't stand above itself, however long the chain."""
    if climbs_to_itself(edit.record, "parent_id"):
        raise Invalid({"parent": [_("A company can't be its own parent.")]})


def check_credit_grade(actor: Actor, edit: "Edit") -> None:
    """Who pays before delivery, or gets none, has no days to pay."""
    grade: CreditGrade = edit.record
    if grade.days is not None and grade.payment != Payment.ON_ACCOUNT:
        raise Invalid({"days": [_("Only what goes out on account has days to pay.")]})


def keep_day_by_hand(actor: Actor, edits: Sequence[Any]) -> None:
    """Plans that come and go work the next contact out anew: the day people chose stays known."""
    values = {}
    for edit in edits:
        before = edit.before["next_contact_on"] if edit.before else None
        if edit.verb != "delete" and edit.record.next_contact_on != before:
            values[edit.record.pk] = {"next_by_hand": edit.record.next_contact_on}
    put_derived(registry.spec(Customer), values)
