"""Where the lines of a pasted card go on the form of a customer."""

from guanxi.kernel.actor import Actor
from guanxi.kernel.cards import Card
from guanxi.kernel.columns import column
from guanxi.kernel.proposals import Proposal, proposed_address, proposed_channels
from guanxi.modules.customers.models import Nature
from guanxi.modules.customers.specs import CUSTOMER


def propose(actor: Actor, card: Card) -> list[Proposal]:
    """A firm, whose people stand at its numbers; without a firm the person is the customer."""
    person = " ".join(filter(None, (card.name, card.job)))
    values = {
        "name": card.company or card.name,
        "credit_code": card.credit_code,
        "legal_person": card.legal_person,
        "registered_capital": card.capital,
        "founded_on": card.founded_on,
        "business_state": card.state[:30],
        "website": card.website,
    }
    if not card.company and card.name:
        values["job"] = card.job[:50]
    found = [_field(name, value) for name, value in values.items() if value]
    if card.name and not card.company:
        found[0].values["nature"] = Nature.INDIVIDUAL.value
    found += proposed_channels(card, remark=person if card.company else "")
    return found + proposed_address(card)


def _field(name: str, value: str) -> Proposal:
    col = column(CUSTOMER, name)
    return Proposal(col.label, value, {name: value})
