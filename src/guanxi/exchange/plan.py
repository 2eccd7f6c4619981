"""Proposals for a file: which column fills what, how dates are written, what odd values mean."""

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from guanxi.exchange.bands import nearest, read_band
from guanxi.exchange.cells import says_nothing
from guanxi.exchange.headings import names_rows, words_for
from guanxi.exchange.lookups import Lookup, choice_names, choice_reader
from guanxi.exchange.options import Options, unit_of
from guanxi.exchange.reading import match
from guanxi.exchange.reading.dates import year_of
from guanxi.exchange.targets import Target, aliases, can_create, in_languages, targets
from guanxi.exchange.words import NOTHING, VALUES, others
from guanxi.exchange.writing import REASON
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.numbers import read_sum
from guanxi.kernel.phones import read_phone
from guanxi.kernel.record import Dictionary
from guanxi.kernel.spec import Capability, Same, Spec
from guanxi.kernel.text import core_name, fold, simplify

SAMPLED = 60
#: What the title of a second column of a kind has beyond that of the first.
MORE = re.compile(r"^(备用|其他|其它|更多|第二)|\s*[(（]?([1-9]|[一二三四]|备用)[)）]?$")
CONTENT_ENOUGH = 0.6
MOST_CREATED = 200
NUMBERS = (kinds.IntegerKind, kinds.PercentKind, kinds.DecimalKind)
#: What stands behind the name of a term in a table: A类, A级客户, 重点客户.
KIND = re.compile(r"(?<=.)(类别|等级|级别|类型|类|级|等|档|型)?(客户|企业|公司|用户)?$")
Profile = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A value no row is called by: `rows` hold it, `best` is what it most likely means or ""."""

    text: str
    rows: int
    best: str = ""


@dataclass
class Asked:
    """What one column leaves open. `creates`: the actor may make new rows of the linked object."""

    questions: list[Question] = field(default_factory=list)
    creates: bool = False
    many: bool = False

    @property
    def unanswered(self) -> int:
        return sum(1 for question in self.questions if not question.best)


class Planner:
    """Proposals for one file and one object, as one person may import it."""

    def __init__(self, actor: Actor, spec: Spec, profile: Profile) -> None:
        self.actor, self.spec = actor, spec
        # 客戶名稱 means what 客户名称 does; people are shown what they wrote.
        self.profile = {**profile, "header": [*map(simplify, profile["header"])]}
        self.targets = targets(spec)
        self._lookups: dict[str, Lookup] = {}

    def lookup(self, target: Target) -> Lookup:
        """The rows a link may name; shared by the columns of one object."""
        linked = target.links_to
        assert linked is not None
        if linked.key not in self._lookups:
            self._lookups[linked.key] = Lookup(self.actor, linked)
        return self._lookups[linked.key]

    def mapping(
        self, *, without: Container[int] = (), given: Mapping[int, str] | None = None
    ) -> dict[int, str]:
        """{column: target}: by names and content; a link also by content alone.

        `without`: columns to leave out; `given`: what is settled already.
        """
        given, columns = given or {}, self.profile["columns"]
        header = [
            "" if place in without or place in given else title
            for place, title in enumerate(self.profile["header"])
        ]
        left_out = {"", *(title for title in header if title.casefold() in NOTHING)}
        left_out.update(in_languages(REASON))
        samples = [[] if column["quarter"] else _some(column) for column in columns]
        taken = {*given.values()}
        wanted = [self._matchable(one) for one in self.targets.values() if one.key not in taken]
        found = match.propose_columns(header, samples, wanted)
        mapping = {
            place: one.target
            for place, one in found.items()
            if not columns[place]["quarter"] and header[place] not in left_out
        }
        for place, texts in enumerate(samples):
            if place not in mapping and texts and header[place] not in left_out:
                key = self._one_more(header[place], texts)
                key = key or self._by_content(texts, {*mapping.values(), *taken})
                if key:
                    mapping[place] = key
        mapping = dict(sorted({**mapping, **given}.items()))
        keys = {*mapping.values()}
        return {place: key for place, key in mapping.items() if self._has_place(key, keys)}

    def _has_place(self, key: str, keys: set[str]) -> bool:
        """A department in a further hierarchy means nothing without the hierarchy."""
        line = self.targets[key].line
        return not line or line in keys

    def options(self, mapping: Mapping[int, str], *, accept: bool = True) -> Options:
        """Dates by the best format, values and new terms as proposed when `accept`ed."""
        found = Options()
        for place, key in mapping.items():
            target, column = self.targets[key], self.profile["columns"][place]
            if target.is_date and column["dates"]:
                found.formats[place] = column["dates"][0]["format"]
            unit = unit_of(self.profile["header"][place])
            if unit != 1 and isinstance(target.kind, kinds.MoneyKind):
                found.units[place] = unit
            asked = self.ask(place, target, mapping=mapping)
            best = {one.text: one.best for one in asked.questions if one.best}
            if accept and best:
                found.replace[place] = best
            if accept and asked.creates and self._creates_by_itself(target, asked):
                found.create.append(place)
        found.nameless = self._nameless(mapping)
        keys = set(mapping.values())
        if any(name in keys and name != self.spec.title for name in self.spec.import_key):
            found.duplicates = "create"
        ruled = [one for one in self.spec.ruled if one.field in keys]
        if accept and self.spec.history_rule and self.actor.may(self.spec.key, "history"):
            found.history = any(not keys.isdisjoint(one.takes) for one in ruled)
        return found

    def _nameless(self, mapping: Mapping[int, str]) -> str:
        """In a list of customers some have no 联系人: there is nothing to import in their rows."""
        columns, filled = self.profile["columns"], {}
        for place, key in mapping.items():
            filled[key] = columns[place]["filled"]
            if key == self.spec.title and not names_rows(self.spec, self.profile["header"][place]):
                return "refuse"
        mine = filled.get(self.spec.title, self.profile["rows"])
        above = (self.targets[key].links_to for key, rows in filled.items() if rows > mine)
        return (
            "skip" if any(linked is not None and not linked.small for linked in above) else "refuse"
        )

    def ask(self, place: int, target: Target, *, mapping: Mapping[int, str]) -> Asked:
        """The values of a column that name nothing known, with proposals, most rows first."""
        if not target.asks_values:
            return Asked()
        linked = target.links_to
        creates = can_create(linked) and self._may_create(linked)
        distinct = self.profile["columns"][place]["distinct"]
        if distinct is None:
            return Asked(creates=creates, many=True)
        knows, names = self._knows(target, distinct)
        in_file = self._titles_in_file(mapping) if linked is self.spec else frozenset()
        unknown = Counter(
            {
                text: n
                for text, n in distinct.items()
                if not knows(text) and text not in in_file and not says_nothing(text)
            }
        )
        return Asked(_proposer(linked)(unknown, names), creates)

    def _knows(self, target: Target, distinct: Mapping[str, int]) -> tuple[Any, dict[str, str]]:
        if isinstance(target.kind, kinds.ChoiceKind):
            read = choice_reader(target.kind)
            return partial(_reads, read), choice_names(target.kind)
        lookup = self.lookup(target)
        lookup.prepare(distinct)
        return partial(_reads, lookup.find), lookup.names()

    def _titles_in_file(self, mapping: Mapping[int, str]) -> frozenset[str]:
        for place, key in mapping.items():
            if key == self.spec.title:
                return frozenset(self.profile["columns"][place]["distinct"] or ())
        return frozenset()

    def _may_create(self, linked: Spec | None) -> bool:
        return (
            linked is not None
            and linked.can(Capability.CREATE)
            and self.actor.may(linked.key, "create")
        )

    def _creates_by_itself(self, target: Target, asked: Asked) -> bool:
        """Whether new names are proposed to be made: terms, and neighbours of the object itself."""
        linked = target.links_to
        assert linked is not None
        near = linked.key.partition(".")[0] == self.spec.key.partition(".")[0]
        is_term = issubclass(linked.model, Dictionary)
        return (near or is_term) and 0 < asked.unanswered <= MOST_CREATED

    def _matchable(self, target: Target) -> match.Target:
        labels = in_languages(target.label)
        known = aliases(self.spec, target.key)
        # Only what the row itself is called or numbered can be mistaken for another object's.
        own = target.key in (self.spec.title, "number")
        not_of = _names_of_others(self.spec) if own else frozenset()
        return match.Target(target.key, labels, known, self._fits(target), not_of)

    def _fits(self, target: Target) -> Callable[[Any], bool] | None:
        """None where any text may do. Links: a file may well name rows that are not here yet."""
        kind = target.kind
        if target.is_phone:
            return lambda text: (
                read_phone(str(text)).is_valid or any(c.isdigit() for c in str(text))
            )
        if isinstance(kind, kinds.EmailKind) or target.part_kind == "email":
            return lambda text: "@" in str(text)
        if target.is_date:
            return _looks_like_date
        if isinstance(kind, kinds.MoneyKind):
            return partial(_reads, read_sum)
        if isinstance(kind, NUMBERS):
            years = isinstance(kind, kinds.IntegerKind) and kind.plain
            return lambda text: _reads(kind.parse, year_of(text) if years else text)
        if target.key == self.spec.title:
            return _has_letters
        if isinstance(kind, kinds.LinkKind):
            return lambda text: _has_letters(text) or self._is_called(target, str(text))
        if isinstance(kind, kinds.ChoiceKind):
            return partial(_may_be_chosen, choice_reader(kind), choice_names(kind))
        return None

    def _is_called(self, target: Target, text: str) -> bool:
        """Whether a row has this number or code."""
        lookup = self.lookup(target)
        lookup.prepare([text])
        return _reads(lookup.find, text)

    def _one_more(self, title: str, texts: list[str]) -> str:
        """The target another column fills already, of one called 手机2, 备用手机 or 联系人手机."""
        whole = title.casefold()
        firsts = {MORE.sub("", whole).strip()}
        firsts |= {whole.removeprefix(word).strip() for word in words_for(self.spec)}
        for target in self.targets.values() if firsts - {whole} else ():
            fits = self._fits(target) or bool
            called = {*target.names, *aliases(self.spec, target.key)}
            if target.gathers and firsts & called - {whole} and any(map(fits, texts)):
                return target.key
        return ""

    def _by_content(self, texts: list[str], taken: set[str]) -> str:
        """The one link whose rows are called as the column's values are."""
        scores: dict[str, float] = {}
        for target in self.targets.values():
            if target.key in taken or target.links_to is None or target.parts is not None:
                continue
            lookup = self.lookup(target)
            lookup.prepare(texts)
            share = sum(map(partial(_reads, lookup.find), texts)) / len(texts)
            if any(map(read_band, texts)) and target.links_to.small:
                entries = sorted(set(lookup.names().values()))
                share = sum(bool(nearest(text, entries)) for text in texts) / len(texts)
            if share >= CONTENT_ENOUGH and len(texts) > 1:
                scores[target.key] = share
        best = sorted(scores, key=lambda key: -scores[key])
        if len(best) > 1 and scores[best[0]] == scores[best[1]]:
            return "owner" if "owner" in best[:2] else ""
        return best[0] if best else ""


