"""One's accounts of other houses, as the profile and an administrator see them."""

from typing import Any

from guanxi.kernel import kinds
from guanxi.signon.accounts import accounts_of, offered
from guanxi.signon.models import Account, Provider


def own_accounts(person_id: int | None) -> list[dict[str, Any]]:
    """For the profile: each house offered, with one's account there; and what is switched off but
    still connected."""
    mine = {one.provider_id: one for one in accounts_of(person_id)}
    houses = [*offered(), *(one.provider for one in mine.values() if not one.provider.active)]
    return [_line(provider, mine.get(provider.pk)) for provider in houses]


def accounts_for(person_id: int) -> list[dict[str, Any]]:
    """For administrators: what somebody has connected."""
    return [_line(one.provider, one) for one in accounts_of(person_id)]


def _line(provider: Provider, account: Account | None) -> dict[str, Any]:
    show = kinds.InstantKind().show
    return {
        "provider": provider.name,
        "mark": provider.name[:1].upper(),
        "active": provider.active,
        "connect_url": f"/profile/accounts/{provider.pk}/connect/",
        "id": account.pk if account else None,
        "name": account.name if account else "",
        "how": account.get_how_display() if account else "",
        "since": show(account.connected_at) if account else "",
        "used": show(account.used_at) if account and account.used_at else "",
    }
