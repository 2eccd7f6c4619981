"""Which character encoding a whole text file is written in, decided from its bytes alone."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from charset_normalizer import from_bytes

from .faults import ReadFault

CHUNK = 2**20
SAMPLE = 20_000
PLAUSIBLE = 0.5
PROOF = 3
LAST_RESORT = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp932", "cp949", "euc_jp"]
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOREIGN = re.compile(r"[^\x00-\x7f]+")
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass
class Scan:
    """What one pass over the file as ``encoding`` found; lines are 1-based."""

    encoding: str
    bad_line: int | None = None
    nul_line: int | None = None
    sample: list[str] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many characters outside ASCII were read, counted up to SAMPLE."""
        return sum(map(len, self.sample))

    def share(self, common: frozenset[str]) -> float:
        """Which part of the characters outside ASCII is in everyday use, 0 to 1."""
        text = "".join(self.sample)
        return sum(map(common.__contains__, text)) / len(text) if text else 0.0


def decide_encoding(path: Path, chosen: str | None = None) -> str:
    """Return the Python name of the encoding that reads every byte of the file.

    A mark at the start rules, then UTF-8, then the two Chinese encodings by which of them
    reads as everyday characters, then a guess among a few Western and Asian ones. Raises
    ``ReadFault``: binary, nul, undecodable (with its line), unknown_encoding.
    """
    with path.open("rb") as file:
        head = file.read(2**16)
    encoding = chosen or _marked(head) or _unmarked_utf16(head)
    if encoding:
        return _checked(scan(path, encoding))
    _refuse_binary(head)
    utf8 = scan(path, "utf-8")
    if utf8.bad_line is None:
        return _checked(utf8)
    return _chinese(path, utf8) or _last_resort(path)


def scan(path: Path, encoding: str) -> Scan:
    """Decode the whole file in pieces and stop at the first byte that does not fit."""
    found = Scan(encoding)
    lines = _Lines()
    wanted = SAMPLE
    for text, failed in _decoded(path, encoding):
        if found.nul_line is None and "\0" in text:
            found.nul_line = lines.at(text[: text.index("\0")])
        if wanted > 0 and not text.isascii():
            run = "".join(FOREIGN.findall(text))[:wanted]
            found.sample.append(run)
            wanted -= len(run)
        if failed:
            found.bad_line = lines.at(text)
            break
        lines.pass_over(text)
    return found


class _Lines:
    """Counts line ends of either kind; \\r\\n counts once."""

    def __init__(self) -> None:
        self.feeds = self.returns = 0

    def pass_over(self, text: str) -> None:
        self.feeds += text.count("\n")
        self.returns += text.count("\r")

    def at(self, text: str) -> int:
        feeds = self.feeds + text.count("\n")
        return (feeds or self.returns + text.count("\r")) + 1


def _decoded(path: Path, encoding: str) -> Iterator[tuple[str, bool]]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                yield decoder.decode(chunk, final=not chunk), False
            except UnicodeDecodeError as error:
                good = error.object[: error.start]
                yield good.decode(error.encoding, "ignore"), True
                return
            if not chunk:
                return


def _checked(found: Scan) -> str:
    if found.bad_line is not None:
        raise ReadFault("undecodable", encoding=found.encoding, line=found.bad_line)
    if found.nul_line is not None:
        raise ReadFault("nul", line=found.nul_line)
    return found.encoding


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in MARKS if head.startswith(mark)), None)


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark: separators and line ends leave NULs on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(1, len(head) // 50):
        return None
    for one, other, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if one > 20 * other:
            text = head[: len(head) // 2 * 2].decode(name, "replace")
            strange = sum(not c.isprintable() and c not in "\t\r\n" for c in text)
            if strange * 50 < len(text):
                return name
    return None


def _refuse_binary(head: bytes) -> None:
    if len(CONTROL.findall(head)) + head.count(0) > max(4, len(head) // 100):
        raise ReadFault("binary")


def _chinese(path: Path, utf8: Scan) -> str | None:
    gb, big5 = scan(path, "gb18030"), scan(path, "big5")
    clean = [
        (found.share(common), found)
        for found, common in ((gb, common_gb()), (big5, common_big5()))
        if found.bad_line is None
    ]
    share, best = max(clean, key=lambda pair: pair[0], default=(0.0, gb))
    if share >= PLAUSIBLE:
        return _checked(best)
    broken = [
        (found.good, found)
        for found, common in ((gb, common_gb()), (big5, common_big5()))
        if found.bad_line is not None and found.share(common) >= 0.8
    ]
    if utf8.good >= PROOF:
        broken.append((utf8.good, utf8))
    good, nearest = max(broken, key=lambda pair: pair[0], default=(0, utf8))
    if good >= PROOF:
        return _checked(nearest)
    return None


def _last_resort(path: Path) -> str:
    with path.open("rb") as file:
        lines = [line for line in file.readlines(8 * CHUNK) if not line.isascii()]
    best = from_bytes(b"".join(lines)[:CHUNK], cp_isolation=LAST_RESORT).best()
    if best is None:
        raise ReadFault("unknown_encoding")
    return _checked(scan(path, best.encoding))


@cache
def common_gb() -> frozenset[str]:
    """The 3,755 everyday characters of GB 2312 and its punctuation."""
    return _table("gb2312", (*range(0xA1, 0xA4), *range(0xB0, 0xD8)), range(0xA1, 0xFF))


@cache
def common_big5() -> frozenset[str]:
    """The 5,401 everyday characters of Big5 and its punctuation."""
    trail = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    return _table("big5", range(0xA1, 0xC7), trail)


def _table(encoding: str, lead: Iterable[int], trail: Iterable[int]) -> frozenset[str]:
    pairs = (bytes((one, two)) for one in lead for two in trail)
    return frozenset("".join(pair.decode(encoding, "ignore") for pair in pairs))
