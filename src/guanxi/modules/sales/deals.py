"""Whether customers have bought: what follows from their won opportunities, right with each change."""

from collections.abc import Collection, Sequence
from typing import Any

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.derived import put_derived
from guanxi.kernel.sweep import unscoped
from guanxi.modules.customers.models import DealStatus
from guanxi.modules.sales.models import StageKind

#: What decides whose deal an opportunity is, and whether it is one.
DECIDING = ("customer_id", "stage_id", "voided_at")
CHUNK = 500


def follow_deals(actor: Actor, edits: Sequence[Any]) -> None:
    """The deal status of the customers whose opportunities came, went, or were decided."""
    touched: set[int | None] = set()
    for edit in edits:
        record, before = edit.record, edit.before
        if before is None and record.stage.kind != StageKind.WON:
            continue
        moved = before is None or any(before[name] != getattr(record, name) for name in DECIDING)
        if moved or edit.verb == "delete":
            touched |= {record.customer_id, before["customer_id"] if before else None}
    put_deal_status(actor, touched - {None})


def follow_stages(actor: Actor, edits: Sequence[Any]) -> None:
    """A stage that becomes a winning one, or is one no longer, decides all that stand in it."""
    turned = [
        edit.record.pk for edit in edits if edit.before and edit.before["kind"] != edit.record.kind
    ]
    if not turned:
        return
    rows = unscoped(registry.spec("sales.opportunity"), actor)
    rows = rows.filter(stage__in=turned, customer__isnull=False)
    ids = sorted(set(rows.values_list("customer_id", flat=True)))
    for start in range(0, len(ids), CHUNK):
        put_deal_status(actor, ids[start : start + CHUNK])


def put_deal_status(actor: Actor, ids: Collection[int | None]) -> None:
    """Works it out anew. The customers are locked first: of two who write at the same time, the
    second sees what the first decided."""
    if not ids:
        return
    spec = registry.spec("customers.customer")
    # Not against those who only link to the customer: they would wait for each other.
    locked = unscoped(spec, actor).filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    stored = dict(locked.values_list("pk", "deal_status"))
    won = unscoped(registry.spec("sales.opportunity"), actor).live()
    won = won.filter(customer__in=ids, stage__kind=StageKind.WON)
    dealt = set(won.values_list("customer_id", flat=True).distinct())
    found = {pk: DealStatus.DEALT if pk in dealt else DealStatus.NONE for pk in stored}
    changed = {pk: {"deal_status": now} for pk, now in found.items() if now != stored[pk]}
    put_derived(spec, changed)