def propose(unknown: Counter[str], names: Mapping[str, str]) -> list[Question]:
    """Synonyms first, then likeness to a known name or to a synonym of one.

    `names`: {known name: the title it means}.
    """
    titles = {fold(name): title for name, title in names.items()}
    known = dict(titles)
    for group in VALUES:
        title = next((titles[word] for word in group if word in titles), None)
        if title is not None:
            known |= {word: title for word in group if word not in known}
    found = []
    for one in match.propose_values(unknown, known):
        synonyms = (fold(one.text), *others([one.text], VALUES))
        best = next(
            (known[word] for word in synonyms if word in known), known.get(one.best or "", "")
        )
        found.append(Question(one.text, one.rows, best))
    return found


def _proposer(linked: Spec | None) -> Callable[[Counter[str], dict[str, str]], list[Question]]:
    if linked is None:
        return propose
    if Same(linked.title, core=True) in linked.duplicates:
        return propose_firms
    return propose_terms if issubclass(linked.model, Dictionary) else propose


def propose_terms(unknown: Counter[str], names: Mapping[str, str]) -> list[Question]:
    """Of terms also by range, 500-1000人, and by one word of several: A类 and 重点客户 of A 重点."""
    titles, pieces = sorted(set(names.values())), Counter[str]()
    for title in titles:
        pieces.update({fold(piece) for piece in title.split()})
    words = {
        fold(piece): title
        for title in titles
        for piece in title.split()
        if pieces[fold(piece)] == 1
    }
    found = []
    for one in propose(unknown, {**words, **names}):
        bare = fold(KIND.sub("", one.text))
        best = nearest(one.text, titles)
        best = best or one.best or words.get(bare, "") or _synonym(bare, words)
        found.append(Question(one.text, one.rows, best))
    return found


