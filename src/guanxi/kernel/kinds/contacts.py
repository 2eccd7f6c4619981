"""Phone numbers, and accounts of whatever kind stands beside them."""

from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Operator, fill
from guanxi.kernel.kinds.texts import TEXT_OPERATORS, EmailKind, TextKind
from guanxi.kernel.phones import mask_phone, read_phone, show_phone


def _digits(text: Any) -> str:
    return "".join(sign for sign in str(text or "") if sign.isdigit())


def _holds_q(path: str, text: str) -> Q:
    return Q(**{f"{path}_digits__has": _digits(text) or text})


def _holds(value: Any, text: str) -> bool:
    wanted = _digits(text) or text
    return wanted in (read_phone(value).digits if value else "")


class PhoneKind(TextKind):
    """A phone number: the text as typed; digits and E.164 are columns beside it."""

    name = "phone"
    widget = "phone"
    operators = {
        "contains": Operator("contains", _("contains"), "value", _holds_q, _holds),
        "empty": TEXT_OPERATORS["empty"],
        "filled": TEXT_OPERATORS["filled"],
    }

    def __init__(self, *, max: int = 50) -> None:
        super().__init__(max=max, check=_phone)

    def _one(self, raw: Any) -> str:
        text = str(raw or "").strip()
        if not text:
            raise Wrong(_("Give a value."))
        return text

    def show(self, value: Any) -> str:
        return show_phone(value) if value else ""

    def cell(self, value: Any) -> SafeString:
        if not value:
            return SafeString("")
        phone = read_phone(value)
        return fill(
            '<a class="gx-phone" href="tel:{}">{}</a>', phone.e164 or phone.digits, self.show(value)
        )

    def mask(self, value: Any) -> str:
        return mask_phone(value) if value else ""

    def sample(self, number: int) -> str:
        return f"138{number % 100_000_000:08d}"

    def bad_samples(self) -> list[str]:
        return ["12345", "no phone"]


def _phone(text: str) -> str:
    if read_phone(text).kind == "invalid":
        raise Wrong(_("This is not a phone number."))
    return text


#: Codes of channel kinds that hold telephone numbers.
PHONES = frozenset({"mobile", "landline", "service"})
EMAIL = EmailKind()


class Account(str):
    """A phone or account together with the code of its kind."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> "Account":
        found = super().__new__(cls, text)
        found.code = code
        return found


class AccountKind(TextKind):
    """A phone, an e-mail address or an account; the field `beside` it says which.

    Where the row is at hand the value comes as an `Account`: numbers can be dialled, addresses
    written to, and what is masked shows as much as its kind may.
    """

    name = "account"

    def __init__(self, *, beside: str, max: int = 120) -> None:
        super().__init__(max=max)
        self.beside = beside

    def show(self, value: Any) -> str:
        return show_phone(value) if _is_phone(value) else super().show(value)

    def cell(self, value: Any) -> SafeString:
        if _is_phone(value):
            phone = read_phone(value)
            number = phone.e164 or phone.digits
            return fill('<a class="gx-phone" href="tel:{}">{}</a>', number, self.show(value))
        return EMAIL.cell(value) if _code(value) == "email" else super().cell(value)

    def mask(self, value: Any) -> str:
        if _is_phone(value):
            return mask_phone(value)
        return EMAIL.mask(value) if _code(value) == "email" else super().mask(value)


def _code(value: Any) -> str:
    return getattr(value, "code", "")


def _is_phone(value: Any) -> bool:
    return bool(value) and _code(value) in PHONES
