"""What happened to a record, newest first, with the differences this reader may see."""

from typing import Any

from django.utils import timezone
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

SHOWN = 20
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


def timeline(actor: Actor, spec: Spec, record: Any, *, before: str = "") -> dict[str, Any]:
    """The context of `ui/_timeline.html`: up to 20 entries older than change number `before`."""
    found = changes_of(spec, record, before=whole_number(before))
    changes = list(found[: SHOWN + 1])
    titles = _titles(actor, spec, changes)
    mine = scope.is_mine(spec, actor, record)
    more = len(changes) > SHOWN
    entries = [_entry(actor, spec, change, mine=mine, titles=titles) for change in changes[:SHOWN]]
    last = changes[SHOWN - 1].pk if more else 0
    return {
        "entries": entries,
        "more_url": f"{address(spec, record.pk)}timeline/?before={last}" if more else "",
    }


def _entry(
    actor: Actor, spec: Spec, change: Change, *, mine: bool, titles: dict[str, dict[int, str]]
) -> dict[str, Any]:
    what, icon = WORDS.get(change.verb, WORDS["edit"])
    surface = SURFACES.get(change.surface)
    whole = change.verb in ("create", "delete")
    lines = [] if whole else _lines(actor, spec, change, mine=mine, titles=titles)
    local = timezone.localtime(change.at)
    return {
        "icon": icon,
        "who": change.actor,
        "what": f"{what} {surface}" if surface else what,
        "when": f"{local:%m-%d %H:%M}"
        if local.year == timezone.localdate().year
        else f"{local:%Y-%m-%d}",
        "iso": f"{local:%Y-%m-%d %H:%M:%S}",
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
