"""Several phone numbers in one cell."""

import re
import unicodedata
from functools import cache

SEPARATORS = re.compile(r"\s*[/、,;，；|\n\r／]+\s*")
#: Without one of these signs there is but one number.
CUT = re.compile(r"[\s/、,;，；|／]")
EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|x|#)[:：.]?(\d{1,6})$", re.IGNORECASE)
BEFORE_EXTENSION = re.compile(
    r"\s*(转|轉|分机号?|分機|(?<![a-z])ext\.?|(?<=\d)\s*x(?=\s*\d)|#)\s*[:：]?\s*(?=\d)",
    re.IGNORECASE,
)
DECORATION = re.compile(r"[\s()\-.·\u2010-\u2015]")
SHORTEST = 5
MOST_TOKENS = 10
WHOLE = re.compile(
    r"""(?:\+|00)?86(?:1[3-9]\d{9}|0?\d{2,3}[2-9]\d{6,7})   # from abroad
    |0?1[3-9]\d{9}                                        # mobile
    |0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}(?:-\d{1,6})?      # with area code
    |[2-9]\d{6,7}(?:-\d{1,6})?                            # without
    |[48]00\d{7}
    |9[56]\d{3,6}|1[02]\d{3}
    |\+\d{7,15}""",
    re.VERBOSE,
)


def split_phones(text: str) -> list[str]:
    """Cut a cell into phone numbers as typed; one that can't be cut safely comes back whole.

    / 、 , ; | and line breaks separate; blanks do only where every piece is then a whole
    number and no other cut would do: "138 1234 5678" is one, "010-88886666转8001" is one.
    Short forms such as "26780000/01" are not guessed at.
    """
    text = text.strip()
    if text and not CUT.search(text):
        return [text]
    pieces = [piece for piece in SEPARATORS.split(text) if piece]
    joined: list[str] = []
    for piece in pieces:
        if joined and EXTENSION.fullmatch(_plain(piece)):
            joined[-1] += piece
        else:
            joined.append(piece)
    if len(joined) > 1 and not all(_digits(piece) >= SHORTEST for piece in joined):
        return [text]
    return [number for piece in joined for number in _split_at_blanks(piece)]


def _split_at_blanks(piece: str) -> list[str]:
    tokens = BEFORE_EXTENSION.sub(r"\1", piece).split()
    if len(tokens) < 2 or len(tokens) > MOST_TOKENS or is_whole(piece):
        return [piece]
    cuts = _cuts(tuple(tokens))
    return list(cuts[0]) if len(cuts) == 1 else [piece]


@cache
def _cuts(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    if not tokens:
        return ((),)
    found = []
    for end in range(1, len(tokens) + 1):
        head = " ".join(tokens[:end])
        if is_whole(head):
            found += [(head, *rest) for rest in _cuts(tokens[end:])]
    return tuple(found)


def is_whole(text: str) -> bool:
    """Whether the text is one complete number, with or without an extension."""
    plain = EXTENSION.sub("", _plain(text))
    bare = DECORATION.sub("", plain)
    hyphen = re.search(r"-(\d{1,6})$", plain)
    if hyphen and WHOLE.fullmatch(DECORATION.sub("", plain[: hyphen.start()])):
        return True
    return WHOLE.fullmatch(bare) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in _plain(text))
