"""The rows a list address means: conditions, search text, order, page; shared by list, export,
bulk and totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column, is_seen
from guanxi.kernel.errors import Wrong
from guanxi.kernel.journal import ids_of_batch
from guanxi.kernel.paging import Page, jump, order_keys, ordered, page_of
from guanxi.kernel.personal import layout_of
from guanxi.kernel.present import for_present
from guanxi.kernel.query import compile_q
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.text import whole_number
from guanxi.pages.alarms import alarm_paths
from guanxi.pages.conditions import Asked, ask
from guanxi.search.find import narrow

SIZES = (20, 50, 100, 200)
SIZE = 50
MAX_PAGE = 1_000_000
MOST_COUNTED = 10_000


@dataclass
class Listing:
    """One list as asked. `narrowed` is filtered but not scoped: paging scopes it branch by
    branch. `stay` is the page on which a jump was asked for."""

    asked: Asked
    columns: tuple[str, ...]
    narrowed: QuerySet
    order: str
    size: int
    number: int
    stay: int

    def total(self, actor: Actor) -> int:
        """How many rows there are; of a search, MOST_COUNTED + 1 for every number beyond that.

        Counting a frequent word means reading every row it stands in: seconds at a million.
        """
        rows = scoped(self.asked.spec, actor, self.narrowed)
        if not self.asked.text:
            return rows.count()
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    def page(self, actor: Actor) -> Page:
        spec, data = self.asked.spec, self.asked.data
        keys = order_keys(spec, self.order, actor=actor)
        rows = for_present(self.narrowed, spec, (*self.columns, *alarm_paths(spec)))
        after, before = data.get("after", ""), data.get("before", "")
        while self.number > 1 and not (after or before):
            found = jump(spec, actor, rows, keys=keys, size=self.size, number=self.number)
            if found.rows:
                return found
            # There is no such page: the list stays where it was.
            self.number, self.stay = self.stay, 1
        return page_of(spec, actor, rows, keys=keys, size=self.size, after=after, before=before)


def listing(actor: Actor, spec: Spec, data: QueryDict) -> Listing:
    asked = ask(actor, spec, data)
    narrowed = unscoped(spec, actor).filter(compile_q(asked.node))
    if asked.void == "void":
        narrowed = narrowed.filter(voided_at__isnull=False)
    elif asked.void == "":
        narrowed = narrowed.filter(voided_at__isnull=True)
    if asked.text:
        narrowed = narrow(spec, actor, narrowed, asked.text)
    stay = _number(data.get("at", "")) or 1
    batch = data.get("batch", "")
    if whole_number(batch) is not None:
        narrowed = narrowed.filter(pk__in=ids_of_batch(actor, spec, int(batch)))
    return Listing(
        asked,
        chosen_columns(actor, spec),
        narrowed,
        data.get("sort", ""),
        _size(data.get("per_page", "")),
        number=_number(data.get("page", "")) or stay,
        stay=stay,
    )


def listed_rows(actor: Actor, spec: Spec, data: QueryDict) -> tuple[QuerySet, tuple[str, ...]]:
    """All rows a list address means, in its order, and its columns: for exports and the like."""
    asked = listing(actor, spec, data)
    if asked.asked.errors:
        raise Wrong(" ".join(asked.asked.errors.values()))
    keys = order_keys(spec, asked.order, actor=actor)
    return ordered(scoped(spec, actor, asked.narrowed), keys), asked.columns


def scoped(spec: Spec, actor: Actor, narrowed: QuerySet) -> QuerySet:
    """A filtered set within the actor's view scope, as one condition."""
    return scope.within(spec, actor, narrowed)


def chosen_columns(actor: Actor, spec: Spec) -> tuple[str, ...]:
    """The columns this person chose for this list, else those of the spec; hidden ones left out."""
    wanted = layout_of(actor, spec) or spec.columns
    return visible(actor, spec, wanted) or (spec.title,)


def visible(actor: Actor, spec: Spec, paths: Sequence[str]) -> tuple[str, ...]:
    found = []
    for path in paths:
        try:
            if is_seen(actor, column(spec, path)):
                found.append(path)
        except Wrong:
            continue
    return tuple(found)


def _size(text: str) -> int:
    size = whole_number(text)
    return size if size in SIZES else SIZE


def _number(text: str) -> int:
    """0 for what is no page."""
    number = whole_number(text)
    return number if number and number <= MAX_PAGE else 0


def column_heads(listing: Listing, actor: Actor) -> list[dict[str, Any]]:
    """The head of the table: labels, and addresses that sort up, then down, then as usual."""
    heads = []
    current = listing.order
    for path in listing.columns:
        col = column(listing.asked.spec, path)
        sortable = bool(order_keys_of(listing.asked.spec, path, actor))
        nxt = f"-{path}" if current == path else "" if current == f"-{path}" else path
        heads.append(
            {
                "label": col.label,
                "path": path,
                "align": col.kind.align,
                "sort_url": listing.asked.url(sort=nxt) if sortable else "",
                "sorted": "asc" if current == path else "desc" if current == f"-{path}" else "",
            }
        )
    return heads


def order_keys_of(spec: Spec, path: str, actor: Actor) -> bool:
    keys = order_keys(spec, path, actor=actor)
    return column(spec, path).sortable and bool(keys) and keys[0].orm == column(spec, path).sort
