"""What happened to a record, newest first, with the differences this reader may see."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.actor import Actor
from guanxi.kernel.history import Difference, differences
from guanxi.kernel.journal import changes_of
from guanxi.kernel.models import Change
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.pages import streams
from guanxi.pages.moments import mark_of, moment, older
from guanxi.pages.talked import Talk, talked
from guanxi.talk.entries import LONGEST, comment_closed

SHOWN = 20
KINDS = {
    "comments": gettext_lazy("Comments"),
    "files": gettext_lazy("Attachments"),
    "changes": gettext_lazy("Changes"),
}
WORDS = {
    "create": (gettext_lazy("created this"), "plus"),
    "edit": (gettext_lazy("changed this"), "pencil"),
    "invalidate": (gettext_lazy("invalidated this"), "archive"),
    "restore": (gettext_lazy("restored this"), "restore"),
    "transfer": (gettext_lazy("handed this over"), "user-share"),
    "undo": (gettext_lazy("took a change back"), "arrow-back-up"),
    "share": (gettext_lazy("shared this"), "share"),
    "unshare": (gettext_lazy("ended a share"), "share"),
    "comment_delete": (gettext_lazy("deleted a comment"), "message"),
    "detach": (gettext_lazy("deleted an attachment"), "paperclip"),
    "connect": (gettext_lazy("connected a sign-in account"), "link"),
    "disconnect": (gettext_lazy("disconnected a sign-in account"), "unlink"),
}
#: What the entries themselves show.
TALKED = ("comment", "comment_edit", "comment_restore", "attach", "reattach")
SURFACES = {
    "import": gettext_lazy("by import"),
    "job": gettext_lazy("by a job"),
    "command": gettext_lazy("by command"),
    "api": gettext_lazy("by API"),
}


def timeline(
    actor: Actor,
    spec: Spec,
    record: Any,
    *,
    asked: Mapping[str, str] = MappingProxyType({}),
    composer: Mapping[str, str] | None = None,
    talk: Talk | None = None,
) -> dict[str, Any]:
    """The context of `ui/_timeline.html`: up to 20 changes, comments, files and rows of objects that
    declare a `Stream`, newest first.

    `asked`: kind (a key of `_kinds`) and before (how far each source has been read, joined by ".").
    """
    children = streams.streams_of(actor, spec)
    labels = _kinds(children)
    kind = asked.get("kind", "") if asked.get("kind") in labels else ""
    marks = (asked.get("before", "").split(".") + [""] * (len(children) + 2))[: len(children) + 2]
    sources = [
        _changes(actor, spec, record, before=marks[0]) if kind in ("", "changes") else (),
        _talked(actor, spec, record, talk or Talk(spec, record), kind=kind, before=marks[1]),
    ]
    for (child, tab), mark in zip(children, marks[2:], strict=True):
        found = streams.moments(actor, record, child, tab, before=mark, most=SHOWN + 1)
        sources.append(found if kind in ("", child.path) else ())
    numbered = ([(place, *one) for one in source] for place, source in enumerate(sources))
    newest = list(islice(merge(*numbered, key=lambda one: one[1], reverse=True), SHOWN + 1))
    for place, _at, mark, _entry_of in newest[:SHOWN]:
        marks[place] = mark
    base = address(spec, record.pk)
    return {
        "entries": [entry for _place, _at, _mark, entry in newest[:SHOWN]],
        "filters": _filters(base, labels, kind),
        "composer": _composer(spec, record, composer),
        "base": base,
        **(_more(base, kind, marks) if len(newest) > SHOWN else {}),
    }


def _changes(actor: Actor, spec: Spec, record: Any, *, before: str) -> Iterator[streams.Moment]:
    found = changes_of(spec, record).exclude(verb__in=TALKED)
    changes = list(older(found, "at", before)[: SHOWN + 1])
    told = differences(actor, spec, record, changes)
    for change, lines in zip(changes, told, strict=True):
        yield change.at, mark_of(change.at, change.pk), _entry(change, lines)


def _talked(
    actor: Actor, spec: Spec, record: Any, talk: Talk, *, kind: str, before: str
) -> Iterator[streams.Moment]:
    if kind not in ("", "comments", "files"):
        return
    for entry in talk.newest(kind, before=before, most=SHOWN + 1):
        yield entry.at, mark_of(entry.at, entry.pk), talked(actor, spec, record, entry)


def _kinds(children: list[streams.Source]) -> dict[str, Any]:
    """What can be shown alone: word in the address -> label."""
    return {"": _("Everything"), **{child.path: child.plural for child, _tab in children}, **KINDS}


def _filters(base: str, labels: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "base": base, "query": f"?kind={key}", "active": key == kind}
        for key, label in labels.items()
    ]


def _composer(spec: Spec, record: Any, sent: Mapping[str, str] | None) -> dict[str, Any] | None:
    """None where nobody may write."""
    if comment_closed(spec, record):
        return None
    return {"max": LONGEST, **(sent or {})}


def _more(base: str, kind: str, marks: list[str]) -> dict[str, str]:
    """Addresses of what is older: each source goes on where it has been left."""
    query = urlencode({"kind": kind, "before": ".".join(marks)})
    return {"more_url": f"{base}?{query}#timeline", "more_part": f"{base}timeline/?{query}"}


def _entry(change: Change, lines: list[Difference]) -> dict[str, Any]:
    what, icon = WORDS.get(change.verb, WORDS["edit"])
    surface = SURFACES.get(change.surface)
    return {
        "icon": icon,
        "who": change.actor,
        "what": f"{what} {surface}" if surface else what,
        **moment(change.at),
        "system": True,
        "lines": lines,
    }
