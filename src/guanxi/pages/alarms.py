"""Ready-made conditions of an object: one tap above its list, and rows that stand out by them."""

from collections.abc import Callable
from typing import Any

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.parameters import CONDITIONS
from guanxi.kernel.query import Group, Leaf, matches, read
from guanxi.kernel.spec import Spec
from guanxi.pages.conditions import Asked


def quick_tabs(spec: Spec, asked: Asked) -> list[dict[str, Any]]:
    """A tab for each of them, within whose rows one looks at."""
    now = asked.data.get(CONDITIONS, "")
    texts = [(quick.label, kinds.tree_text(quick.tree)) for quick in spec.quick]
    return [
        {"label": label, "url": asked.url(**{CONDITIONS: text}), "active": now == text}
        for label, text in texts
    ]


def alarm_paths(spec: Spec) -> tuple[str, ...]:
    """The fields that decide whether a row stands out."""
    paths: dict[str, None] = {}
    for quick in spec.quick:
        if quick.alarm:
            paths |= dict.fromkeys(leaf[0] for leaf in quick.tree["and"])
    return tuple(paths)


def alarm_of(actor: Actor, spec: Spec) -> Callable[[Any], str]:
    """Under which label a record stands out, "" for most; a closed field tells nothing."""
    known: list[tuple[Any, Leaf | Group]] = []
    for quick in spec.quick:
        if not quick.alarm:
            continue
        try:
            known.append((quick.label, read(spec, quick.tree, actor=actor)))
        except Wrong:
            continue

    def alarm(record: Any) -> str:
        if record.is_void:
            return ""
        return next((str(label) for label, node in known if matches(node, record)), "")

    return alarm
