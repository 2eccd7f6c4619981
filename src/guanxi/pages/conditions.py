"""The query conditions of a list: from the address to a condition tree, and back to controls."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import CURRENCY, Column, column, is_open
from guanxi.kernel.company import currencies
from guanxi.kernel.describe import describe
from guanxi.kernel.errors import Wrong
from guanxi.kernel.extra import condition_paths
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.paging import can_order
from guanxi.kernel.parameters import CONDITIONS, ENDINGS
from guanxi.kernel.query import Group, known_column, read
from guanxi.kernel.regions import full_name
from guanxi.kernel.spec import Spec
from guanxi.pages import inputs
from guanxi.pages.regions import sent_region
from guanxi.ui.fields import Field

IN_SIGHT = 3
#: Characters of an address that a message repeats.
MOST_SHOWN = 80
VOID_CHOICES = {
    "": gettext_lazy("valid"),
    "void": gettext_lazy("invalid"),
    "all": gettext_lazy("all"),
}
RANGES = (kinds.DateKind, kinds.MoneyKind, kinds.IntegerKind, kinds.DecimalKind, kinds.PercentKind)
#: in an address -> (operator, how it is said)
PERSON_WORDS = {
    "me": ("me", gettext_lazy("me")),
    "team": ("below_me", gettext_lazy("my subordinates")),
}
STATE = ("sort", "per_page", "view")
MOVES = ("page", "at", "after", "before", "total", "first", "last")


@dataclass
class Asked:
    """What a list address asks for: `node` is the checked tree, `errors` what could not be read."""

    spec: Spec
    data: QueryDict
    node: Group
    chips: list[dict[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.data.get("q", "").strip()

    @property
    def void(self) -> str:
        value = self.data.get("void", "")
        return value if value in VOID_CHOICES else ""

    def url(self, **changes: Any) -> str:
        """The same list with other parameters; None takes one away, moves start over."""
        return list_url(self.spec, self.data, **changes)


def list_url(spec: Spec, data: QueryDict, *, base: str = "", **changes: Any) -> str:
    kept = [
        (name, value)
        for name, values in data.lists()
        for value in values
        if value and name not in MOVES and name not in changes
    ]
    kept += [(name, value) for name, value in changes.items() if value not in (None, "")]
    return f"{base or f'/{spec.path}/'}{'?' + urlencode(kept) if kept else ''}"


def ask(actor: Actor, spec: Spec, data: QueryDict) -> Asked:
    """Reads the conditions of an address; what can't be read is named and left out."""
    asked = Asked(spec, data, Group("and", ()), errors=_closed(actor, spec, data))
    leaves: list[Any] = []
    for path in condition_paths(spec, book=actor.book):
        col = column(spec, path)
        if not is_open(actor, col):
            continue
        leaf = leaf_of(col, path, data)
        if leaf is None:
            continue
        try:
            node = read(spec, {"and": [leaf]}, actor=actor)
        except Wrong as wrong:
            asked.errors[path] = wrong.message
            continue
        leaves.append(leaf)
        gone = dict.fromkeys((path, f"{path}_from", f"{path}_to", f"{path}_op", f"{path}__text"))
        asked.chips.append({"label": describe(node, actor=actor), "remove_url": asked.url(**gone)})
    tree = _tree(data.get(CONDITIONS, ""))
    if tree is not None:
        _add_tree(actor, asked, tree, leaves)
    asked.node = read(spec, {"and": leaves}, actor=actor)
    return asked


def _closed(actor: Actor, spec: Spec, data: QueryDict) -> dict[str, str]:
    """{path: sentence} for what the address asks of fields this person may not search by.

    A custom field that is hidden answers as one that isn't there.
    """
    known = condition_paths(spec, book=actor.book)
    is_open_path = {path: is_open(actor, column(spec, path)) for path in known}
    typed: dict[str, list[str]] = {}
    for name, value in data.items():
        paths = [name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)]
        closed = [path for path in paths if not is_open_path.get(path, not is_extra(path))]
        if closed and value.strip():
            typed.setdefault(closed[0], []).append(f"{name}={value}")
    text = _("The condition “%(name)s” was left out: you can't search by it.")
    return {
        path: text % {"name": _said(actor, spec, path, " ".join(told))}
        for path, told in typed.items()
    }


def order_note(actor: Actor, spec: Spec, order: str) -> dict[str, str]:
    """{"sort": sentence} where the list can't stand in the order asked for."""
    left = [name for name in order.split() if not can_order(spec, name, actor=actor)]
    if not left:
        return {}
    text = _("The list is in its usual order: it can't be sorted by “%(name)s”.")
    return {"sort": text % {"name": _said(actor, spec, left[0].lstrip("-"), left[0])}}


def _said(actor: Actor, spec: Spec, path: str, typed: str) -> str:
    """The label for whoever sees that there is such a field; others know what they typed."""
    try:
        return str(known_column(spec, path, actor=actor).label)
    except Wrong:
        return typed[:MOST_SHOWN]


