"""Finding: a list narrowed to what a text asks for, and the first hits of every object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor, Reach
from guanxi.kernel.columns import column, is_seen
from guanxi.kernel.paging import order_keys, page_of
from guanxi.kernel.present import Row, for_present, present
from guanxi.kernel.spec import Scope, Spec
from guanxi.kernel.sweep import unscoped
from guanxi.search import store
from guanxi.search.layout import OWNER, TITLE, is_searchable, open_classes, table_of
from guanxi.search.tokens import query_terms, title_terms

FIRST = "customers.customer"
NEWEST = "-updated_at"
HINTS = 6
MAX_OWNERS = 30


@dataclass(frozen=True)
class Group:
    """The first hits of one object: rows with the columns `paths`, and whether there are `more`."""

    spec: Spec
    rows: list[Row]
    more: bool
    paths: tuple[str, ...] = ()


def narrow(spec: Spec, actor: Actor, queryset: QuerySet, text: str) -> QuerySet:
    """`queryset` (unscoped rows of the object) with only those that match every word of the text.

    Rows beyond the person's reach may be left out already; scoping is still the caller's. Fields
    that are masked for this person do not count. A blank text changes nothing; one with nothing to
    search for (punctuation, or no field is open) matches nothing.
    """
    if not text.strip():
        return queryset
    return _matching(spec, actor, queryset, asked_terms(spec, actor, text))


def _matching(spec: Spec, actor: Actor, queryset: QuerySet, terms: store.Terms) -> QuerySet:
    if not terms:
        return queryset.none()
    table, owners = table_of(spec), _owners(spec, actor)
    if not owners:
        return queryset.filter(store.matching(table, terms))
    # The owner stands in the document: hits of others need not even be listed.
    found = Q(store.matching(table, [*terms, [f"{OWNER}{one}" for one in owners]]))
    shared = scope.shares(spec, actor).values("record_id")
    if shared.exists():
        found |= Q(pk__in=shared) & Q(store.matching(table, terms))
    return queryset.filter(found)


def _owners(spec: Spec, actor: Actor) -> tuple[int, ...]:
    """The few persons whose rows the reach is made of, besides shares; empty where it is more."""
    reaches = actor.rights.reaches(spec.key, "view")
    if spec.scope != Scope.OWNER or Reach.ALL in reaches:
        return ()
    owners = actor.rights.owners_of(spec.key, "view")
    return owners if len(owners) <= MAX_OWNERS else ()


def asked_terms(spec: Spec, actor: Actor, text: str) -> list[list[str]]:
    """The terms of a text for `store`; empty where nothing can match."""
    if not is_searchable(spec):
        return []
    texts, numbers = open_classes(actor, spec)
    return query_terms(text, texts, phones=bool(numbers), phone_class=numbers)


def search_all(actor: Actor, text: str, *, limit: int = 5, everything: bool = False) -> list[Group]:
    """The first `limit` hits of every object this person may view: business records first.

    Titles that are the text come first, then those that begin with it, then the newest.
    `everything` adds invalidated rows and small lists of master data.
    """
    asked: list[tuple[Spec, store.Terms]] = []
    for spec in searchable_specs(actor):
        terms: store.Terms = asked_terms(spec, actor, text)
        if terms and (everything or not spec.small):
            asked += [(spec, begins) for begins in _titles(actor, spec, text, terms)]
            asked.append((spec, terms))
    hits = store.tables_with_hits([(table_of(spec), terms) for spec, terms in asked])
    wanted: dict[Spec, list[store.Terms]] = {}
    for (spec, terms), hit in zip(asked, hits, strict=True):
        if hit:
            wanted.setdefault(spec, []).append(terms)
    found = [
        _group(actor, spec, ways, text, limit=limit, with_void=everything)
        for spec, ways in wanted.items()
    ]
    return [group for group in found if group.rows]


def searchable_specs(actor: Actor) -> list[Spec]:
    """In the order of the results: customers, other records of owners, the rest, master data."""
    known = [s for s in registry.specs() if is_searchable(s) and actor.may(s.key, "view")]
    return sorted(known, key=lambda s: (s.key != FIRST, s.small, not s.scope.has_owner))


def _group(
    actor: Actor,
    spec: Spec,
    ways: Sequence[store.Terms],
    text: str,
    *,
    limit: int,
    with_void: bool,
) -> Group:
    """`ways`: terms that match something, the best first."""
    paths = hint_paths(actor, spec, text)
    base = for_present(unscoped(spec, actor), spec, paths)
    if not with_void:
        base = base.live()
    keys = order_keys(spec, NEWEST, actor=actor)
    found: dict[int, Any] = {}
    for terms in ways:
        narrowed = _matching(spec, actor, base, terms)
        for row in page_of(spec, actor, narrowed, keys=keys, size=limit + 1).rows:
            found.setdefault(row.pk, row)
        if len(found) > limit:
            break
    rows = present(actor, spec, list(found.values())[:limit], paths)
    return Group(spec, rows, len(found) > limit, paths)


def _titles(actor: Actor, spec: Spec, text: str, terms: store.Terms) -> list[store.Terms]:
    """Terms of titles that are the text, and that begin with it, where titles may be searched."""
    if TITLE not in open_classes(actor, spec)[0]:
        return []
    ways = [title_terms(text, TITLE, whole=whole) for whole in (True, False)]
    # A title that begins with a few letters holds them: asking for both made FTS5 take 50 ms.
    holds: store.Terms = () if text.strip().isascii() and text.strip().isalpha() else terms
    return [[*holds, *begins] for begins in ways if begins]


def hint_paths(actor: Actor, spec: Spec, text: str) -> tuple[str, ...]:
    """What stands beside a title: the numbers where digits were typed, then the key figures."""
    digits = any(sign.isdigit() for sign in text)
    wanted = [*(spec.phones if digits else ()), *(spec.figures or spec.columns)]
    seen = [path for path in dict.fromkeys(wanted) if path != spec.title]
    return tuple([path for path in seen if is_seen(actor, column(spec, path))][:HINTS])
