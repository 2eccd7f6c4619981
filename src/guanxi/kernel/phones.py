"""Telephone numbers as people type them.

What was typed is kept; ``digits`` are for search, ``e164`` for dialling and the duplicate check.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
)

from guanxi.kernel.text import fold

MEMORABLE = 60
MOBILE, LANDLINE, SERVICE, OTHER, INVALID = "mobile", "landline", "400", "other", "invalid"

_CN_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_SERVICE = re.compile(r"(?:\+?86|0086)?([48]00\d{7})")
# 12345 is left out: people type it to get past a required field.
_HOTLINE = re.compile(r"(?:95\d{3,4}|96\d{3,5}|12(?!345)\d{3}|10\d{3}|11[0249]|12[012])")
_EXTENSION = re.compile(
    r"(?:转分机|转接|分机号?|转|内线|extension|ext\.?|x|#|\*|,|;ext=)[\s:.-]*(\d{1,8})(?:\s*[号)])?$"
)
_SHORT_EXTENSION = re.compile(r"^(\(?0\d{2,3}\)?[\s-]*[2-8]\d{6,7})-(\d{1,6})$")
_NOISE = re.compile(r"[\s()\[\]{}.\-_/·•‐-―−~]+")
_LABEL = re.compile(r"^(?:手机号?|电话|座机|固话|传真|联系电话|tel|phone|mobile|fax)\s*[:.]?\s*")
_PREFIX = re.compile(r"^(?:\+86|0086|86(?=[1-9]\d{8})|0)")
_TRUNK = re.compile(r"^(?:\+86|0086)0(?=\d)")
_NOTE = re.compile(r"[(\[【][^()\[\]【】0-9]*[)\]】]")
_SEVERAL = re.compile(r"[;、/|,\n]+")
_SPREADSHEET = re.compile(r"^\d+(?:\.\d+)?e\+?\d+$")
_EXCEL_FLOAT = re.compile(r"^(\d{7,15})\.0+$")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number read from text.

    ``typed``  the text as it was typed
    ``digits`` national digits without extension (``13812345678``, ``01088886666``)
    ``e164``   ``+8613812345678``; empty where the number has none (hotlines, invalid ones)
    ``ext``    extension digits or empty
    ``kind``   mobile, landline, 400, other or invalid
    ``reason`` empty, or why it is invalid: empty, letters, digits_lost, too_short, too_long,
               area_code (a landline without one), country, several, not_assigned
    """

    typed: str
    digits: str
    e164: str
    ext: str
    kind: str
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        return self.kind != INVALID


def read_phone(text: str, region: str = "CN") -> Phone:
    """The number in a text; never raises. ``region`` is the country of numbers without a prefix."""
    # One number is read by control, check, derived columns and search one after the other.
    return _read_again(text, region) if len(text) <= MEMORABLE else _read(text, region)


def _read(text: str, region: str) -> Phone:
    if len(text) == 11 and region == "CN" and text.isascii() and _CN_MOBILE.fullmatch(text):
        return Phone(text, text, "+86" + text, "", MOBILE)
    typed = text.strip()
    if len(typed) > 200:
        return _invalid(typed[:200], "too_long")
    body, ext = _split_extension(_NOTE.sub(" ", _LABEL.sub("", _ascii_digits(fold(typed)))).strip())
    bare = _TRUNK.sub("+86", _NOISE.sub("", body))
    if region == "CN" or bare.startswith(("+86", "0086")):
        known = _read_chinese(typed, bare, ext)
        if known:
            return known
    reason = _unreadable(bare, body)
    if reason:
        return _invalid(typed, reason, bare)
    return _read_any(typed, bare, ext, region)


@lru_cache(maxsize=4096)
def _read_again(text: str, region: str) -> Phone:
    return _read(text, region)


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join([str(unicodedata.decimal(char, char)) for char in text])


def _split_extension(folded: str) -> tuple[str, str]:
    folded = _EXCEL_FLOAT.sub(r"\1", folded)
    short = _SHORT_EXTENSION.match(folded)
    if short:
        return short[1], short[2]
    match = _EXTENSION.search(folded)
    if match and any(char.isdigit() for char in folded[: match.start()]):
        return folded[: match.start()].rstrip(" (-"), match[1]
    return folded, ""


def _read_chinese(typed: str, bare: str, ext: str) -> Phone | None:
    mobile = _CN_MOBILE.fullmatch(bare)
    if mobile:
        return Phone(typed, mobile[1], "+86" + mobile[1], ext, MOBILE)
    service = _SERVICE.fullmatch(bare)
    if service:
        return Phone(typed, service[1], "+86" + service[1], ext, SERVICE)
    national = _PREFIX.sub("", bare)
    if _landline_pattern().fullmatch(national):
        return Phone(typed, "0" + national, "+86" + national, ext, LANDLINE)
    if _HOTLINE.fullmatch(bare):
        return Phone(typed, bare, "", ext, OTHER)
    return None


