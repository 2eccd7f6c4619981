"""Text for comparing, sorting and searching; what a person typed is never replaced by it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from guanxi.kernel.names import FORMS, LONG_FORMS, PLACES, REGIONS
from guanxi.kernel.pinyin import readings

KEY_LENGTH = 80
#: What a database column of 64 bits holds for certain.
LONGEST_NUMBER = 18

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)
#: Of these, what joins nothing (as emoji do) and only turns or hides what stands beside it.
_HIDING = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
#: Without case, width or other forms: as folded as they will be.
_HAN = re.compile("[\u4e00-\u9fff]+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_BARRED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                         "ı": "i", "ħ": "h"})  # fmt: skip
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BRACKETED = re.compile(r"[(\[{【〔《〈「]([^()\[\]{}【】〔〕《》〈〉「」]*)[)\]}】〕》〉」]")
_PLACE = re.compile(rf"^(?:中国|{PLACES})(?:省|市|自治区|特别行政区)?")
_FORM = re.compile(rf"(?:(?<![分子])公司|(?!公司)(?:{FORMS}))$")
_INNER_FORM = re.compile(rf"(?:{LONG_FORMS})(?=\S+[分子]公司$)")
_LATIN_FORM = re.compile(
    r"[\s,.&]+(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|sa|"
    r"bv|pte|pty|kg|group|holdings?)[\s,.&]*$"
)
_REGION = re.compile(
    rf"^(?:中国|{PLACES}|{REGIONS})"
    r"(?:省|市|区|县|自治区|特别行政区)?(?:\w{1,4}[区县市])?$"
)
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """NFKC, case and width folded, invisible characters dropped, blanks collapsed.

    For comparing and searching, never for display or storage of what was typed.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    if _HAN.fullmatch(text):
        return text
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(unicodedata.normalize("NFKC", visible.casefold()).split())


def strip_hiding(text: str) -> str:
    """A typed text without signs nobody sees: they come along when people copy and make two texts
    look the same, or one look like another. "" where nothing else is left."""
    shown = _HIDING.sub("", text)
    return shown if _INVISIBLE.sub("", shown).strip() else ""


def strip_accents(folded: str) -> str:
    """Latin letters of a folded text without their marks: ``müller`` -> ``muller``."""
    if folded.isascii() or not _ACCENTED.search(folded):
        return folded
    return _ACCENTED.sub(_without_mark, folded)


def _without_mark(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFD", match[0])[0]
    return letter.translate(_BARRED)


@cache
def _simple_characters() -> tuple[re.Pattern[str], dict[int, str]]:
    """What finds a traditional character, and the simplified one of each."""
    lines = Path(__file__).with_name("traditional.txt").read_text(encoding="utf-8").splitlines()
    columns = [line.split("\t") for line in lines]
    simple = {old: new for olds, news in columns for old, new in zip(olds, news, strict=True)}
    return re.compile(f"[{''.join(simple)}]"), str.maketrans(simple)


def simplify(text: str) -> str:
    """Traditional characters with one common simplified form replaced by it: 華為 -> 华为."""
    if text.isascii():
        return text
    traditional, simple = _simple_characters()
    return text.translate(simple) if traditional.search(text) else text


# An import asks for a name's key to look for who is called so, and again to store it.
@lru_cache(maxsize=2_048)
def name_key(text: str, *, surname: bool = False) -> str:
    """Sortable pinyin of a name, syllables apart by blanks: ASCII, at most 80 characters.

    Latin letters and digits stay, accents and punctuation go. ``surname=True`` for persons: the
    start is read as a surname (单 shan, 曾 zeng). Empty when the text has no letter or digit.
    """
    _, read = readings(strip_accents(fold(text)), surname=surname)
    return " ".join(read)[:KEY_LENGTH].rstrip()


def syllables(text: str, *, surname: bool = False) -> list[str]:
    """Pinyin of each Chinese character; a run of Latin letters or digits is one item.

    Characters without a known reading are left out.
    """
    _, read = readings(strip_accents(fold(text)), surname=surname)
    return [item for item in read if item[0] != "~"]


def initials(text: str, *, surname: bool = False) -> str:
    """First letters: 华为技术 -> ``hwjs``, ``Acme Trading`` -> ``at``.

    Latin runs beside Chinese characters are kept whole, as people type them: TCL集团 -> ``tcljt``.
    """
    pieces, read = readings(strip_accents(fold(text)), surname=surname)
    if all(piece.isascii() for piece in pieces):
        return "".join([piece[0] for piece in pieces])
    return "".join(heads(pieces, read))


def heads(pieces: Sequence[str], read: Sequence[str]) -> list[str]:
    """First letter of each reading, Latin pieces whole, unknown readings left out."""
    return [
        item if piece.isascii() else item[0]
        for piece, item in zip(pieces, read, strict=True)
        if item[0] != "~"
    ]


def core_name(text: str, *, drop_place: bool = False) -> str:
    """What is left of a firm's name for the duplicate check.

    Folded, simplified, without legal form, bracketed region, blanks and punctuation:
    ``華為技術（深圳）有限公司`` -> ``华为技术``. ``drop_place`` also takes a leading province or city
    away where at least two characters remain. Never empty for a text with a letter or digit.
    """
    whole = simplify(fold(text))
    name = _BRACKETED.sub(_keep_unless_region, whole)
    name = _strip_forms(_INNER_FORM.sub("", name))
    core = _NOT_WORD.sub("", name)
    if drop_place:
        core = _strip_place(core)
    return core or _NOT_WORD.sub("", whole)


def _keep_unless_region(match: re.Match[str]) -> str:
    inside = match[1].strip()
    return " " if _REGION.match(inside) or not inside else f" {inside} "


def _strip_forms(name: str) -> str:
    while True:
        name = name.rstrip(" .,、。")
        shorter = _FORM.sub("", name) if _CJK.search(name[-1:]) else _LATIN_FORM.sub("", name)
        if shorter == name or not _NOT_WORD.sub("", shorter):
            return name
        name = shorter


def _strip_place(core: str) -> str:
    while (match := _PLACE.match(core)) and len(core) - match.end() >= 2:
        core = core[match.end() :]
    return core


def whole_number(text: str) -> int | None:
    """What an address or a form means by a number: up to 18 digits of any script, else None."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def escape_like(text: str, *, escape: str = "\\") -> str:
    """Text as a literal part of a LIKE pattern that names ``escape`` as its escape character."""
    for special in (escape, "%", "_"):
        text = text.replace(special, escape + special)
    return text


BEGINNING = 40
END_OF_SENTENCE = re.compile(r"[。！？!?；;\n]")


def beginning(text: str) -> str:
    """The first sentence of a text, at most 40 characters: what a record made of text is called."""
    first = next((part for part in END_OF_SENTENCE.split(text) if part.strip()), text).strip()
    return first if len(first) <= BEGINNING else f"{first[: BEGINNING - 1]}…"


def capital(text: Any) -> str:
    """With a capital letter: names of columns are written small where they stand in a sentence."""
    said = str(text)
    return said[:1].upper() + said[1:]


def standing(word: Any) -> str:
    """A word of ours where it stands alone, as a value, a figure or an option: with a capital
    letter. What people typed (iPhone) stays as it is."""
    return capital(word) if isinstance(word, Promise) else str(word)


def inside(text: Any) -> str:
    """A capitalised name within a sentence; what isn't a plain word (ID card, WeChat) stays."""
    said = str(text)
    return said[:1].lower() + said[1:] if said.split(" ")[0][1:].islower() else said
