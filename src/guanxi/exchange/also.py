"""What else a table holds: the contacts beside their customers, as the objects declare it.

One import fills one object. Where a table names rows of a second one that links to the first, or
second rows of the same, each is offered as an import of its own, with everything proposed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guanxi.exchange.headings import names_rows, of_others, split_number, words_for
from guanxi.exchange.models import Import
from guanxi.exchange.plan import Planner
from guanxi.exchange.targets import Target, may_import, targets
from guanxi.exchange.work import mapping_of
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec


@dataclass(frozen=True)
class Also:
    """Rows of another object that a table names.

    place: the column with their names; mapping: {column: target} of their import
    alone: columns that tell of them and of nothing else
    """

    spec: Spec
    place: int
    mapping: dict[int, str]
    alone: frozenset[int]


def propose_mapping(planner: Planner) -> dict[int, str]:
    """What a table means for one object, without what tells of other rows only."""
    spec, header = planner.spec, planner.profile["header"]
    mapping = planner.mapping()
    place = _place(mapping, spec.title)
    rivals = _second_ones(planner, place) if place is not None else []
    if place is not None and rivals:
        mapping = planner.mapping(without=of_others(header, rivals, place))
    alone = {one for also in find_also(planner, mapping) for one in also.alone}
    return {place: key for place, key in mapping.items() if place not in alone}


def find_also(planner: Planner, mapping: Mapping[int, str]) -> list[Also]:
    """The rows a table names beside those it is imported as by `mapping`."""
    actor, spec, profile = planner.actor, planner.spec, planner.profile
    title = _place(mapping, spec.title)
    if title is None:
        return []
    found = []
    for other in registry.specs():
        link = _link(other, spec)
        if other.small or not may_import(actor, other) or not (link or other is spec):
            continue
        places = _naming(planner, other) if link else [title, *_second_ones(planner, title)]
        for place in places:
            if place not in mapping:
                without = of_others(profile["header"], {*places} - {place}, place)
                given = {place: other.title} | ({title: link.key} if link else {})
                also = _also(Planner(actor, other, profile), given, without, link)
                found.append(_without_theirs(also, mapping))
    return found


def _without_theirs(also: Also, first: Mapping[int, str]) -> Also:
    """The address in a list of customers is theirs; phones, owner and remarks count for both."""
    known = targets(also.spec)
    kept = {
        place: key
        for place, key in also.mapping.items()
        if place in also.alone
        or place not in first
        or known[key].parts is None
        or known[key].gathers
        or known[key].line == key
    }
    return replace(also, mapping=kept)


def also_of(actor: Actor, imported: Import) -> list[Also]:
    """What the table of an import holds beside it."""
    planner = Planner(actor, registry.spec(imported.object), imported.profile)
    return find_also(planner, mapping_of(imported))


def _also(
    planner: Planner, given: dict[int, str], without: frozenset[int], link: Target | None
) -> Also:
    spec, header = planner.spec, planner.profile["header"]
    mapping = planner.mapping(without=without, given=given)
    place = _place(given, spec.title)
    assert place is not None
    known, words = targets(spec), words_for(spec)
    at_link = link.parts if link is not None else None
    alone = {
        one
        for one, key in mapping.items()
        if key != (link.key if link is not None else "")
        and (
            any(word in header[one].casefold() for word in words)
            or (at_link is not None and known[key].parts is at_link)
        )
    }
    return Also(spec, place, mapping, frozenset(alone))


def _naming(planner: Planner, spec: Spec) -> list[int]:
    """The columns that name rows of an object; what has no letters, such as a date, names none."""
    profile = planner.profile
    return [
        place
        for place, title in enumerate(profile["header"])
        if names_rows(spec, title)
        and any(sign.isalpha() for text in profile["columns"][place]["samples"] for sign in text)
    ]


def _second_ones(planner: Planner, title: int) -> list[int]:
    """联系人2 beside 联系人1 or 联系人."""
    header = planner.profile["header"]
    base = split_number(header[title])[0]
    same = (place for place in _naming(planner, planner.spec) if place != title)
    return [place for place in same if split_number(header[place])[0] == base]


def _link(other: Spec, spec: Spec) -> Target | None:
    """By what rows of the other object hang on one of these."""
    if other is spec:
        return None
    for target in targets(other).values():
        if target.links_to is spec and (target.parts is None or target.line == target.key):
            return target
    return None


def _place(mapping: Mapping[int, str], key: str) -> int | None:
    return next((place for place, one in mapping.items() if one == key), None)
