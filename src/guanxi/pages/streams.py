"""Rows of other objects in the timeline of the record they link to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.present import Row, for_present, present
from guanxi.kernel.scope import hanging
from guanxi.kernel.spec import Spec, Tab
from guanxi.pages.moments import mark_of, moment, older

#: The child and the tab by which it hangs on the record.
Source = tuple[Spec, Tab]
#: When, where the next page of this source begins, context of `ui/_timeline_entry.html`.
Moment = tuple[datetime, str, dict[str, Any]]


def streams_of(actor: Actor, spec: Spec) -> list[Source]:
    """What the reader may see of it; an order by a guarded time would tell that time."""
    tabs = [tab for tab in registry.tabs_of(spec.key) if tab.stream is not None]
    found = [(registry.spec(tab.target), tab) for tab in tabs if actor.may(tab.target, "view")]
    return [
        (child, tab)
        for child, tab in found
        if is_open(actor, column(child, tab.stream.at)) and is_open(actor, column(child, tab.via))
    ]


def moments(
    actor: Actor, record: Any, child: Spec, tab: Tab, *, before: str, most: int
) -> Iterator[Moment]:
    """Newest first; `before` is the mark of the last one read so far."""
    stream = tab.stream
    rows = older(hanging(child, actor, tab.via, record.pk).live(), stream.at, before)
    found = list(for_present(rows, child, stream.paths)[:most])
    for one, row in zip(found, present(actor, child, found, stream.paths), strict=True):
        at = getattr(one, stream.at)
        yield at, mark_of(at, one.pk), _entry(child, row, at)


def _entry(child: Spec, row: Row, at: datetime) -> dict[str, Any]:
    _at, who, what, text, *notes = row.values
    return {
        "icon": child.icon,
        "who": who.text,
        "what": what.text or child.name,
        "text": kinds.as_html(text.text),
        "url": row.url,
        "notes": [
            {"label": note.column.label, "html": note.html} for note in notes if not note.is_empty
        ],
        **moment(at),
    }
