"""Readings of Chinese characters: a table of 42,000 characters, 1,800 phrases, 140 surnames.

``pinyin.txt`` is written by ``guanxi.testing.pinyin_table``; ü is spelt v, there are no tone marks.
"""

import re
from functools import cache, lru_cache
from operator import add
from pathlib import Path
from typing import NamedTuple

_PIECE = re.compile(r"[a-z0-9]+|[^\W_]")
_NO_LATIN = re.compile(r"[^\W\x00-\x7f]+")
_FILE = Path(__file__).with_name("pinyin.txt")


# Phrases by their first two characters, the longest first.
Starts = dict[str, list[tuple[str, tuple[str, ...]]]]


class Table(NamedTuple):
    chars: dict[str, str]
    starts: Starts
    surnames: dict[str, tuple[str, ...]]


@cache
def table() -> Table:
    """The readings, loaded once per process (about 20 ms)."""
    chars_part, _, rest = _FILE.read_text(encoding="utf-8").partition("[phrases]\n")
    phrases_part, _, surnames_part = rest.partition("[surnames]\n")
    chars: dict[str, str] = {}
    for line in chars_part.splitlines():
        syllable, members = line.split("\t")
        chars.update(dict.fromkeys(members, syllable))
    starts: Starts = {}
    for phrase, reading in _entries(phrases_part):
        starts.setdefault(phrase[:2], []).append((phrase, reading))
    for entries in starts.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return Table(chars, starts, dict(_entries(surnames_part)))


def _entries(lines: str) -> list[tuple[str, tuple[str, ...]]]:
    pairs = (line.split("\t") for line in lines.splitlines())
    return [(word, tuple(reading.split(" "))) for word, reading in pairs]


# A name is read for its sort key and soon after for its search tokens.
@lru_cache(maxsize=2_048)
def readings(folded: str, *, surname: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pieces of an already folded text, and beside them how each is read.

    A piece is one Chinese character or a run of Latin letters and digits, which reads as itself.
    Punctuation gives none; a letter without a known reading is read as ``~`` and its hex number
    (so that it sorts last). With ``surname`` the start of the text is read as a surname.
    """
    chars, starts, surnames = table()
    pieces = list(folded) if _NO_LATIN.fullmatch(folded) else _PIECE.findall(folded)
    read = [chars.get(piece) or _unknown(piece) for piece in pieces]
    if not starts.keys().isdisjoint(map(add, pieces, pieces[1:])):
        _read_phrases(pieces, read, starts)
    if surname and pieces:
        family = surnames.get("".join(pieces[:2])) or surnames.get(pieces[0])
        if family:
            read[: len(family)] = family
    return tuple(pieces), tuple(read)


def split_name(name: str) -> tuple[str, str]:
    """(surname, given name): 欧阳娜 gives 欧阳 and 娜, Ada Lovelace Lovelace and Ada."""
    if name.isascii():
        given, _blank, family = name.strip().rpartition(" ")
        return family, given
    double = len(name) > 2 and name[:2] in table().surnames
    return (name[:2], name[2:]) if double else (name[:1], name[1:])


def _read_phrases(pieces: list[str], read: list[str], starts: Starts) -> None:
    free = 0
    for at, start in enumerate(map(add, pieces, pieces[1:])):
        if start not in starts or at < free:
            continue
        for phrase, reading in starts[start]:
            if "".join(pieces[at : at + len(phrase)]) == phrase:
                free = at + len(phrase)
                read[at:free] = reading
                break


def _unknown(piece: str) -> str:
    return piece if piece.isascii() else f"~{ord(piece):05x}"
