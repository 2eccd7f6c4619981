"""What happened to a record, newest first, with the differences this reader may see."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policy
from guanxi.kernel.describe import tell
from guanxi.kernel.errors import Wrong
from guanxi.kernel.journal import changes_of
from guanxi.kernel.models import Change
from guanxi.kernel.present import address, title_for
from guanxi.kernel.snapshot import from_json
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages import streams
from guanxi.pages.moments import moment
from guanxi.pages.talked import talked
from guanxi.talk.entries import LONGEST, comment_closed, entries_of

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
}
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
        _talked(actor, spec, record, kind, before=marks[1]),
    ]
    for (child, tab), mark in zip(children, marks[2:], strict=True):
        found = streams.moments(actor, record, child, tab, before=mark, most=SHOWN + 1)
        sources.append(found if kind in ("", child.path) else ())
    # Each source keeps its own order: that of the journal is that of writing.
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
    changes = list(changes_of(spec, record, before=whole_number(before))[: SHOWN + 1])
    titles = _titles(actor, spec, changes)
    mine = scope.is_mine(spec, actor, record)
    for change in changes:
        yield change.at, str(change.pk), _entry(actor, spec, change, mine=mine, titles=titles)


def _talked(
    actor: Actor, spec: Spec, record: Any, kind: str, *, before: str
) -> Iterator[streams.Moment]:
    if kind not in ("", "comments", "files"):
        return
    found = entries_of(spec, record)
    if kind:
        found = found.filter(file__isnull=kind == "comments")
    number = whole_number(before)
    if number is not None:
        found = found.filter(pk__lt=number)
    for entry in found[: SHOWN + 1]:
        yield entry.at, str(entry.pk), talked(actor, spec, record, entry)


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


def _entry(
    actor: Actor, spec: Spec, change: Change, *, mine: bool, titles: dict[str, dict[int, str]]
) -> dict[str, Any]:
    what, icon = WORDS.get(change.verb, WORDS["edit"])
    surface = SURFACES.get(change.surface)
    whole = change.verb in ("create", "delete")
    lines = [] if whole else _lines(actor, spec, change, mine=mine, titles=titles)
    return {
        "icon": icon,
        "who": change.actor,
        "what": f"{what} {surface}" if surface else what,
        **moment(change.at),
        "system": True,
        "lines": lines,
    }


def _lines(
    actor: Actor, spec: Spec, change: Change, *, mine: bool, titles: dict[str, dict[int, str]]
) -> list[dict[str, str]]:
    found = []
    for name, (old, new) in change.payload.diff.items():  # type: ignore[attr-defined]
        parts = spec.part(name)
        if parts is not None:
            probe = column(spec, f"{name}.{parts.fields[0]}")
            if policy(actor, probe, mine=mine) >= Policy.READONLY:
                found.append({"label": str(parts.label), "old": _rows(old), "new": _rows(new)})
            continue
        path = name.removesuffix("_id")
        try:
            col = column(spec, path)
        except Wrong:
            continue
        rule = policy(actor, col, mine=mine)
        if rule is Policy.HIDDEN:
            continue
        show = _shower(actor, spec, name, col.kind, titles, masked=rule is Policy.MASKED)
        found.append({"label": str(col.label), "old": show(old), "new": show(new)})
    return found


def _shower(
    actor: Actor,
    spec: Spec,
    name: str,
    kind: kinds.Kind,
    titles: dict[str, dict[int, str]],
    *,
    masked: bool,
) -> Any:
    def show(stored: Any) -> str:
        if stored in (None, "") and not isinstance(kind, kinds.BooleanKind):
            return ""
        if isinstance(kind, kinds.LinkKind):
            return titles.get(kind.to, {}).get(stored, _("(not within your reach)"))
        if isinstance(kind, kinds.ConditionsKind) and not masked:
            return tell(actor, kind, stored)
        value = from_json(spec.model, name, stored)
        return kind.mask(value) if masked else kind.show(value)

    return show


def _rows(stored: list[dict[str, Any]] | None) -> str:
    texts = []
    for line in stored or ():
        words = [
            str(value)
            for name, value in line.items()
            if name not in ("id", "kind", "is_main") and isinstance(value, str)
        ]
        texts.append(" ".join(words))
    return "; ".join(text for text in texts if text)


def _titles(actor: Actor, spec: Spec, changes: list[Change]) -> dict[str, dict[int, str]]:
    """Titles of linked rows that appear in the differences, only of rows within reach."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        for name, pair in change.payload.diff.items():  # type: ignore[attr-defined]
            if not name.endswith("_id"):
                continue
            try:
                kind = column(spec, name.removesuffix("_id")).kind
            except Wrong:
                continue
            if isinstance(kind, kinds.LinkKind):
                wanted.setdefault(kind.to, set()).update(
                    one for one in pair if isinstance(one, int)
                )
    found = {}
    for key, ids in wanted.items():
        rows = registry.spec(key).model.rows(actor, "view").filter(pk__in=ids)
        found[key] = {row.pk: title_for(actor, row) for row in rows}
    return found
