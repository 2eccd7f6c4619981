"""What happened to a record, newest first, with the differences this reader may see."""

from collections.abc import Mapping
from heapq import merge
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Wrong
from guanxi.kernel.journal import changes_of
from guanxi.kernel.models import Change
from guanxi.kernel.present import address, title_for
from guanxi.kernel.snapshot import from_json
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages.moments import moment
from guanxi.pages.talked import talked
from guanxi.talk.entries import LONGEST, comment_closed, entries_of
from guanxi.talk.models import Entry

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
    """The context of `ui/_timeline.html`: up to 20 changes, comments and files, newest first.

    `asked`: kind (a key of KINDS) and before ("change.entry", older than these two numbers).
    """
    kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
    change_id, _dot, entry_id = asked.get("before", "").partition(".")
    cursor = (whole_number(change_id), whole_number(entry_id))
    changes = (
        list(changes_of(spec, record, before=cursor[0])[: SHOWN + 1])
        if not kind or (kind == "changes")
        else []
    )
    said = _talked(spec, record, kind, before=cursor[1])
    merged = list(merge(changes, said, key=lambda one: one.at, reverse=True))
    shown = merged[:SHOWN]
    base = address(spec, record.pk)
    return {
        "entries": _shown(actor, spec, record, shown),
        "filters": _filters(base, kind),
        "composer": _composer(spec, record, composer),
        "base": base,
        **(_more(base, kind, shown, cursor) if len(merged) > SHOWN else {}),
    }


def _talked(spec: Spec, record: Any, kind: str, *, before: int | None) -> list[Entry]:
    if kind == "changes":
        return []
    found = entries_of(spec, record)
    if kind:
        found = found.filter(file__isnull=kind == "comments")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[: SHOWN + 1])


def _shown(actor: Actor, spec: Spec, record: Any, shown: list[Any]) -> list[dict[str, Any]]:
    changes = [one for one in shown if isinstance(one, Change)]
    titles = _titles(actor, spec, changes)
    mine = scope.is_mine(spec, actor, record)
    return [
        _entry(actor, spec, one, mine=mine, titles=titles)
        if isinstance(one, Change)
        else talked(actor, spec, record, one)
        for one in shown
    ]


def _filters(base: str, kind: str) -> list[dict[str, Any]]:
    found = [
        {"label": label, "query": f"?kind={key}", "active": key == kind}
        for key, label in KINDS.items()
    ]
    every = {"label": _("Everything"), "query": "?kind=", "active": not kind}
    return [one | {"base": base} for one in (every, *found)]


def _composer(spec: Spec, record: Any, sent: Mapping[str, str] | None) -> dict[str, Any] | None:
    """None where nobody may write."""
    if comment_closed(spec, record):
        return None
    return {"max": LONGEST, **(sent or {})}


def _more(
    base: str, kind: str, shown: list[Any], cursor: tuple[int | None, int | None]
) -> dict[str, str]:
    """Addresses of what is older: each of the two streams goes on where it has been left."""
    last = []
    for model, before in ((Change, cursor[0]), (Entry, cursor[1])):
        ids = [one.pk for one in shown if isinstance(one, model)]
        last.append(str(min(ids) if ids else before or ""))
    query = urlencode({"kind": kind, "before": ".".join(last)})
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
        show = _shower(spec, name, col.kind, titles, masked=rule is Policy.MASKED)
        found.append({"label": str(col.label), "old": show(old), "new": show(new)})
    return found


def _shower(
    spec: Spec, name: str, kind: kinds.Kind, titles: dict[str, dict[int, str]], *, masked: bool
) -> Any:
    def show(stored: Any) -> str:
        if stored in (None, "") and not isinstance(kind, kinds.BooleanKind):
            return ""
        if isinstance(kind, kinds.LinkKind):
            return titles.get(kind.to, {}).get(stored, _("(not within your reach)"))
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
