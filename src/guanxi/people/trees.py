"""Further hierarchies beside the line: their names, and the one a new installation begins with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import REACH_LABELS, system_actor
from guanxi.kernel.terms import make_terms
from guanxi.people.models import Tree
from guanxi.people.rights import Given

#: Whoever sees a grant or a chart may know what its hierarchy is called.
_EVERYTHING = system_actor("names of hierarchies", surface="command")


def make_trees() -> None:
    make_terms(Tree, "professional|专业线|Professional line")


def trees() -> list[Any]:
    """The further hierarchies in use, in their order."""
    return list(Tree.rows(_EVERYTHING).live().order_by("position", "id"))


def tree_names() -> dict[int, str]:
    """Id -> name in the reader's language, of all there ever were."""
    return {
        tree.pk: registry.title_of(tree)
        for tree in Tree.rows(_EVERYTHING).order_by("position", "id")
    }


def reach_label(given: Given, names: Mapping[int, str]) -> str:
    label = str(REACH_LABELS[given.reach])
    if given.tree is None:
        return label
    return _("%(reach)s (%(hierarchy)s)") % {
        "reach": label,
        "hierarchy": names.get(given.tree, f"#{given.tree}"),
    }
