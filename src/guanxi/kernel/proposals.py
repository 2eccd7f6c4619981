"""What a pasted card says for the form of a new record: lines that can be taken or left."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import regions
from guanxi.kernel.cards import Card
from guanxi.kernel.channels import ChannelKind
from guanxi.kernel.phones import LANDLINE, MOBILE, SERVICE


@dataclass(frozen=True)
class Proposal:
    """One thing for the form of a new record: shown as `text`, set as `values`, {path: raw text};
    child rows as "channels.0.value"."""

    label: Any
    text: str
    values: dict[str, str]


def proposed_channels(card: Card, *, remark: str = "") -> list[Proposal]:
    """The ways to reach somebody as rows of `channels`; the remark stands at the first phone."""
    kinds = {
        MOBILE: ChannelKind.MOBILE,
        LANDLINE: ChannelKind.LANDLINE,
        SERVICE: ChannelKind.SERVICE,
    }
    found = [(kinds.get(phone.kind, ChannelKind.OTHER), phone.typed) for phone in card.phones]
    found += [(ChannelKind.EMAIL, one) for one in card.emails]
    found += [(ChannelKind.WECHAT, card.wechat)] if card.wechat not in ("", "=") else []
    found += [(ChannelKind.QQ, card.qq)] if card.qq else []
    rows = []
    for at, (kind, value) in enumerate(found):
        values = {f"channels.{at}.kind": kind.value, f"channels.{at}.value": value}
        text = value
        if remark and at == 0 and card.phones:
            values[f"channels.{at}.remark"] = remark[:50]
            text = f"{value} · {remark[:50]}"
        rows.append(Proposal(kind.label, text, values))
    return rows


def proposed_address(card: Card) -> list[Proposal]:
    """The address as the first row of `addresses`, taken apart at its region."""
    if not card.address and not card.region:
        return []
    values = {"addresses.0.detail": card.address}
    if card.region:
        values |= {"addresses.0.region": card.region, "addresses.0.country": "CN"}
    text = f"{regions.full_name(card.region)} {card.address}" if card.region else card.address
    return [Proposal(_("address"), text.strip(), values)]
