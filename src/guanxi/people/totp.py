"""Codes of the second factor: RFC 6238 with SHA-1, six digits and half a minute, which is what
every app on every phone reads."""

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import quote, urlencode

DIGITS, PERIOD = 6, 30
#: Half-minutes by which the clock of a phone may be wrong, either way.
DRIFT = 1
SECRET_BYTES = 20


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_now() -> int:
    return int(time.time()) // PERIOD


def code_at(secret: str, step: int) -> str:
    key = base64.b32decode(secret)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, code: str) -> int | None:
    """The half-minute this is the code of, around now; None for a wrong one.

    Every one is compared, so that the time tells nothing.
    """
    now, found = step_now(), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the square of dots says to the app."""
    label = quote(f"{issuer}:{account}", safe=":")
    asked = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{asked}"
