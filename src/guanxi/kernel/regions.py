"""China's provinces, cities and districts by GB/T 2260 code, and the reading of addresses.

The data with licence, sources and date: `kernel/data/regions`. A code has six digits: two of the
province, two of the city, two of the district. Codes that are out of use stay readable, but are not
offered.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from guanxi.kernel.pinyin import readings

FILE = Path(__file__).parent / "data/regions/regions.tsv"
#: Cities that only hold together what the province governs itself; nobody writes them.
NO_PLACE = re.compile("直辖县级|市辖区$|^县$")
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "省", "市", "盟")
SMALL_SUFFIXES = ("区", "县", "旗")
PEOPLES = re.compile(
    "壮族|回族|维吾尔|藏族|羌族|彝族|苗族|侗族|布依族|土家族|朝鲜族|蒙古族?|哈萨克|柯尔克孜|傣族|"
    "景颇族|白族|哈尼族|傈僳族|满族|黎族|瑶族|仡佬族|水族|土族|撒拉族|保安族|东乡族|裕固族|畲族|各族"
)
SEPARATORS = " \t,，、/-—·>|　"
ENGLISH = {
    "11": "Beijing", "12": "Tianjin", "15": "Inner Mongolia", "31": "Shanghai", "45": "Guangxi",
    "50": "Chongqing", "54": "Xizang", "61": "Shaanxi", "64": "Ningxia", "65": "Xinjiang",
    "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip
ENGLISH_SUFFIXES = (
    ("特别行政区", ""), ("自治区", ""), ("自治州", " Prefecture"), ("自治县", " County"),
    ("自治旗", " Banner"), ("地区", " Prefecture"), ("省", ""), ("市", ""), ("盟", " League"),
    ("新区", " New Area"), ("区", " District"), ("县", " County"), ("旗", " Banner"),
)  # fmt: skip
#: Province -> ISO 3166-1 code of the address.
COUNTRIES = {"71": "TW", "81": "HK", "82": "MO"}


@dataclass(frozen=True)
class Region:
    """`until`: the last year in use, 0 where nobody knows, None for one in use."""

    code: str
    name: str
    until: int | None = None

    @property
    def level(self) -> int:
        """1 province, 2 city, 3 district."""
        return level_of(self.code)

    def __str__(self) -> str:
        return english(self) if (get_language() or "").startswith("en") else self.name


def level_of(code: str) -> int:
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


@lru_cache(maxsize=1)
def regions() -> dict[str, Region]:
    found = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        code, name, until = line.split("\t")
        found[code] = Region(code, name, int(until) if until else None)
    return found


def region(code: str) -> Region | None:
    return regions().get(code)


@lru_cache(maxsize=4096)
def path_of(code: str) -> tuple[Region, ...]:
    """Province, city, district of a code, as far as it goes; () for an unknown one."""
    if code not in regions():
        return ()
    steps = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    return tuple(found for step in steps if (found := regions().get(step)) is not None)


@lru_cache(maxsize=4096)
def spoken(code: str) -> tuple[Region, ...]:
    """The path as people write it: 北京市 only once, no 省直辖县级行政区划."""
    found: list[Region] = []
    for step in path_of(code):
        if not NO_PLACE.search(step.name) and (not found or found[-1].name != step.name):
            found.append(step)
    return tuple(found)


def full_name(code: str) -> str:
    """广东省 深圳市 南山区, in English from small to large; the code itself where it is unknown."""
    steps = [str(step) for step in spoken(code)]
    if (get_language() or "").startswith("en"):
        return ", ".join(reversed(steps)) or code
    return " ".join(steps) or code


@lru_cache(maxsize=4096)
def texts_of(code: str) -> tuple[str, str, str]:
    """Province, city and district as texts, "" where there is none."""
    found = {step.level: step.name for step in path_of(code) if not NO_PLACE.search(step.name)}
    return found.get(1, ""), found.get(2, ""), found.get(3, "")


def lies_elsewhere(name: str, code: str) -> bool:
    """Whether a district of this name is known, but none within the region."""
    known = _by_name().get(name, ())
    return bool(known) and not any(one.code.startswith(prefix_of(code)) for one in known)


def country_of(code: str) -> str:
    return COUNTRIES.get(code[:2], "CN")


def prefix_of(code: str) -> str:
    """What the codes of everything within begin with."""
    return code[: level_of(code) * 2]


@lru_cache(maxsize=1)
def _by_level() -> dict[int, list[Region]]:
    """Those in use."""
    found: dict[int, list[Region]] = {1: [], 2: [], 3: []}
    for one in regions().values():
        if one.until is None:
            found[one.level].append(one)
    return found


def _in_use(level: int, prefix: str = "") -> tuple[Region, ...]:
    return tuple(one for one in _by_level().get(level, ()) if one.code.startswith(prefix))


@lru_cache(maxsize=512)
def children(code: str = "") -> tuple[Region, ...]:
    """The regions in use right below; the provinces for ""."""
    return _in_use(level_of(code) + 1, prefix_of(code)) if code else _in_use(1)


@lru_cache(maxsize=4096)
def english(found: Region) -> str:
    if found.level == 1 and found.code[:2] in ENGLISH:
        return ENGLISH[found.code[:2]]
    for suffix, word in ENGLISH_SUFFIXES:
        name = found.name.removesuffix(suffix)
        if name != found.name and (len(name) > 1 or suffix in ("区", "县", "旗")):
            short = PEOPLES.sub("", name) if suffix.startswith("自治") else name
            whole = found.name if len(name) == 1 else short or name
            return _latin(whole) + (word if len(name) > 1 else "")
    return _latin(found.name)


def _latin(text: str) -> str:
    return "".join(readings(text)[1]).replace("~", "").capitalize()


def read_region(text: str) -> tuple[str, str]:
    """(code, rest) of what begins with a region: 广东省深圳市南山区科技园1号 gives 440305 and
    科技园1号; ("", text) where it begins with none, or with one of several of that name."""
    bare = _bare(text)
    for start in (_from_province, _from_city, _from_district):
        found = start(bare)
        if found is not None:
            return found[0], _bare(found[1])
    return "", text


def _bare(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip(SEPARATORS)
    return re.sub(r"^(中国|中华人民共和国)(?=\S)", "", text).lstrip(SEPARATORS)


def _from_province(text: str) -> tuple[str, str] | None:
    for alias, code in _aliases_below():
        if text.startswith(alias):
            rest = text[len(alias) :]
            found = _below(code, rest)
            if found[0] != code or alias == regions()[code].name or _ends(rest):
                return found
    return None


def _from_city(text: str) -> tuple[str, str] | None:
    for alias, code in _aliases_of_cities():
        if text.startswith(alias) and not NO_PLACE.search(alias):
            rest = text[len(alias) :]
            found = _district(code[:4], rest)
            if found is not None:
                return found
            if alias == regions()[code].name or _ends(rest):
                return code, rest
    return None


def _from_district(text: str) -> tuple[str, str] | None:
    """A district whose name there is only once in the country."""
    hits = [one for one in _named(text) if one.until is None] or _named(text)
    longest = max((len(one.name) for one in hits), default=0)
    codes = {one.code for one in hits if len(one.name) == longest}
    return (codes.pop(), text[longest:]) if len(codes) == 1 else None


def _named(text: str) -> list[Region]:
    known = _by_name()
    return [one for end in range(2, 16) for one in known.get(text[:end], ())]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for one in regions().values():
        if one.level == 3 and not NO_PLACE.search(one.name):
            found.setdefault(one.name, []).append(one)
    return {name: list({one.code: one for one in ones}.values()) for name, ones in found.items()}


def _below(code: str, text: str) -> tuple[str, str]:
    """As far down as the text goes within a province."""
    rest = text.lstrip(SEPARATORS)
    if code[:2] in COUNTRIES:
        # Everybody says 香港九龙城区, nobody 香港九龙九龙城区.
        found = _district(code[:2], rest)
        if found is not None:
            return found
    for alias, city in _aliases_below(code):
        if rest.startswith(alias):
            tail = rest[len(alias) :]
            found = _district(city[:4], tail)
            if found is not None:
                return found
            if alias == regions()[city].name or _ends(tail):
                return city, tail
    # 市辖区 and 省直辖 are left out by most; so is the city above a county-level one.
    rest = re.sub("^(市辖区|省直辖县级行政区划|县(?=..))", "", rest).lstrip(SEPARATORS)
    return _district(code[:2], rest) or (code, text)


def _district(prefix: str, text: str) -> tuple[str, str] | None:
    rest = re.sub("^市辖区", "", text.lstrip(SEPARATORS)).lstrip(SEPARATORS)
    within = [one for one in _named(rest) if one.code.startswith(prefix)]
    now = [one for one in within if one.until is None] or within
    if now:
        best = max(now, key=lambda one: len(one.name))
        return best.code, rest[len(best.name) :]
    for alias, code in _aliases_within(prefix):
        if rest.startswith(alias) and _ends(rest[len(alias) :]):
            return code, rest[len(alias) :]
    return None


def _ends(rest: str) -> bool:
    return not rest or rest[0] in SEPARATORS


@lru_cache(maxsize=512)
def _aliases_below(code: str = "") -> list[tuple[str, str]]:
    return _aliases(children(code))


@lru_cache(maxsize=1)
def _aliases_of_cities() -> list[tuple[str, str]]:
    return _aliases(_in_use(2))


@lru_cache(maxsize=512)
def _aliases_within(prefix: str) -> list[tuple[str, str]]:
    return _aliases(_in_use(3, prefix))


def _aliases(found: Iterable[Region]) -> list[tuple[str, str]]:
    """(name or short name, code), the longest first."""
    pairs = {alias: one.code for one in reversed([*found]) for alias in short_names(one.name)}
    return sorted(pairs.items(), key=lambda pair: -len(pair[0]))


def short_names(name: str) -> Iterator[str]:
    """广西壮族自治区, 广西壮族, 广西."""
    yield name
    for suffix in (*SUFFIXES, *SMALL_SUFFIXES):
        short = name.removesuffix(suffix)
        if short != name and len(short) > 1:
            yield short
            bare = PEOPLES.sub("", short)
            if bare != short and len(bare) > 1:
                yield bare
            return


def suggest(text: str, *, limit: int = 12) -> list[Region]:
    """Regions in use that a few typed characters may mean: 海淀, 南山, haidian."""
    typed = _bare(text).casefold().replace(" ", "")
    if not typed:
        return []
    code, rest = read_region(text)
    found = [regions()[code]] if code and not rest else []
    scored = []
    for one in regions().values():
        if one.until is None and not NO_PLACE.search(one.name) and one not in found:
            score = _score(one, typed)
            if score:
                scored.append((score, one.level, one.code, one))
    scored.sort(key=lambda item: item[:3])
    seen = {spoken(one.code) for one in found}
    for *_order, one in scored:
        if spoken(one.code) not in seen:
            seen.add(spoken(one.code))
            found.append(one)
    return found[:limit]


def _score(one: Region, typed: str) -> int:
    """1 the best, 0 no hit."""
    if one.name.startswith(typed):
        return 1
    if _latin_key(one).startswith(typed):
        return 2
    if typed in one.name:
        return 3
    return 4 if typed in "".join(step.name for step in spoken(one.code)) else 0


@lru_cache(maxsize=8192)
def _latin_key(one: Region) -> str:
    return "".join(readings(one.name)[1])
