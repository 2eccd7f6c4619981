"""Values that lie encrypted in the database: sealed with a key of the installation, opened to be
shown.

The keys are texts of at least 32 characters in `settings.FIELD_KEYS`: the first seals, all open,
so that a key can be replaced while people work (docs/operations.md). Fernet is AES-128-CBC with
HMAC-SHA256; fingerprints, by which equal values are found, are HMAC-SHA256 under a key of their
own.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong

UNREADABLE = _("Sealed with another key; this installation can't read it.")


class Sealed:
    """A value as it lies in the database. Equal to another one, or to a text, that opens to the
    same."""

    __slots__ = ("token",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, token: str) -> None:
        self.token = token

    def open(self) -> str:
        """The text; raises Wrong where no key of this installation fits."""
        try:
            return _sealer(_keys()).decrypt(self.token.encode()).decode()
        except InvalidToken:
            raise Wrong(UNREADABLE, code="other_key") from None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed) and other.token == self.token:
            return True
        if not isinstance(other, (Sealed, str)) or other == "":
            return False
        try:
            return self.open() == (other.open() if isinstance(other, Sealed) else other)
        except Wrong:
            return False

    def __str__(self) -> str:
        # Whoever forgets to open it shows nothing.
        return "***"


class SealedText(models.TextField):
    """A column of a plain model that holds what `seal` made, or nothing. `reseal` finds it
    by its class: whatever lies sealed anywhere is of this class or `Encrypted`."""

    def deconstruct(self):
        name, _path, args, keywords = super().deconstruct()
        return name, "django.db.models.TextField", args, keywords

    def clone(self):
        """What migrations keep of the field: the stock one."""
        _name, _path, args, keywords = self.deconstruct()
        return models.TextField(*args, **keywords)


def seal(text: str) -> str:
    return _sealer(_keys()).encrypt(text.encode()).decode()


def fingerprint(text: str) -> str:
    """Equal for equal texts; tells nothing about the text to who has not the key."""
    return _fingerprint(_keys()[0], text)


def fingerprints(text: str) -> list[str]:
    """Under every key, for a search while values still lie sealed with an older one."""
    return [_fingerprint(key, text) for key in _keys()]


def _keys() -> tuple[str, ...]:
    return tuple(settings.FIELD_KEYS)


@lru_cache(maxsize=8)
def _sealer(keys: Sequence[str]) -> MultiFernet:
    derived = (_derive(key, b"guanxi: sealed fields") for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def _fingerprint(key: str, text: str) -> str:
    own = _derive(key, b"guanxi: fingerprints of sealed fields")
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()


def _derive(key: str, purpose: bytes) -> bytes:
    return hmac.new(key.encode(), purpose, hashlib.sha256).digest()
