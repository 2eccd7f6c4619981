"""What the journal says about a record, as far as this reader may know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policy
from guanxi.kernel.company import amount_of, currency_column, foreign, own_currency
from guanxi.kernel.describe import tell
from guanxi.kernel.errors import Wrong
from guanxi.kernel.models import Change
from guanxi.kernel.snapshot import from_json
from guanxi.kernel.spec import Spec
from guanxi.kernel.titles import titles_of

Titles = dict[str, dict[int, str]]


@dataclass(frozen=True)
class Difference:
    """One field of a change in words; "" for nothing there."""

    field: str
    label: str
    old: str
    new: str


def differences(
    actor: Actor, spec: Spec, record: Any, changes: Sequence[Change]
) -> list[list[Difference]]:
    """What each change did to fields this reader sees; nothing for making and deleting."""
    titles = _titles(actor, spec, changes)
    mine = scope.is_mine(spec, actor, record)
    knows_shares = scope.may(spec, actor, "share", record)
    found = []
    for change in changes:
        diff = change.payload.diff  # type: ignore[attr-defined]
        if change.verb in ("share", "unshare"):
            found.append(_share(diff, titles) if knows_shares else [])
        elif change.verb in ("attach", "detach", "reattach"):
            found.append(_file(diff))
        elif change.verb in ("connect", "disconnect"):
            found.append(_account(diff))
        elif _is_silent(change):
            found.append([])
        else:
            found.append(_lines(actor, spec, diff, mine=mine, titles=titles))
    return found


def _is_silent(change: Change) -> bool:
    """What was said stands where it was said; what somebody took away is gone for readers."""
    return change.verb in ("create", "delete") or "comment" in change.verb


def _share(diff: dict[str, Any], titles: Titles) -> list[Difference]:
    old, new = (_share_words(one, titles) for one in diff["share"])
    return [Difference("share", _("Share"), old, new)]


def _share_words(stored: dict[str, Any] | None, titles: Titles) -> str:
    if not stored:
        return ""
    name = titles.get("people.person", {}).get(stored["person"], _("(not within your reach)"))
    right = _("may view and edit") if stored["level"] == "write" else _("may view")
    return _(", ").join(filter(None, (name, right, stored["until"])))


def _file(diff: dict[str, Any]) -> list[Difference]:
    old, new = (one["name"] if one else "" for one in diff["file"])
    return [Difference("file", _("Attachment"), old, new)]


def _account(diff: dict[str, Any]) -> list[Difference]:
    """An account of another house one signs in with."""
    old, new = (f"{one['house']}: {one['name']}" if one else "" for one in diff["account"])
    return [Difference("account", _("Sign-in account"), old, new)]


def _lines(
    actor: Actor, spec: Spec, diff: dict[str, Any], *, mine: bool, titles: Titles
) -> list[Difference]:
    found = []
    for name, (old, new) in diff.items():
        parts = spec.part(name)
        if parts is not None:
            probe = column(spec, f"{name}.{parts.fields[0]}")
            if policy(actor, probe, mine=mine) >= Policy.READONLY:
                found.append(Difference(name, str(parts.label), _rows(old), _rows(new)))
            continue
        if amount_of(spec.model, name) in diff.keys() - {name}:
            continue
        path = name.removesuffix("_id")
        try:
            col = column(spec, path)
        except Wrong:
            continue
        rule = policy(actor, col, mine=mine)
        if rule is Policy.HIDDEN:
            continue
        if isinstance(col.kind, kinds.MoneyKind) and rule is not Policy.MASKED:
            texts = _amounts(actor, col.kind, (old, new), diff.get(currency_column(name)))
        else:
            show = _shower(actor, spec, name, col.kind, titles, masked=rule is Policy.MASKED)
            texts = show(old), show(new)
        if any(texts):
            found.append(Difference(path, str(col.label), *texts))
    return found


def _amounts(
    actor: Actor, kind: kinds.MoneyKind, pair: Sequence[Any], currencies: Sequence[str] | None
) -> tuple[str, str]:
    """Both amounts, each in its currency; older changes don't tell one that stayed."""
    own = own_currency(actor.book)
    old, new = (
        ""
        if stored is None
        else kinds.show_money(kind.from_journal(stored), foreign(code, own=own))
        for stored, code in zip(pair, currencies or (own, own), strict=True)
    )
    return old, new


def _shower(
    actor: Actor, spec: Spec, name: str, kind: kinds.Kind, titles: Titles, *, masked: bool
) -> Callable[[Any], str]:
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


def _titles(actor: Actor, spec: Spec, changes: Sequence[Change]) -> Titles:
    """Titles of linked rows that appear in the differences, only of rows within reach."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        if _is_silent(change):
            continue
        for name, pair in change.payload.diff.items():  # type: ignore[attr-defined]
            if name == "share":
                ids = {one["person"] for one in pair if one}
                wanted.setdefault("people.person", set()).update(ids)
            if not name.endswith("_id"):
                continue
            try:
                kind = column(spec, name.removesuffix("_id")).kind
            except Wrong:
                continue
            if isinstance(kind, kinds.LinkKind):
                numbers = {one for one in pair if isinstance(one, int)}
                wanted.setdefault(kind.to, set()).update(numbers)
    found = {}
    for key, ids in wanted.items():
        target = registry.spec(key)
        found[key] = titles_of(actor, target, scope.granted(target, actor, "view", ids))
    return found
