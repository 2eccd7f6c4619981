"""Proposals: which column means which field, and which known value a misspelt one means."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

NAME_WEIGHT = 0.7
ENOUGH = 0.6
NAME_ENOUGH = 0.75
VALUE_ENOUGH = 80
TIE = 2
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORD = re.compile(r"[a-z]+|\d+|[^\W_a-z\d]+")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
DIGITS = re.compile(r"\d+")
SHORT = 5
#: With one of these in front, a name is only a part of one.
HALF = frozenset({"given", "first", "last", "middle", "maiden", "sur", "surname", "nick", "user"})
SUFFIXES = frozenset("业类部市省区县级型")


class Target(NamedTuple):
    """A field that a column could fill. ``labels`` in every language, ``aliases`` as other
    systems call it; ``fits`` says whether a value could belong there. A title with one of the
    words ``not_of`` speaks of something else, such as the "product name" of a customer's name."""

    name: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    fits: Callable[[Any], bool] | None = None
    not_of: frozenset[str] = frozenset()


class ColumnMatch(NamedTuple):
    """``score``, ``likeness`` of the names and ``fit`` (share of the samples): 0 to 1."""

    target: str
    score: float
    likeness: float
    fit: float


class ValueProposal(NamedTuple):
    """``text`` occurs in ``rows`` rows; ``best`` is the known value meant, or None; ``score``
    0 to 1."""

    text: str
    best: str | None
    score: float
    rows: int


def propose_columns(
    header: Sequence[str], samples: Sequence[Sequence[Any]], targets: Sequence[Target]
) -> dict[int, ColumnMatch]:
    """Pair columns (by place) with targets, each at most once, surest pairs first.

    ``samples`` holds some values per column. Columns without a likely target are left out.
    """
    pairs = []
    for column, title in enumerate(header):
        for place, target in enumerate(targets):
            match = _weigh(title, samples[column], target)
            if match.likeness >= NAME_ENOUGH and match.score >= ENOUGH:
                pairs.append((-match.score, -match.likeness, column, place, match))
    found: dict[int, ColumnMatch] = {}
    taken: set[str] = set()
    for _score, _likeness, column, _place, match in sorted(pairs, key=lambda pair: pair[:4]):
        if column not in found and match.target not in taken:
            found[column] = match
            taken.add(match.target)
    return dict(sorted(found.items()))


def propose_values(unknown: Counter[str], known: Iterable[str]) -> list[ValueProposal]:
    """For each unknown value the known one it most likely means, by rows, most first.

    ``best`` is None where nothing is close or two are equally close: numbers must be the
    same, and short Chinese words may differ by a last character such as 市 or 业 only.
    """
    names: dict[str, list[str]] = {}
    for text in known:
        names.setdefault(_squeezed(text), []).append(text)
    proposals = [_propose(text, names, count) for text, count in unknown.items()]
    return sorted(proposals, key=lambda proposal: (-proposal.rows, proposal.text))


def _weigh(title: str, samples: Sequence[Any], target: Target) -> ColumnMatch:
    titles = (target.name.rpartition(".")[2], *target.labels, *target.aliases)
    likeness = max(_alike(title, other) for other in titles)
    if likeness < 1 and _speaks_of(title, target.not_of):
        likeness = 0.0
    if likeness < NAME_ENOUGH:
        return ColumnMatch(target.name, likeness, likeness, 0.0)
    filled = [value for value in samples if value is not None and str(value).strip()]
    if target.fits is None or not filled:
        return ColumnMatch(target.name, likeness, likeness, 1.0)
    fit = sum(map(bool, map(target.fits, filled))) / len(filled)
    score = NAME_WEIGHT * likeness + (1 - NAME_WEIGHT) * fit
    return ColumnMatch(target.name, score if fit >= 0.5 else score * fit, likeness, fit)


def _alike(one: str, other: str) -> float:
    first, second = _words(one), _words(other)
    a, b = "".join(first), "".join(second)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    shorter, longer = sorted((a, b), key=len)
    ratio = fuzz.ratio(a, b) / 100
    if shorter.isascii() and len(shorter) <= SHORT and a.rstrip("s") != b.rstrip("s"):
        # One letter makes another word of a short one: state, stage.
        ratio = 0.0
    # Chinese puts the thing last: in 客户电话 it is the telephone that counts; but what is just
    # called 电话 is not the 注册电话.
    if IDEOGRAPH.search(b) and len(b) > 1 and a.endswith(b):
        ratio = max(ratio, 0.85)
    if sorted(first) == sorted(second):
        ratio = max(ratio, 0.95)
    elif HALF & {*first, *second}:
        ratio = min(ratio, 0.5)
    elif set(first) <= set(second) or set(second) <= set(first):
        ratio = max(ratio, 0.6 + 0.35 * min(len(first), len(second)) / max(len(first), len(second)))
    return ratio


def _words(text: str) -> list[str]:
    plain = CAMEL.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    return WORD.findall(re.sub(r"[(\[][^)\]]*[)\]]|[*:]", " ", plain) or plain)


def _speaks_of(title: str, others: frozenset[str]) -> bool:
    words = _words(title)
    return any(
        word in words if word.isascii() else any(word in one for one in words) for word in others
    )


def _squeezed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s\-_.,·'&()/]+", "", plain) or plain


def _propose(text: str, names: dict[str, list[str]], count: int) -> ValueProposal:
    key = _squeezed(text)
    if key in names:
        same = names[key]
        return ValueProposal(text, same[0] if len(same) == 1 else None, 0.99, count)
    found = process.extract(
        key, names.keys(), scorer=OSA.normalized_similarity, limit=None, score_cutoff=0.7
    )
    near = [(95, other) for other in names if _differs_by_suffix(key, other)]
    near += [(round(score * 100), other) for other, score, _n in found if _may_mean(key, other)]
    near = sorted((pair for pair in near if pair[0] >= VALUE_ENOUGH), reverse=True)
    if not near or (len(near) > 1 and near[0][0] - near[1][0] < TIE):
        return ValueProposal(text, None, near[0][0] / 100 if near else 0.0, count)
    score, other = near[0]
    same = names[other]
    return ValueProposal(text, same[0] if len(same) == 1 else None, score / 100, count)


def _differs_by_suffix(key: str, other: str) -> bool:
    """批发 and 批发业, 北京市 and 北京."""
    shorter, longer = sorted((key, other), key=len)
    return len(shorter) > 1 and longer[:-1] == shorter and longer[-1] in SUFFIXES


def _may_mean(key: str, other: str) -> bool:
    """A letter more or less is a slip in a long word; in a short one it makes another word."""
    if DIGITS.findall(key) != DIGITS.findall(other) or _differs_by_suffix(key, other):
        return False
    chinese = IDEOGRAPH.search(key) or IDEOGRAPH.search(other)
    return min(len(key), len(other)) > (6 if chinese else 3)
