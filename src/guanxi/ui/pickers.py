"""The control of a link where a drop-down would be too long: typed and suggested, or picked."""

from typing import Any

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number

TYPED = "?"


def picker(actor: Actor, kind: kinds.LinkKind, chosen: str) -> dict[str, Any]:
    """The keys of `ui/widgets/link.html`; `chosen` is the id of the linked row as text, or ""."""
    target = registry.spec(kind.to)
    typed = chosen.startswith(TYPED)
    return {
        "widget": "person" if isinstance(kind, kinds.PersonKind) else "link",
        "value": "" if typed else chosen,
        "text": chosen[len(TYPED) :] if typed else title_within(actor, target, chosen),
        "url": f"/{target.path}/pick/",
        "suggest": f"/{target.path}/suggest/",
    }


def as_typed(text: str) -> str:
    """Instead of an id: a name nobody could be found by, which never reads as a number."""
    return TYPED + text


def title_within(actor: Actor, target: Spec, chosen: str) -> str:
    """The title of a chosen row, where the actor may see it."""
    if whole_number(chosen) is None:
        return ""
    row = target.model.rows(actor, "view").filter(pk=int(chosen)).first()
    return title_for(actor, row) if row else f"#{chosen}"
