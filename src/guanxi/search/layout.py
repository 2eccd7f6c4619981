"""Which fields of an object are searched, and the class letter of each.

A class letter stands in front of every token of its field, so that a query can leave out what a
person may not read. Letters follow the order of the words in the Spec; `documents` notices when
that order has changed. A custom field is a class of its own, named by its path ("f12"): no letter
is followed by a digit, so the two can't be taken for each other.
"""

from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase
from typing import Any

from django.core import checks

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import Column, column, is_open
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import Extra, extras
from guanxi.kernel.spec import Capability, Spec
from guanxi.search.tokens import TITLE_CLASS

#: Moves when tokens are made differently: every document is then written anew.
VERSION = 3
TITLE = TITLE_CLASS
OWNER = "o"
TEXTS = "abcdefghijklm"
NUMBERS = ascii_lowercase[ascii_lowercase.index("p") :]


@dataclass(frozen=True)
class Searched:
    """One searched field: an attribute of the record, or of its child rows named `part`.

    `number`: its digits count; a part's field may hold either.
    """

    column: Column
    letter: str
    number: bool
    attribute: str
    part: str

    @property
    def holds_text(self) -> bool:
        return not self.number or bool(self.part)


def is_searchable(spec: Spec) -> bool:
    return spec.can(Capability.SEARCH) and bool(spec.search or spec.phones)


def table_of(spec: Spec) -> str:
    return f"search_{spec.model._meta.app_label}_{spec.model._meta.model_name}"


@lru_cache
def searched_fields(spec: Spec) -> tuple[Searched, ...]:
    """Raises Wrong for a path over a link (documents hold own values only) and for too many."""
    texts, numbers = iter(TEXTS), iter(NUMBERS)
    found = []
    for path in spec.search:
        letter = TITLE if path == spec.title else next(texts, "")
        found.append(_searched(spec, path, letter, number=False))
    found += [_searched(spec, path, next(numbers, ""), number=True) for path in spec.phones]
    return tuple(found)


def _searched(spec: Spec, path: str, letter: str, *, number: bool) -> Searched:
    found = column(spec, path)
    if found.hop:
        raise Wrong(f"{spec.key}: {path} can't be searched, it lies beyond a link.")
    if not letter:
        raise Wrong(f"{spec.key}: {path} is one field too many to be searched.")
    part, _dot, attribute = path.rpartition(".")
    return Searched(found, letter, number, attribute, part)


@checks.register("guanxi")
def check_searched(**_options: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for spec in filter(is_searchable, registry.specs()):
        try:
            searched_fields(spec)
        except Wrong as wrong:
            found.append(checks.Error(str(wrong), id="guanxi.E020"))
    return found


@lru_cache
def signature(spec: Spec) -> str:
    """What the documents of this object are made of."""
    words = [f"{item.letter}={item.column.path}" for item in searched_fields(spec)]
    if spec.scope.has_owner:
        words.append(f"{OWNER}=owner")
    return " ".join([str(VERSION), *words])


def searched_extras(spec: Spec) -> list[Extra]:
    """The custom texts in the documents of an object, of every account set."""
    return [one for one in registry.custom_fields(spec.key).values() if _is_text(one)]


def _is_text(extra: Extra) -> bool:
    return extra.searched and extra.kind.name in ("text", "long_text")


def open_classes(actor: Actor, spec: Spec) -> tuple[tuple[str, ...], str]:
    """(classes of the texts, letters of the numbers) this person may search."""
    allowed = [item for item in searched_fields(spec) if is_open(actor, item.column)]
    texts = [item.letter for item in allowed if item.holds_text]
    for extra in extras(spec, book=actor.book):
        if _is_text(extra) and is_open(actor, column(spec, extra.path)):
            texts.append(extra.path)
    return tuple(texts), "".join(item.letter for item in allowed if item.number)
