"""Short and long text, e-mail, web address, codes with a check."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, check_signs, empty_operators, fill
from guanxi.kernel.lookups import ascii_lower, both_widths
from guanxi.kernel.text import beginning, strip_hiding

VALID_EMAIL = EmailValidator()
#: What nearly all addresses look like; the validator would pass them, too.
PLAIN_EMAIL = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*@([a-z0-9]{1,63}\.)+[a-z]{2,63}")
#: Texts a checker has passed: what a file or form brings is read, then checked like all else.
PASSED = 2_048


def _has_q(path: str, text: str) -> Q:
    found = Q()
    for variant in both_widths(text):
        found |= Q(**{f"{path}__has": variant})
    return found


def _has(value: Any, text: str) -> bool:
    return any(ascii_lower(variant) in ascii_lower(value or "") for variant in both_widths(text))


def _starts_q(path: str, text: str) -> Q:
    found = Q()
    for variant in both_widths(text):
        found |= Q(**{f"{path}__begins": variant})
    return found


def _starts(value: Any, text: str) -> bool:
    return any(
        ascii_lower(value or "").startswith(ascii_lower(variant)) for variant in both_widths(text)
    )


TEXT_OPERATORS = {
    "contains": Operator("contains", _("contains"), "value", _has_q, _has),
    "not_contains": Operator(
        "not_contains",
        _("does not contain"),
        "value",
        lambda path, text: ~_has_q(path, text),
        lambda value, text: not _has(value, text),
    ),
    "is": Operator(
        "is",
        _("is"),
        "value",
        lambda path, text: Q(**{path: text}),
        lambda value, text: (value or "") == text,
    ),
    "is_not": Operator(
        "is_not",
        _("is not"),
        "value",
        lambda path, text: ~Q(**{path: text}),
        lambda value, text: (value or "") != text,
    ),
    "starts": Operator("starts", _("begins with"), "value", _starts_q, _starts),
    "in": Operator(
        "in",
        _("is one of"),
        "values",
        lambda path, texts: Q(**{f"{path}__in": texts}),
        lambda value, texts: (value or "") in texts,
    ),
    **empty_operators(blank=True),
}


class TextKind(Kind):
    """One line of text. Lengths count characters (code points)."""

    name = "text"
    widget = "text"
    operators = TEXT_OPERATORS

    def __init__(self, *, max: int, check: Callable[[str], str] | None = None) -> None:
        self.max = max
        self.checker = lru_cache(PASSED)(check) if check else None

    def parse(self, raw: Any) -> str | None:
        text = str(raw).strip() if raw is not None else ""
        # Nearly every text: nothing in it but letters, signs and single blanks.
        if not text.isprintable() or "  " in text:
            text = strip_hiding(text).strip()
            if self.widget != "textarea":
                text = " ".join(text.split())
            check_signs(text)
        if not text:
            return None
        if len(text) > self.max:
            raise Wrong(
                _("At most %(max)s characters; this has %(count)s.")
                % {"max": f"{self.max:,}", "count": f"{len(text):,}"},
                code="too_long",
            )
        return self.checker(text) if self.checker else text

    def check(self, value: Any) -> None:
        # What prints and fits is text that reading would let pass, too.
        fits = type(value) is str and len(value) <= self.max and value.isprintable()
        if value and not (fits and self.checker is None):
            self.parse(value)

    def sample(self, number: int) -> str:
        return f"样例 {number}"[: self.max]

    def bad_samples(self) -> list[str]:
        return ["字" * (self.max + 1)]


class LongTextKind(TextKind):
    name = "long_text"
    widget = "textarea"
    sortable = False

    def parse(self, raw: Any) -> str | None:
        # Browsers send CRLF for a line break; one break is one character here.
        return super().parse(str(raw).replace("\r\n", "\n") if raw is not None else None)

    def cell(self, value: Any) -> SafeString:
        return fill('<span class="gx-clamp">{}</span>', value or "")

    def as_title(self, value: Any) -> str:
        return beginning(str(value or ""))


class EmailKind(TextKind):
    name = "email"
    widget = "email"

    def __init__(self, *, max: int = 120) -> None:
        super().__init__(max=max, check=_email)

    def cell(self, value: Any) -> SafeString:
        return fill('<a href="mailto:{0}">{0}</a>', value) if value else SafeString("")

    def mask(self, value: Any) -> str:
        name, at, host = str(value or "").partition("@")
        return f"{name[:1]}***{at}{host}" if value else ""

    def sample(self, number: int) -> str:
        return f"sample{number}@example.com"

    def bad_samples(self) -> list[str]:
        return ["no-at-sign", "a@", *super().bad_samples()]


class WebKind(TextKind):
    name = "web"
    widget = "text"

    def __init__(self, *, max: int = 200) -> None:
        super().__init__(max=max, check=_web)

    def cell(self, value: Any) -> SafeString:
        if not value:
            return SafeString("")
        return fill('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', value)

    def sample(self, number: int) -> str:
        return f"https://sample{number}.example.com"


def _email(text: str) -> str:
    if PLAIN_EMAIL.fullmatch(text):
        return text
    try:
        VALID_EMAIL(text)
    except ValidationError:
        raise Wrong(_("This is not an e-mail address.")) from None
    return text


def _web(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Wrong(_("This is not a web address.")) from None
    return address
