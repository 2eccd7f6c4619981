"""What can go wrong in a change, in words a user understands. Every door shows the same
sentence."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise


class Said(str):
    """A sentence about one value that also carries its code, for programs that read answers."""

    code = "wrong"

    @classmethod
    def of(cls, text: object, code: str = "") -> "Said":
        found = cls(text)
        found.code = code or getattr(text, "code", cls.code)
        return found


class Refused(Exception):
    """A rule says no. `message` is a translated sentence; pages show it, the API answers 409."""

    code = "refused"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class NotAllowed(Refused):
    """The row is in sight, the verb is not granted: 403."""

    code = "not_allowed"


class Missing(Exception):
    """No such row within the actor's scope: 404, whether it exists or not."""


class Conflict(Refused):
    """Somebody else changed the row since it was read. `current` is the row as stored now."""

    code = "conflict"

    def __init__(self, message: str, *, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class Wrong(ValueError):
    """One value is not acceptable. The message is a translated sentence without the field's
    name."""

    def __init__(self, message: str | Promise, *, code: str = "wrong") -> None:
        super().__init__(message)
        self.message: str = Said.of(message, code)
        self.code = code


class Invalid(Exception):
    """One or more fields are not acceptable: `errors` maps a field path ("" = the record) to
    sentences."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors: dict[str, list[str]] = {
            path: [Said.of(text) for text in texts] for path, texts in errors.items()
        }
        super().__init__(self.errors)