def _add_tree(actor: Actor, asked: Asked, tree: Any, leaves: list[Any]) -> None:
    try:
        node = read(asked.spec, tree, actor=actor)
    except Wrong as wrong:
        asked.errors[CONDITIONS] = wrong.message
        return
    if node.items:
        leaves.append(tree)
        chip = {"label": describe(node, actor=actor), "remove_url": asked.url(**{CONDITIONS: None})}
        asked.chips.append(chip)


def _tree(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {"unreadable": []}


def leaf_of(col: Column, path: str, data: QueryDict) -> Any:
    if isinstance(col.kind, RANGES):
        low, high = data.get(f"{path}_from", "").strip(), data.get(f"{path}_to", "").strip()
        period = data.get(f"{path}_op", "")
        if period in kinds.PERIODS and isinstance(col.kind, kinds.DateKind):
            return [path, "period", period]
        return [path, "between", [low, high]] if low or high else None
    values = [value.strip() for value in data.getlist(path) if value.strip()]
    if isinstance(col.kind, kinds.RegionKind):
        values = [text for text in (sent_region(data, path),) if text]
    if not values:
        return None
    if isinstance(col.kind, kinds.TreeLinkKind):
        return [path, "under", values]
    if isinstance(col.kind, kinds.PersonKind) and values[0] in PERSON_WORDS:
        return [path, PERSON_WORDS[values[0]][0]]
    if isinstance(col.kind, (kinds.LinkKind, kinds.ChoiceKind)):
        return [path, "in", values]
    if isinstance(col.kind, kinds.TagsKind):
        return [path, "has_any", values]
    if isinstance(col.kind, kinds.BooleanKind):
        return [path, "is", values[0]]
    return [path, col.kind.quick, values[0]]


def controls(actor: Actor, asked: Asked) -> dict[str, Any]:
    """The context of `ui/_conditions.html`."""
    found: list[dict[str, Any]] = []
    one_currency = len(currencies(actor.book)) == 1
    for path in condition_paths(asked.spec, book=actor.book):
        col = column(asked.spec, path)
        needless = one_currency and col.kind is CURRENCY and not asked.data.get(path)
        if is_open(actor, col) and not needless:
            found += control_fields(actor, col, path, asked)
    found.insert(min(IN_SIGHT - 1, len(found)), _void_control(asked))
    params = [(name, asked.data.get(name, "")) for name in (*STATE, CONDITIONS, "batch", "q")]
    more = found[IN_SIGHT:]
    return {
        "action": f"/{asked.spec.path}/",
        "clear_url": f"/{asked.spec.path}/",
        "fields": found[:IN_SIGHT],
        "more": more,
        "open": any(item.get("value") or item.get("error") for item in more),
        "active": asked.chips,
        "params": [(name, value) for name, value in params if value],
    }


def _void_control(asked: Asked) -> Field:
    return Field(
        {
            "name": "void",
            "label": _("Validity"),
            "widget": "choice",
            "value": asked.void,
            "placeholder": VOID_CHOICES[""],
            "options": [
                {"value": code, "label": label, "selected": code == asked.void}
                for code, label in VOID_CHOICES.items()
                if code
            ],
        }
    )


def control_fields(actor: Actor, col: Column, path: str, asked: Asked) -> list[dict[str, Any]]:
    data, error = asked.data, asked.errors.get(path, "")
    if isinstance(col.kind, RANGES):
        return [
            _end(actor, col, path, "from", _("%(field)s from"), data, error=error),
            _end(actor, col, path, "to", _("%(field)s to"), data, error=""),
        ]
    value = data.get(path, "")
    if isinstance(col.kind, kinds.BooleanKind):
        return [
            _choice(col, path, value, [(code, col.kind.show(code == "1")) for code in ("1", "0")])
        ]
    if isinstance(col.kind, kinds.BirthdayKind):
        return [_choice(col, path, value, list(kinds.SPANS.items()), error=error)]
    if isinstance(col.kind, kinds.RegionKind):
        value = sent_region(data, path)
    found = inputs.field(actor, col, name=path, value=value, error=error, wide=False, max=None)
    if isinstance(col.kind, kinds.RegionKind):
        found["text"] = found["text"] or full_name(value)
    if isinstance(col.kind, kinds.PersonKind) and value in PERSON_WORDS:
        found = found | {"text": PERSON_WORDS[value][1], "value": value}
    if found["widget"] in ("textarea", "email", "phone", "tags"):
        found["widget"] = "text"
    return [found | {"help": "", "compact": True}]


def _end(
    actor: Actor, col: Column, path: str, end: str, label: str, data: QueryDict, *, error: str
) -> dict[str, Any]:
    name = f"{path}_{end}"
    found = inputs.field(actor, col, name=name, value=data.get(name, ""), error=error)
    if found["widget"] == "datetime":
        found["widget"] = "date"
    return found | {"label": label % {"field": col.label}}


def _choice(
    col: Column, path: str, value: str, options: list[tuple[str, Any]], *, error: str = ""
) -> Field:
    return Field(
        {
            "name": path,
            "label": col.label,
            "widget": "choice",
            "value": value,
            "error": error,
            "options": [
                {"value": code, "label": label, "selected": code == value}
                for code, label in options
            ],
        }
    )
