"""公民身份号码 (GB 11643-1999): region, day of birth, serial number, check character."""

import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.text import fold

LENGTH = 18
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_BLANKS = re.compile(r"[\s\-]+")


def check_id_number(text: str) -> str:
    """The number in upper case without blanks; ValueError with the reason."""
    number = _BLANKS.sub("", fold(text)).upper()
    if len(number) != LENGTH:
        raise ValueError(_("An ID number has 18 characters."))
    if not _SHAPE.fullmatch(number):
        raise ValueError(_("An ID number holds digits; only the last sign may be an X."))
    if not _is_birth(number[6:14]):
        raise ValueError(_("The day of birth in this ID number does not exist."))
    if number[-1] != check_character(number[:-1]):
        raise ValueError(_("This is no ID number: its check digit does not fit."))
    return number


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen."""
    total = sum(int(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def make_id_number(seed: int) -> str:
    """An invented number that passes the check; region 000 of 北京 is given to nobody."""
    born = date(1960 + seed % 45, seed % 12 + 1, seed % 28 + 1)
    body = f"110000{born:%Y%m%d}{seed // 540 % 1000:03d}"
    return body + check_character(body)


def _is_birth(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1890, 1, 1) <= born <= timezone.localdate()
