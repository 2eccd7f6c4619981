"""Where the lines of a pasted card go on the form of a contact."""

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.cards import Card
from guanxi.kernel.columns import column
from guanxi.kernel.proposals import Proposal, proposed_address, proposed_channels
from guanxi.modules.contacts.specs import CONTACT
from guanxi.modules.customers.models import Customer


def propose(actor: Actor, card: Card) -> list[Proposal]:
    """The firm is linked where the person knows it as a customer; else it is noted down."""
    found = [_one("name", card.name)] if card.name else []
    customer = _customer(actor, card.company) if card.company else None
    if customer is not None:
        label = column(CONTACT, "companies.customer").label
        values = {"companies.0.customer": str(customer.pk)}
        found.append(Proposal(label, customer.name, values))
        for name, text in (("job", card.job), ("department", card.department)):
            if text:
                col = column(CONTACT, f"companies.{name}")
                found.append(Proposal(col.label, text[:50], {f"companies.0.{name}": text[:50]}))
    else:
        note = " · ".join(filter(None, (card.company, card.department, card.job)))
        label = _("remarks (no customer of this name)") if card.company else _("remarks")
        found += [Proposal(label, note, {"remark": note})] if note else []
    return [*found, *proposed_channels(card), *proposed_address(card)]


def _customer(actor: Actor, name: str) -> Customer | None:
    """The one customer of this name within reach; of several none."""
    ways = {name, name.replace("(", "（").replace(")", "）")}
    found = list(Customer.rows(actor, "view").live().filter(name__in=ways)[:2])
    return found[0] if len(found) == 1 else None


def _one(name: str, value: str) -> Proposal:
    return Proposal(column(CONTACT, name).label, value, {name: value})
