"""Headings that name whole rows of an object, 联系人 or Contact 2, and what stands beside them."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from guanxi.exchange.targets import in_languages
from guanxi.exchange.words import others
from guanxi.kernel.spec import Spec

NUMBER = re.compile(r"\s*[(（]?([1-9一二三四五])[)）]?$")
SAME = str.maketrans("一二三四五", "12345")
#: What stands behind the name of an object where its rows are named.
NAME = re.compile(r"(姓名|名称|名字|名|[\s_-]*name)$")


def split_number(heading: str) -> tuple[str, str]:
    """手机 and 2 of 手机2; the number is "" where there is none."""
    plain = unicodedata.normalize("NFKC", heading).strip().casefold()
    found = NUMBER.search(plain)
    return (plain[: found.start()], found[1].translate(SAME)) if found else (plain, "")


@lru_cache(maxsize=200)
def words_for(spec: Spec) -> frozenset[str]:
    """What an object is called, in every language and with synonyms."""
    own = {text.casefold() for text in in_languages(spec.name)}
    return frozenset((*own, *others(own)))


def names_rows(spec: Spec, heading: str) -> bool:
    """Whether the column holds names of such rows: 联系人, 主要联系人姓名; not 联系人电话."""
    base = NAME.sub("", split_number(heading)[0])
    return any(
        base.endswith(word) if not word.isascii() else f" {base}".endswith(f" {word}")
        for word in words_for(spec)
    )


def of_others(header: Sequence[str], rivals: Collection[int], place: int) -> frozenset[int]:
    """The columns that belong to the rows named in one of the `rivals`, not to those in `place`.

    Numbers tell: 电话2 goes with 联系人2, and 电话 does not where there is an 电话2.
    """
    parts = [split_number(title) for title in header]
    mine = parts[place][1]
    numbers = {parts[rival][1] for rival in rivals} - {mine, ""}
    return frozenset(
        other
        for other, (base, number) in enumerate(parts)
        if other != place
        and (
            other in rivals or number in numbers or (mine and not number and (base, mine) in parts)
        )
    )
