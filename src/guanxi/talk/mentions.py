"""@ and a name: who is meant, and whether they may be called to this record."""

import re
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import fold, initials, name_key
from guanxi.people.models import Person
from guanxi.people.rights import actor_of

#: Not within an address such as hr@example.com.
AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=\S)")
NUMBER = re.compile(r"[(（]([^()（）\s]{1,30})[)）]")
SUGGESTED = 8
MOST_ASKED = 40
MOST_MENTIONS = 20


def read_mentions(actor: Actor, spec: Spec, record: Any, text: str) -> list[list[Any]]:
    """[[person id, the words after @]] of a text; what is nobody's name stays plain text.

    Raises Wrong for a name several colleagues have and for persons who can't see the record.
    """
    starts = [match.end() for match in AT.finditer(text)]
    if not starts:
        return []
    people = _by_name(actor)
    found: dict[int, list[Any]] = {}
    for start in starts:
        meant = _meant(text[start : start + 90], people)
        if meant is not None:
            found.setdefault(meant[0].pk, [meant[0], meant[1]])
    if len(found) > MOST_MENTIONS:
        raise Wrong(
            _("At most %(most)s persons can be mentioned at once.") % {"most": MOST_MENTIONS}
        )
    blind = [person.name for person, _words in found.values() if not _sees(person, spec, record)]
    if blind:
        raise Wrong(
            _("%(names)s can't see this record and so can't be mentioned here. Share it first.")
            % {"names": _(", ").join(blind)}
        )
    return [[person.pk, words] for person, words in found.values()]


def suggest_persons(actor: Actor, spec: Spec, record: Any, text: str) -> list[tuple[Person, str]]:
    """(person, what to write after @) whose name begins or holds what was typed, in pinyin, too;
    only persons who may see the record, and never oneself."""
    people = _by_name(actor)
    wanted = fold(text.strip())
    hits = [
        (rank, person, name if len(same) == 1 else f"{name}({person.number or person.pk})")
        for name, same in people.items()
        if (rank := _rank(name, wanted)) is not None
        for person in same
        if person.pk != actor.person_id
    ]
    hits.sort(key=lambda hit: (hit[0], hit[1].name_key, hit[1].pk))
    found = []
    for _rank_of_hit, person, words in hits[:MOST_ASKED]:
        if _sees(person, spec, record):
            found.append((person, words))
        if len(found) == SUGGESTED:
            break
    return found


def _by_name(actor: Actor) -> dict[str, list[Person]]:
    people = Person.rows(actor, "view").live().filter(signs_in=True).order_by("pk")
    found: dict[str, list[Person]] = {}
    for person in people.only("name", "name_key", "number", "book"):
        found.setdefault(person.name, []).append(person)
    return found


def _meant(text: str, people: dict[str, list[Person]]) -> tuple[Person, str] | None:
    """The person whose name the text begins with, the longest name first, and the words used."""
    low = text.lower()
    for length in range(min(50, len(text)), 0, -1):
        name = next((one for one in (text[:length],) if one in people), None)
        if name is None and text[:length].isascii():
            name = next((one for one in people if one.lower() == low[:length]), None)
        if name is None or _goes_on(text, length):
            continue
        same = people[name]
        number = NUMBER.match(text, length)
        if number:
            exact = [one for one in same if number[1] in (one.number, str(one.pk))]
            if exact:
                return exact[0], text[: number.end()]
        if len(same) == 1:
            return same[0], text[:length]
        ways = _(", ").join(f"@{name}({one.number or one.pk})" for one in same)
        raise Wrong(_("Several colleagues have this name; write one of %(ways)s.") % {"ways": ways})
    return None


def _goes_on(text: str, length: int) -> bool:
    """Whether a Latin name is only the beginning of a longer word."""
    before, after = text[length - 1], text[length : length + 1]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _sees(person: Person, spec: Spec, record: Any) -> bool:
    return bool(spec.model.rows(actor_of(person), "view").filter(pk=record.pk).exists())


def _rank(name: str, wanted: str) -> int | None:
    if not wanted or fold(name).startswith(wanted):
        return 0
    if wanted in fold(name):
        return 1
    if wanted.isascii() and wanted.isalnum():
        whole = name_key(name, surname=True).replace(" ", "")
        if whole.startswith(wanted) or initials(name, surname=True).startswith(wanted):
            return 1
    return None
