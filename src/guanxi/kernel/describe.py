"""A condition tree as a sentence, in the language in force."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.query import Group, Leaf, read
from guanxi.kernel.spec import Spec
from guanxi.kernel.titles import title_for

#: What an operator that counts days says of some.
DAYS = {
    "older_than_days": ngettext_lazy(
        "is more than %(days)s day ago", "is more than %(days)s days ago", "days"
    ),
    "not_for_days": ngettext_lazy(
        "is more than %(days)s day ago, or empty",
        "is more than %(days)s days ago, or empty",
        "days",
    ),
    "coming": ngettext_lazy(
        "is celebrated within %(days)s day", "is celebrated within %(days)s days", "days"
    ),
    "last_days": ngettext_lazy(
        "lies in the last %(days)s day", "lies in the last %(days)s days", "days"
    ),
    "next_days": ngettext_lazy(
        "lies in the next %(days)s day", "lies in the next %(days)s days", "days"
    ),
    "due_within_days": ngettext_lazy(
        "is overdue or due within %(days)s day",
        "is overdue or due within %(days)s days",
        "days",
    ),
}
#: What it says of none.
NO_DAYS = {
    "older_than_days": gettext_lazy("is before today"),
    "not_for_days": gettext_lazy("is before today, or empty"),
    "coming": gettext_lazy("is today"),
    "last_days": gettext_lazy("is today"),
    "next_days": gettext_lazy("is today"),
    "due_within_days": gettext_lazy("is today or before"),
}


def describe(node: Leaf | Group, *, actor: Actor) -> str:
    """Such as 级别 是其中之一 A、B 且 最近联系 距今超过 30 天; titles only of rows the actor may see."""
    if isinstance(node, Leaf):
        return _leaf(node, actor)
    if node.joins == "not":
        return _("not (%(inner)s)") % {"inner": describe(node.items[0], actor=actor)}
    glue = _(" and ") if node.joins == "and" else _(" or ")
    texts = [
        f"({describe(item, actor=actor)})"
        if isinstance(item, Group) and len(item.items) > 1
        else describe(item, actor=actor)
        for item in node.items
    ]
    return glue.join(texts)


def tell(actor: Actor, kind: kinds.ConditionsKind, stored: str) -> kinds.Told:
    """Stored conditions in this reader's words, with the way to the rows they mean."""
    spec, tree = registry.spec(kind.of), kind.tree(stored)
    try:
        said = describe(read(spec, tree, actor=actor), actor=actor)
    except Wrong as wrong:
        # What this reader may not ask is not told by the address or the tree either.
        return kinds.Told.of(wrong.message, stored="", url="")
    return kinds.Told.of(said or _("all"), stored=stored, url=tree_address(spec, tree))


def tree_address(spec: Spec, tree: Any) -> str:
    """The list of the rows that satisfy these conditions."""
    return f"/{spec.path}/?{urlencode({CONDITIONS: kinds.tree_text(tree)})}"


def _leaf(leaf: Leaf, actor: Actor) -> str:
    if leaf.operator.takes == "days":
        return f"{leaf.column.label} {_days(leaf.operator.name, leaf.argument)}"
    words = [str(leaf.column.label), str(leaf.operator.label)]
    if leaf.operator.takes not in ("none", "actor"):
        words.append(_argument(leaf, actor))
    return " ".join(words)


def _days(operator: str, days: int) -> str:
    return str(DAYS[operator] % {"days": days} if days else NO_DAYS[operator])


def _argument(leaf: Leaf, actor: Actor) -> str:
    kind, takes = leaf.column.kind, leaf.operator.takes
    if isinstance(kind, kinds.InstantKind):
        # Instants are compared by day, so what is compared with is a day.
        kind = kinds.DateKind()
    if takes == "period":
        return str(kinds.PERIODS[leaf.argument])
    if takes == "range":
        low, high = leaf.argument
        return f"{kind.show(low) or '…'} – {kind.show(high) or '…'}"
    if isinstance(kind, kinds.LinkKind):
        return _titles(kind, leaf.raw, actor)
    values = leaf.argument if takes == "values" else [leaf.argument]
    return _(", ").join(
        str(kind.say(value)) if not isinstance(kind, kinds.TagsKind) else value for value in values
    )


def _titles(kind: kinds.LinkKind, raw: Any, actor: Actor) -> str:
    spec = registry.spec(kind.to)
    ids = kind.argument(raw, "values")
    found = spec.model.rows(actor, "view").filter(pk__in=ids[:20])
    names = [title_for(actor, row) for row in found]
    return _(", ").join(names + ["…"] * (len(ids) > len(names)))
