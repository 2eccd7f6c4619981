"""Conditions as a field of a form: the controls of the other object's list, by name with a prefix.

What these controls can't say (an "or", a comparison with today) is kept as it stands and shown in
words, each with a button that takes it away.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import Column, column, is_open
from guanxi.kernel.describe import describe, tree_address
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import condition_paths
from guanxi.kernel.query import Group, compile_q, read
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.text import capital
from guanxi.pages import inputs
from guanxi.pages.conditions import PERSON_WORDS, Asked, control_fields, leaf_of
from guanxi.pages.terms import options_html
from guanxi.ui.fields import Field

IN_SIGHT = 6
MOST_COUNTED = 10_000
#: What a date is compared with beside fixed days.
RELATIVE = (
    "older_than_days",
    "not_for_days",
    "last_days",
    "next_days",
    "due_within_days",
    "empty",
    "filled",
)


def sent_conditions(actor: Actor, kind: kinds.ConditionsKind, data: QueryDict, name: str) -> str:
    """The tree that was sent as text; what is no tree comes back as it is, to be refused."""
    spec = registry.spec(kind.of)
    try:
        items = _items(kind.tree(kind.parse(data.get(name, ""))))
    except Wrong:
        return data.get(name, "")
    dropped = data.get("_again", "").removeprefix(f"drop:{name}:")
    items = [item for place, item in enumerate(items) if str(place) != dropped]
    own = _unprefixed(data, name)
    for path, col in _asked(actor, spec).items():
        leaf = leaf_of(col, path, own)
        if leaf is not None:
            items.append(leaf)
    if own.get("days-field"):
        items.append([own["days-field"], own.get("days-op", ""), own.get("days-n", "")])
    return kinds.tree_text({"and": items}) if items else ""


def conditions_field(
    actor: Actor, kind: kinds.ConditionsKind, *, name: str, value: str
) -> dict[str, Any]:
    """The context of `ui/widgets/conditions.html`, beside that of every field."""
    spec = registry.spec(kind.of)
    try:
        items = _items(kind.tree(kind.parse(value)))
    except Wrong:
        items = []
    told, kept = _split(actor, spec, items)
    shown = Asked(spec, told, Group("and", ()))
    fields = [
        _prefixed(one, name)
        for path, col in _asked(actor, spec).items()
        for one in _controls(actor, col, path, shown)
    ]
    rest = fields[IN_SIGHT:]
    return {
        "wide": True,
        "value": kinds.tree_text({"and": kept}) if kept else "",
        "near": fields[:IN_SIGHT],
        "rest": rest,
        "open": any(one.get("value") for one in rest),
        "kept": [_words(actor, spec, item) for item in kept],
        "days": _days_fields(actor, spec, name),
        **_count(actor, spec, items),
    }


def _controls(actor: Actor, col: Column, path: str, shown: Asked) -> Iterable[Mapping[str, Any]]:
    """Those of a list, but drop-downs with several values."""
    found = inputs.several(actor, col, name=path, chosen=shown.data.getlist(path))
    return control_fields(actor, col, path, shown) if found is None else [found]


def _items(tree: Any) -> list[Any]:
    return list(tree["and"]) if isinstance(tree.get("and"), list) else [tree]


def _asked(actor: Actor, spec: Spec) -> dict[str, Column]:
    paths = {path: column(spec, path) for path in condition_paths(spec, book=actor.book)}
    return {path: col for path, col in paths.items() if is_open(actor, col)}


def _split(actor: Actor, spec: Spec, items: list[Any]) -> tuple[QueryDict, list[Any]]:
    """(what the controls show, the conditions they can't show)."""
    told, kept, used = QueryDict(mutable=True), [], set()
    asked = _asked(actor, spec)
    for item in items:
        path = item[0] if isinstance(item, list) and item else None
        col = asked.get(path) if isinstance(path, str) and path not in used else None
        found = _parameters(col, item) if col is not None else None
        if found is None:
            kept.append(item)
        else:
            used.add(path)
            for key, values in found.items():
                told.setlist(key, values)
    return told, kept


def _parameters(col: Column, leaf: list[Any]) -> dict[str, list[str]] | None:
    """What the controls of this column hold when they mean the condition; None where they can't."""
    path, argument = leaf[0], leaf[2] if len(leaf) == 3 else None
    words = {operator: word for word, (operator, _label) in PERSON_WORDS.items()}
    if isinstance(argument, list) and len(argument) == 2 and leaf[1] == "between":
        found = {f"{path}_from": [str(argument[0] or "")], f"{path}_to": [str(argument[1] or "")]}
    elif isinstance(argument, list):
        found = {path: [str(one) for one in argument]}
    elif leaf[1] in words:
        found = {path: [words[leaf[1]]]}
    else:
        found = {path: [str(argument)]}
    data = QueryDict(mutable=True)
    for key, values in found.items():
        data.setlist(key, values)
    return found if _texts(leaf_of(col, path, data)) == _texts(leaf) else None


def _texts(leaf: Any) -> Any:
    """A condition with all its values as text: 7 and "7" mean the same row."""
    return [_texts(one) for one in leaf] if isinstance(leaf, list) else str(leaf)


def _unprefixed(data: QueryDict, name: str) -> QueryDict:
    found = QueryDict(mutable=True)
    for key, values in data.lists():
        if key.startswith(f"{name}-"):
            found.setlist(key.removeprefix(f"{name}-"), values)
    return found


def _prefixed(one: Mapping[str, Any], name: str) -> Field:
    return Field({**one, "name": f"{name}-{one['name']}"})


def _words(actor: Actor, spec: Spec, item: Any) -> str:
    try:
        return describe(read(spec, item, actor=actor), actor=actor)
    except Wrong as wrong:
        return str(wrong.message)


def _count(actor: Actor, spec: Spec, items: list[Any]) -> dict[str, Any]:
    """How many rows match now, and their list."""
    tree = {"and": items}
    try:
        node = read(spec, tree, actor=actor)
    except Wrong:
        return {"count": None, "count_url": ""}
    rows = scope.within(spec, actor, unscoped(spec, actor).live().filter(compile_q(node)))
    count = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return {
        "count": min(count, MOST_COUNTED),
        "more": count > MOST_COUNTED,
        "count_url": tree_address(spec, tree),
        "plural": spec.plural,
    }


def _days_fields(actor: Actor, spec: Spec, name: str) -> list[Field]:
    """A date compared with today: which date, how, by how many days."""
    dates = {}
    for path in (*condition_paths(spec, book=actor.book), "created_at"):
        col = column(spec, path)
        if isinstance(col.kind, kinds.DateKind) and col.parts is None and is_open(actor, col):
            dates[path] = col
    operators = kinds.DateKind.operators
    ways = [(code, capital(operators[code].label), 0) for code in RELATIVE]
    fields = [(path, str(col.label), 0) for path, col in dates.items()]
    return [
        _choice(f"{name}-days-field", _("Date"), fields),
        _choice(f"{name}-days-op", _("Compared with today"), ways),
        Field(
            {
                "name": f"{name}-days-n",
                "label": _("Days"),
                "widget": "number",
                "value": "",
                "unit": _("days"),
            }
        ),
    ]


def _choice(name: str, label: str, known: list[tuple[str, str, int]]) -> Field:
    return Field(
        {
            "name": name,
            "label": label,
            "widget": "choice",
            "value": "",
            "options_html": options_html(known, ""),
        }
    )
