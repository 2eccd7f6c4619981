"""What a reader learns of linked rows: over a link, a row out of sight is as good as no row.

Conditions, order, groups and sums ask here, so that they know what `present` shows and no more.
Out of sight is a linked row beyond the reader's reach; of a link's title, one that is masked.
Whoever reaches everything pays nothing: there is no guard then.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, When
from django.db.models.functions import NullIf

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import Column
from guanxi.kernel.titles import title_policies

NOWHERE = Q(pk__in=[])


@dataclass(frozen=True)
class Sight:
    """`q`: the rows whose linked row counts for this reader. `of()`: the same for one record.

    whole: the reader reaches every linked row; `q` then only says that there is one
    """

    actor: Actor
    column: Column
    q: Q
    whole: bool = False

    def of(self, record: Any) -> bool:
        linked = getattr(record, record._meta.get_field(self.column.hop).attname)
        if linked is None or self.whole:
            return linked is not None
        return self.column.spec.model.rows(self.actor, "view").filter(pk=linked).exists()


def sight(actor: Actor, col: Column) -> Sight | None:
    """None where nothing can be out of sight: an own column, or a link all of whose rows count."""
    if col.link is None:
        return None
    every = scope.branches(col.spec, actor, "view", over=f"{col.hop}__")
    # Said in so many words, a condition is false behind an empty link, never unknown.
    leads_somewhere = Q(**{f"{col.hop}__isnull": False})
    if any(not branch for branch in every):
        bare = col.extra is not None or col.link.null
        return Sight(actor, col, leads_somewhere, whole=True) if bare else None
    return Sight(actor, col, scope.union(every) & leads_somewhere if every else NOWHERE)


def seen_q(actor: Actor, col: Column) -> Q | None:
    """The rows on which the column's value counts; None where it does on all."""
    found = sight(actor, col)
    # Behind an empty link a native column is NULL by itself; a custom text or flag never is.
    return None if found is None or (found.whole and col.extra is None) else found.q


def order_q(actor: Actor, col: Column) -> Q | None:
    """The same for what a list sorts by, which of a link is the title of the row it leads to."""
    found = seen_q(actor, col)
    titled = _titled(actor, col) if isinstance(col.kind, kinds.LinkKind) else None
    if found is NOWHERE or titled is NOWHERE:
        return NOWHERE
    return titled if found is None else found if titled is None else found & titled


def _titled(actor: Actor, col: Column) -> Q | None:
    """The rows whose link leads to one whose title may be read in full; None for all."""
    assert isinstance(col.kind, kinds.LinkKind)
    target = registry.spec(col.kind.to)
    mine, others = (policy >= Policy.READONLY for policy in title_policies(actor, target))
    if not target.scope.has_owner or actor.person_id is None:
        mine = others
    if mine == others:
        return None if mine else NOWHERE
    own = Q(**{f"{col.orm}__owner_id": actor.person_id})
    return own if mine else Q(**{f"{col.orm}__isnull": False}) & ~own


def counted(orm: str, guard: Q | None) -> Any:
    """The value at an ORM path, and NULL where it does not count."""
    if guard is NOWHERE:
        # PostgreSQL wants to know of what type the nothing is.
        return NullIf(F(orm), F(orm))
    return F(orm) if guard is None else Case(When(guard, then=F(orm)))
