"""A contact as a vCard, of version 3.0 (RFC 2426) or 4.0 (RFC 6350), as its reader may see it."""

from collections.abc import Iterable, Iterator
from typing import Any

from guanxi.kernel import birthdays
from guanxi.kernel.actor import Actor
from guanxi.kernel.kinds.contacts import PHONES
from guanxi.kernel.phones import read_phone
from guanxi.kernel.pinyin import split_name
from guanxi.kernel.present import Value, present, present_parts
from guanxi.modules.contacts.models import Contact
from guanxi.modules.contacts.specs import CONTACT

VERSIONS = ("3.0", "4.0")
LINE = 75
PHONE_TYPES = {"mobile": "CELL", "landline": "WORK", "service": "WORK"}
#: Channel kind -> scheme of an instant-messaging address.
CHATS = {"wechat": "weixin", "wecom": "wxwork", "qq": "qq", "dingtalk": "dingtalk"}
SEXES = {"male": "M", "female": "F"}


def vcard(actor: Actor, contact: Contact, version: str) -> str:
    """The text of the card; what is masked or hidden for the actor is not in it."""
    row = present(actor, CONTACT, [contact], ("gender", "birthday", "tags", "remark", "salutation"))
    gender, birthday, tags, remark, salutation = (_raw(value) for value in row[0].values)
    surname, given = split_name(row[0].title)
    salutation = salutation.title if salutation else ""
    lines = [
        "BEGIN:VCARD",
        f"VERSION:{version}",
        f"FN:{_text(row[0].title)}",
        f"N:{_texts((surname, given, '', salutation, ''))}",
        f"UID:guanxi-contact-{contact.pk}",
        *_companies(present_parts(actor, CONTACT, contact, "companies")),
        *_channels(present_parts(actor, CONTACT, contact, "channels"), version),
        *_addresses(present_parts(actor, CONTACT, contact, "addresses")),
        *_birthday(birthday or "", version),
        *([f"GENDER:{SEXES[gender]}"] if version == "4.0" and gender in SEXES else []),
        *([f"CATEGORIES:{','.join(_text(tag) for tag in tags)}"] if tags else []),
        *([f"NOTE:{_text(remark)}"] if remark else []),
        f"REV:{contact.updated_at:%Y%m%dT%H%M%SZ}",
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _raw(value: Value) -> Any:
    return value.raw


def _companies(rows: list[dict[str, Value]]) -> Iterator[str]:
    """The main company, or the first the person has not left."""
    here = [row for row in rows if not row["has_left"].raw]
    here.sort(key=lambda row: not row["is_main"].raw)
    for row in here[:1]:
        if row["customer"].raw:
            names = [row["customer"].raw.title, row["department"].raw or ""]
            yield f"ORG:{_texts(name for name in names if name)}"
        if row["job"].raw:
            yield f"TITLE:{_text(row['job'].raw)}"
        if row["role"].raw:
            yield f"ROLE:{_text(row['role'].raw.title)}"


def _channels(rows: list[dict[str, Value]], version: str) -> Iterator[str]:
    for row in rows:
        kind, value = row["kind"].raw, row["value"].raw
        if not value:
            continue
        first = _preferred(version) if row["is_main"].raw else ""
        if kind in PHONES:
            phone = read_phone(value)
            number = phone.e164 or phone.digits
            ending = f";ext={phone.ext}" if phone.ext and version == "4.0" else ""
            words = f"VALUE=uri;TYPE={PHONE_TYPES[kind].lower()}" if version == "4.0" else ""
            words = words or f"TYPE={PHONE_TYPES[kind]},VOICE"
            yield f"TEL;{words}{first}:{'tel:' if version == '4.0' else ''}{number}{ending}"
        elif kind == "email":
            yield f"EMAIL{';TYPE=INTERNET' if version == '3.0' else ''}{first}:{_text(value)}"
        elif kind in CHATS:
            yield f"IMPP;X-SERVICE-TYPE={CHATS[kind]}{first}:{CHATS[kind]}:{_text(value)}"


def _preferred(version: str) -> str:
    return ";PREF=1" if version == "4.0" else ";TYPE=PREF"


def _addresses(rows: list[dict[str, Value]]) -> Iterator[str]:
    for row in rows:
        street, place = row["detail"].raw or "", row["district"].raw or ""
        parts = ("", "", f"{place}{street}", row["city"].raw or "", row["province"].raw or "")
        country = row["country"].text
        yield f"ADR;TYPE=WORK:{_texts((*parts, row['postcode'].raw or '', country))}"


def _birthday(stored: str, version: str) -> Iterator[str]:
    """Phones know the common calendar only; a lunar day goes as text, or into 3.0's own line."""
    if not stored:
        return
    found = birthdays.read_birthday(stored)
    if found.lunar:
        text = _text(birthdays.show_birthday(found))
        yield f"BDAY;VALUE=text:{text}" if version == "4.0" else f"X-LUNAR-BIRTHDAY:{text}"
    elif found.year:
        yield f"BDAY:{found}" if version == "3.0" else f"BDAY:{str(found).replace('-', '')}"
    elif version == "4.0":
        yield f"BDAY:--{found.month:02d}{found.day:02d}"


def _text(value: str) -> str:
    for sign, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        value = value.replace(sign, written)
    return value.replace("\r", "")


def _texts(values: Iterable[str]) -> str:
    return ";".join(_text(value) for value in values)


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut within a character."""
    found, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE:
            found.append(" ")
            size = 1
        found[-1] += sign
        size += width
    return "\r\n".join(found)
