"""Asking a house: its addresses, its secret, its answers, its faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from guanxi.kernel import outside
from guanxi.kernel.errors import Wrong
from guanxi.kernel.outside import Unreached, Way
from guanxi.kernel.sealing import Sealed
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

#: A house may stand in one's own network, and only there do without encryption.
WAY = Way(private=True, plain=True)
#: Somebody waits before the screen.
TIMEOUT = 8


@dataclass(frozen=True)
class Attempt:
    """One sign-in on its way: what leaves with it and must come back with it.

    `back`: the address here to come back to; `inside`: it is asked for in the app of the house.
    """

    state: str
    nonce: str
    verifier: str
    back: str
    inside: bool = False
    language: str = "zh"


@dataclass(frozen=True)
class Identity:
    """Who somebody is over there. E-mail, mobile and number only as far as the house vouches for
    them."""

    uid: str
    name: str
    email: str = ""
    mobile: str = ""
    number: str = ""


def secret_of(provider: Provider) -> str:
    try:
        return Sealed(provider.secret).open() if provider.secret else ""
    except Wrong:
        raise Failed("sealed") from None


def with_query(address: str, **values: str) -> str:
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{urlencode({name: one for name, one in values.items() if one})}"


def ask(
    address: str,
    *,
    body: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """(status, object); raises Failed where nothing usable comes back."""
    try:
        answer = outside.ask(address, WAY, body=body, form=form, headers=headers, timeout=TIMEOUT)
        return answer.status, answer.json()
    except Unreached as fault:
        raise Failed(fault.code, detail=fault.detail) from None


def check(address: str) -> None:
    """Raises Failed for an address that may not be asked."""
    try:
        outside.check_address(address, WAY)
    except Unreached as fault:
        raise Failed(fault.code) from None


def said(code: object, text: object) -> str:
    """What a house said, short and on one line."""
    return " ".join(f"{code} {text}".split())[:120]


def text(found: Mapping[str, Any], name: str) -> str:
    """A value as text, "" for anything but a text or a number."""
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value).strip()[:255]
