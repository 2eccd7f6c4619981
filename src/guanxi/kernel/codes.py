"""统一社会信用代码 (GB 32100-2015): eighteen characters, the last one a check character.

Only the eighteen-character code is accepted; registration numbers of fifteen digits have been void
since 2018.
"""

import re
from functools import cache

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.text import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_WEIGHTS = [pow(3, place, 31) for place in range(LENGTH - 1)]
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_SHAPE = re.compile(rf"[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY]\d{{6}}[{ALPHABET}]{{9}}[{ALPHABET}]")
_BLANKS = re.compile(r"[\s\-.]+")
_SPREADSHEET = re.compile(r"\d+(\.\d+)?E\+?\d+")


REASONS = {
    "empty": _("A credit code has 18 characters."),
    "digits_lost": _("The spreadsheet has rounded this code; enter all 18 characters again."),
    "length": _("A credit code has 18 characters."),
    "characters": _("A credit code holds digits and capital letters, but no I, O, S, V or Z."),
    "check": _("This is no credit code: its check character does not fit."),
}


class CodeError(ValueError):
    """A code that is not one, with a sentence. ``reason``: one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(str(REASONS[reason]))
        self.reason = reason


def check_credit_code(text: str) -> str:
    """The code in upper case without blanks, or `CodeError` with its reason."""
    code = _BLANKS.sub("", fold(text)).upper()
    if not code:
        raise CodeError("empty")
    if _SPREADSHEET.fullmatch(fold(text).upper().replace(" ", "")):
        raise CodeError("digits_lost")
    if len(code) != LENGTH:
        raise CodeError("length")
    if not _SHAPE.fullmatch(code):
        raise CodeError("characters")
    if code[-1] != check_character(code[:-1]):
        raise CodeError("check")
    return code


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen."""
    total = sum(_VALUES[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def make_credit_code(seed: int, *, office: str = "110108") -> str:
    """An invented code that passes the check; seeds below 100,000,000 give different ones.

    ``office`` is the six-digit code of the registering authority. The organisation part carries
    its own check character (GB 11714) as real ones do.
    """
    organisation = (seed * 48_271 + 11) % 100_000_000
    head, tail = divmod(organisation, 10_000)
    heads, tails = _partial_sums()
    body_sum, code_sum = (left + right for left, right in zip(heads[head], tails[tail]))
    check = _organisation_check(body_sum)
    code_sum += _office_sum(office) + _VALUES[check] * _WEIGHTS[16]
    return f"91{office}{organisation:08d}{check}{ALPHABET[-code_sum % 31]}"


@cache
def _partial_sums() -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Both check sums of every four digits, at the head and at the tail of the organisation."""
    return _sums_from(0), _sums_from(4)


def _sums_from(place: int) -> list[tuple[int, int]]:
    weights = list(zip(_BODY_WEIGHTS[place : place + 4], _WEIGHTS[8 + place :]))
    digits = [[int(digit) for digit in f"{number:04d}"] for number in range(10_000)]
    return [
        (
            sum(digit * weight for digit, (weight, _) in zip(four, weights)),
            sum(digit * weight for digit, (_, weight) in zip(four, weights)),
        )
        for four in digits
    ]


@cache
def _office_sum(office: str) -> int:
    return sum(_VALUES[char] * weight for char, weight in zip(f"91{office}", _WEIGHTS))


def _organisation_check(total: int) -> str:
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