@cache
def _landline_pattern() -> re.Pattern[str]:
    # Ten times faster than asking the library for each number.
    metadata = PhoneMetadata.metadata_for_region("CN")
    return re.compile(str(metadata.fixed_line.national_number_pattern))


def _unreadable(bare: str, body: str) -> str:
    if not bare:
        return "empty"
    if _SPREADSHEET.match(body.strip()):
        return "digits_lost"
    if not re.fullmatch(r"\+?\d+", bare):
        return "several" if _holds_several(body) else "letters"
    if _holds_several(body):
        return "several"
    count = len(bare.lstrip("+"))
    if count < 5:
        return "too_short"
    return "too_long" if count > 17 else ""


def _holds_several(body: str) -> bool:
    parts = (_NOISE.sub("", part) for part in _SEVERAL.split(body))
    return sum(len(part) >= 7 for part in parts) > 1


def _read_any(typed: str, bare: str, ext: str, region: str) -> Phone:
    international = "+" + bare[2:] if bare.startswith("00") else bare
    try:
        number = phonenumbers.parse(international, region)
    except NumberParseException:
        return _invalid(typed, "country", bare)
    if not phonenumbers.is_valid_number(number):
        return _invalid(typed, _why_not_valid(number, bare), bare)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    kind = _kind(number)
    trunk = "0" if number.country_code == 86 and kind == LANDLINE else ""
    return Phone(typed, trunk + national, e164, ext, kind)


def _why_not_valid(number: phonenumbers.PhoneNumber, bare: str) -> str:
    if number.country_code == 86 and re.fullmatch(r"[2-8]\d{6,7}", bare):
        return "area_code"
    if number.country_code == 86 and re.fullmatch(r"1[3-9]\d{3,8}|010\d{7}|02\d{8}", bare):
        return "too_short"
    if number.country_code == 86 and re.fullmatch(r"1[3-9]\d{10,}", bare):
        return "too_long"
    verdict = phonenumbers.is_possible_number_with_reason(number)
    return {
        phonenumbers.ValidationResult.TOO_SHORT: "too_short",
        phonenumbers.ValidationResult.TOO_LONG: "too_long",
        phonenumbers.ValidationResult.INVALID_COUNTRY_CODE: "country",
    }.get(verdict, "not_assigned")


def _kind(number: phonenumbers.PhoneNumber) -> str:
    return {
        PhoneNumberType.MOBILE: MOBILE,
        PhoneNumberType.FIXED_LINE: LANDLINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE: LANDLINE,
        PhoneNumberType.TOLL_FREE: SERVICE,
        PhoneNumberType.SHARED_COST: SERVICE,
    }.get(phonenumbers.number_type(number), OTHER)


def _invalid(typed: str, reason: str, bare: str = "") -> Phone:
    digits = "".join(char for char in bare if char in "0123456789")[:20]
    return Phone(typed, digits, "", "", INVALID, reason)


def split_phones(text: str) -> list[str]:
    """The numbers of a cell that holds several, as typed: ``"138..., 010-8888 6666; 400..."``.

    Split at ; 、 / line breaks, at a comma or blank only where both sides are whole numbers.
    """
    parts = [part.strip(" ,，") for part in re.split(r"[;；、/／|\n\r]+|或者?", text)]
    found: list[str] = []
    for part in filter(None, parts):
        pieces = [piece.strip() for piece in re.split(r"[,，\s]+", part) if piece.strip()]
        whole = len(pieces) > 1 and all(read_phone(piece).is_valid for piece in pieces)
        found += pieces if whole else [part]
    return found


def show_phone(text: str, region: str = "CN") -> str:
    """Grouped for reading: ``138 1234 5678``, ``010-8888 6666 转 8001``; unreadable text as is."""
    phone = read_phone(text, region)
    digits = phone.digits
    if not phone.is_valid:
        return phone.typed
    if phone.kind == MOBILE and phone.e164.startswith("+86"):
        shown = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    elif phone.kind == SERVICE and phone.e164.startswith("+86"):
        shown = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    elif phone.e164.startswith("+86"):
        shown = _show_landline(digits)
    elif phone.e164:
        number = phonenumbers.parse(phone.e164)
        shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    else:
        shown = digits
    return f"{shown} 转 {phone.ext}" if phone.ext else shown


def _show_landline(digits: str) -> str:
    area = 3 if digits[1] in "12" else 4
    local = digits[area:]
    return f"{digits[:area]}-{local[:-4]} {local[-4:]}"


def mask_phone(text: str) -> str:
    """Hidden middle: ``138****5678``, ``0755****6666``; the last four digits stay readable."""
    phone = read_phone(text)
    digits = phone.digits or "".join(char for char in text if char.isdigit())
    if len(digits) < 7:
        return "*" * len(digits)
    if len(digits) < 10:
        return f"{digits[0]}{'*' * (len(digits) - 3)}{digits[-2:]}"
    is_long = phone.kind == LANDLINE and digits[0] == "0" and digits[1] not in "12"
    head = 4 if is_long else 3
    return f"{digits[:head]}{'*' * (len(digits) - head - 4)}{digits[-4:]}"