def _synonym(text: str, names: Mapping[str, str]) -> str:
    return next((names[word] for word in others([text], VALUES) if word in names), "")


def propose_firms(unknown: Counter[str], names: Mapping[str, str]) -> list[Question]:
    """Of firms only the one of the same core: 上海万达贸易 is not 上海锐梓贸易, however alike.

    In Latin letters a slip shows as elsewhere.
    """
    cores: dict[str, set[str]] = {}
    for name, title in names.items():
        cores.setdefault(core_name(name), set()).add(title)
    found = []
    for one in propose(unknown, names):
        same = cores.get(core_name(one.text), set())
        best = one.best if one.text.isascii() else ""
        found.append(Question(one.text, one.rows, next(iter(same)) if len(same) == 1 else best))
    return found


def _some(column: Mapping[str, Any]) -> list[str]:
    distinct = column["distinct"]
    return list(distinct)[:SAMPLED] if distinct else list(column["samples"])


def _reads(read: Callable[[str], Any], text: Any) -> bool:
    """Whether a value is known; several of a name are known, too: the record will tell which."""
    try:
        return read(str(text)) is not None
    except Wrong as wrong:
        return wrong.code == "several"


@lru_cache(maxsize=200)
def _names_of_others(spec: Spec) -> frozenset[str]:
    """What other objects are called, in single words: 商机 and opportunity on a customer's list."""
    mine = {text.casefold() for text in in_languages(spec.name)}
    mine |= set(others(mine))
    found: set[str] = set()
    for other in registry.specs():
        names = {text.casefold() for text in in_languages(other.name)}
        if other is not spec and not other.small and mine.isdisjoint(names):
            found |= {*names, *others(names)}
    return frozenset(word for word in found - mine if " " not in word and len(word) > 1)


def _has_letters(text: Any) -> bool:
    """A bare number names nothing."""
    return any(sign.isalpha() for sign in str(text))


def _may_be_chosen(read: Callable[[str], str], names: Mapping[str, str], text: Any) -> bool:
    return _reads(read, text) or bool(propose(Counter([str(text)]), names)[0].best)


def _looks_like_date(text: Any) -> bool:
    return sum(sign.isdigit() for sign in str(text)) >= 3 and any(s in str(text) for s in "-/.年 ")
