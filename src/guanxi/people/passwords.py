"""Passwords that a person reads from a screen or hears on the phone, to be changed at once."""

import secrets

# Without letters and digits that are taken for one another.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 4


def readable_password() -> str:
    """Such as k7mp-x3vd-9qrt: 59 bits of chance."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)
