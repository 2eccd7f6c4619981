"""New rows that look like stored ones, or like earlier rows of the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.exchange.work import Work
from guanxi.kernel.change import Edit
from guanxi.kernel.same import find_same_many, keys_of_edit, rules_of

Key = tuple[int, str]


@dataclass(frozen=True)
class Twin:
    """Who a new row looks like: a line of the file, or a stored row (None when out of sight).

    `rules`: numbers of the Sames that agree.
    """

    line: int = 0
    record: Any = None
    rules: tuple[int, ...] = ()


def find_twins(work: Work, edits: Sequence[tuple[int, Edit]]) -> dict[int, Twin]:
    """{line: its twin} for (line, edit) pairs of new rows; remembers their keys for later ones."""
    if not rules_of(work.spec) or work.options.duplicates == "create":
        return {}
    keys = {line: keys_of_edit(edit) for line, edit in edits}
    wanted = {key for found in keys.values() for key in found}
    stored = find_same_many(work.spec, wanted, book=work.actor.book)
    ids = set(stored.values())
    seen = work.spec.model.rows(work.actor, "view").in_bulk(ids) if ids else {}
    twins: dict[int, Twin] = {}
    for line, found in keys.items():
        hit = next((stored[key] for key in sorted(found) if key in stored), None)
        earlier = next((work.same_seen[key] for key in sorted(found) if key in work.same_seen), 0)
        if hit is not None:
            rules = _agreeing(found, stored, hit)
            twins[line] = Twin(record=seen.get(hit), rules=rules)
        elif earlier:
            twins[line] = Twin(line=earlier, rules=_agreeing(found, work.same_seen, earlier))
        else:
            work.same_seen.update(dict.fromkeys(found, line))
    return twins


def _agreeing(found: Iterable[Key], known: Mapping[Key, int], twin: int) -> tuple[int, ...]:
    """By which rules these keys lead to this one row."""
    return tuple(sorted({key[0] for key in found if known.get(key) == twin}))
