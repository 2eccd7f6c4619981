"""Search tokens: the one language of documents and queries on both databases.

A token is a class (a letter, or the path of a custom field: what a person may not read, she may not
search), a kind letter and a text: ``nb华为`` is two characters in a field of class n.

====  =====================================================================================
kind  text
====  =====================================================================================
b     two neighbouring characters; the last character alone, so that one-character prefixes work
w     a run of Latin letters and digits, also from each change between letters and digits
i     pinyin initials from each of the first eight syllables on, ten letters at most
h     of a title: pinyin initials from the start and from behind a leading place, ten letters
y     whole pinyin from the start and from behind a leading province or city, twenty letters
d     four neighbouring digits of a telephone number
t     a title without blanks, 24 characters; ``s`` for what follows a leading place in it
====  =====================================================================================

Everything is folded and simplified first, so full-width, upper-case and traditional input finds.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from guanxi.kernel.names import PLACES
from guanxi.kernel.pinyin import readings
from guanxi.kernel.text import fold, heads, simplify, strip_accents

PHONE_CLASS = "p"
TITLE_CLASS = "n"
TEXT_LENGTH = 1_000
QUERY_LENGTH = 100
QUERY_GROUPS = 32

_WORD_LENGTH = 40
_SUFFIXES = 8
_INITIALS_LENGTH = 10
_PINYIN_LENGTH = 20
_PINYIN_TEXT = 60
_TITLE_LENGTH = 24

_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_ONE_RUN = re.compile(r"[^\W\x00-\x7f]+")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])[\W_]+(?=[^\x00-\x7f])")
_BETWEEN_IN_QUERY = re.compile(r"(?<=[^\x00-\x7f])[^\w\s]+(?=[^\x00-\x7f])")
_NOT_WORD = re.compile(r"[\W_]+")
_CHANGE = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_PLACE = re.compile(rf"(?:{PLACES})[省市]?")
_PHONE_LIKE = re.compile(r"[+(]?[0-9][0-9+\-() ./]{5,}")


def document_tokens(
    fields: Mapping[str, Sequence[str]],
    phones: Iterable[str] = (),
    *,
    phone_class: str = PHONE_CLASS,
) -> str:
    """Blank-separated tokens of a record: its texts by class letter, its numbers' digits.

    A text counts with its first 1,000 characters. Tokens hold letters and digits only.
    """
    tokens: list[str] = []
    for letter, texts in fields.items():
        for text in texts:
            if text:
                tokens += _text_tokens(letter, text)
    for phone in phones:
        tokens += _phone_tokens(phone_class, phone)
    return " ".join(dict.fromkeys(tokens))


def _text_tokens(letter: str, text: str) -> list[str]:
    plain = _plain(text[:TEXT_LENGTH])
    tokens: list[str] = []
    bigram, word = letter + "b", letter + "w"
    runs = _runs(plain)
    for run in runs:
        if run.isascii():
            tokens.append(word + run[:_WORD_LENGTH])
            if not (run.isalpha() or run.isdigit()):
                tokens += [
                    word + run[cut.start() :][:_WORD_LENGTH] for cut in _CHANGE.finditer(run)
                ]
        else:
            tokens += [bigram + run[at : at + 2] for at in range(len(run))]
    if not plain.isascii():
        tokens += _pinyin_tokens(letter, plain[:_PINYIN_TEXT])
    return tokens


def _runs(plain: str) -> list[str]:
    if plain.isascii():
        return _RUN.findall(plain)
    return [plain] if _ONE_RUN.fullmatch(plain) else _RUN.findall(_BETWEEN.sub("", plain))


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    if text.isascii():
        return fold(text)
    return strip_accents(simplify(fold(text)))


def _pinyin_tokens(letter: str, plain: str) -> list[str]:
    pieces, read = readings(plain, surname=False)
    first = heads(pieces, read)
    if not first:
        return []
    initial, whole = letter + "i", letter + "y"
    tokens = [initial + suffix for suffix in _suffixes(first)]
    starts = [0]
    place = _PLACE.match(plain)
    if place and place.end() < len(read):
        starts.append(place.end())
    tokens += [whole + _spoken(read[at:]) for at in starts]
    if letter == TITLE_CLASS:
        tokens += [f"{letter}h{''.join(first[at:])[:_INITIALS_LENGTH]}" for at in starts]
    return tokens


def _suffixes(first: list[str]) -> list[str]:
    count = min(len(first), _SUFFIXES)
    joined = "".join(first)
    if len(joined) == len(first):
        return [joined[at : at + _INITIALS_LENGTH] for at in range(count)]
    return ["".join(first[at:])[:_INITIALS_LENGTH] for at in range(count)]


def _spoken(read: Sequence[str]) -> str:
    known = [item for item in read[:_PINYIN_LENGTH] if item[0] != "~"]
    return "".join(known)[:_PINYIN_LENGTH]


def title_tokens(letter: str, title: str) -> str:
    """Tokens by which titles that begin as typed come first."""
    plain = _NOT_WORD.sub("", _plain(title[:TEXT_LENGTH]))
    place = _PLACE.match(plain)
    tokens = [f"{letter}t{plain[:_TITLE_LENGTH]}"] if plain else []
    if place and place.end() < len(plain):
        tokens.append(f"{letter}s{plain[place.end() :][:_TITLE_LENGTH]}")
    return " ".join(tokens)


def title_terms(text: str, letter: str, *, whole: bool = False) -> list[list[str]]:
    """What asks for titles that begin with the text, or with `whole` are it; empty for no text.

    Letters also ask for titles whose pinyin or initials begin so.
    """
    plain = _NOT_WORD.sub("", _plain(text[:QUERY_LENGTH]))[:_TITLE_LENGTH]
    if not plain:
        return []
    if whole:
        return [[f"{letter}t{plain}"]]
    begins = [f"{letter}t{plain}*", f"{letter}s{plain}*"]
    if plain.isascii() and plain.isalpha():
        begins += [f"{letter}h{plain[:_INITIALS_LENGTH]}*", f"{letter}y{plain[:_PINYIN_LENGTH]}*"]
    return [begins]


def _phone_tokens(letter: str, phone: str) -> list[str]:
    digits = phone if phone.isascii() and phone.isdigit() else _digits(fold(phone))
    if len(digits) < 4:
        return [f"{letter}d{digits}"] if digits else []
    return [f"{letter}d{digits[at : at + 4]}" for at in range(len(digits) - 3)]


def _digits(text: str) -> str:
    return "".join(re.findall("[0-9]+", text))


def query_terms(
    text: str, classes: Sequence[str], *, phones: bool = True, phone_class: str = PHONE_CLASS
) -> list[list[str]]:
    """What a typed text asks for: every group must match, one token of a group suffices.

    A token that ends in ``*`` is a prefix. ``classes`` are the classes the person may search,
    ``phones`` whether numbers too, in any class of ``phone_class``. An empty list means that
    nothing can match (no letter or digit was typed, or no class is allowed). At most 32 groups; a
    longer text is cut.
    """
    plain = _plain(text[:QUERY_LENGTH])
    digit_class = phone_class if phones else ""
    if _PHONE_LIKE.fullmatch(plain):
        groups = _number_groups(plain, classes, digit_class)
    else:
        groups = []
        for run in _RUN.findall(_BETWEEN_IN_QUERY.sub("", plain)):
            groups += _run_groups(run, classes, digit_class)
    if not all(groups):
        return []
    return list({tuple(group): group for group in groups}.values())[:QUERY_GROUPS]


def _run_groups(run: str, classes: Sequence[str], digit_class: str) -> list[list[str]]:
    if run.isascii():
        if run.isdigit():
            return _digit_groups(run, [_words(run, classes)], digit_class)
        return [_latin_group(run, classes)]
    if len(run) == 1:
        return [[f"{letter}b{run}*" for letter in classes]]
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [[f"{letter}b{pair}" for letter in classes] for pair in pairs]


def _words(run: str, classes: Sequence[str]) -> list[str]:
    return [f"{letter}w{run[:_WORD_LENGTH]}*" for letter in classes]


def _latin_group(run: str, classes: Sequence[str]) -> list[str]:
    group = _words(run, classes)
    for letter in classes:
        group.append(f"{letter}i{run[:_INITIALS_LENGTH]}*")
        group.append(f"{letter}y{run[:_PINYIN_LENGTH]}*")
    return group


def _number_groups(plain: str, classes: Sequence[str], digit_class: str) -> list[list[str]]:
    # Typed as a number with blanks or dashes: a telephone, or words such as 2026-000123.
    words = [_words(run, classes) for run in re.findall("[0-9]+", plain)]
    digits = _digits(plain)
    if plain.startswith("+86") or (len(digits) == 13 and digits.startswith("861")):
        digits = digits[2:]
    if len(words) > 1:
        return _digit_groups(digits, words, digit_class, step=4)
    return _digit_groups(digits, [_words(_digits(plain), classes)], digit_class)


def _digit_groups(
    digits: str, words: list[list[str]], digit_class: str, *, step: int = 1
) -> list[list[str]]:
    """(all runs of the number) or (all words), as groups that must all match."""
    if not digit_class or len(digits) < 3:
        return words
    if len(digits) == 3:
        runs = [f"{digits}*"]
    else:
        last = len(digits) - 4
        runs = [digits[at : at + 4] for at in sorted({*range(0, last, step), last})]
    return [
        [*(f"{letter}d{run}" for letter in digit_class), *word] for run in runs for word in words
    ]


def fts5_match(terms: Sequence[Sequence[str]]) -> str:
    """The MATCH text for an FTS5 table with ``tokenize='ascii'``; works with ``detail=none``.

    Empty for no terms: the caller answers with no rows, FTS5 would raise.
    """
    return _render(terms, " AND ", " OR ", _fts5_token)


def tsquery(terms: Sequence[Sequence[str]]) -> str:
    """Text to cast with ``::tsquery``, for vectors made by ``array_to_tsvector``.

    Not for ``to_tsquery``: that would parse the tokens again. Empty for no terms.
    """
    return _render(terms, " & ", " | ", _tsquery_token)


def _render(terms, both: str, either: str, token) -> str:
    groups = [either.join([token(text) for text in group]) for group in terms]
    return both.join([f"({group})" for group in groups])


def _fts5_token(text: str) -> str:
    prefix = " *" if text.endswith("*") else ""
    bare = text.removesuffix("*").replace('"', '""')
    return f'"{bare}"{prefix}'


def _tsquery_token(text: str) -> str:
    prefix = ":*" if text.endswith("*") else ""
    bare = text.removesuffix("*").replace("\\", "\\\\").replace("'", "''")
    return f"'{bare}'{prefix}"
