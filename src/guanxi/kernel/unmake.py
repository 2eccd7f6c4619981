"""Taking back the making of rows, many at a time: what an undone import mostly does."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import remove_many
from guanxi.kernel.models import Batch, Change
from guanxi.kernel.spec import Spec


def unmake_many(
    actor: Actor, changes: Sequence[Change], *, batch: Batch | None
) -> list[tuple[Change, str]]:
    """Removes the rows these changes made, all of one object; ("" or why it can't be) for each.

    The transaction is the caller's. Rows that only others of these rows link to go with them.
    """
    spec = registry.spec(changes[0].object)
    ids = [change.record_id for change in changes]
    stored = spec.model._all.select_for_update().in_bulk(ids)
    seen = set(spec.model.rows(actor, "view").filter(pk__in=ids).values_list("pk", flat=True))
    may_go = set(spec.model.rows(actor, "delete").filter(pk__in=ids).values_list("pk", flat=True))
    reasons: dict[int, str] = {}
    for change in changes:
        record = stored.get(change.record_id)
        own = change.person_id is not None and change.person_id == actor.person_id
        if record is None:
            reasons[change.pk] = _("The row no longer exists.")
        elif record.pk not in seen:
            reasons[change.pk] = out_of_reach_message()
        elif record.version != change.version and touched_since(change, batch):
            reasons[change.pk] = _("The row has been changed since.")
        elif not (own or record.pk in may_go):
            reasons[change.pk] = not_allowed_message()
    going = {change.record_id for change in changes if change.pk not in reasons}
    used = _still_used(spec, going)
    for change in changes:
        if change.record_id in used:
            reasons.setdefault(change.pk, _("The row is in use by now."))
    records = [stored[one] for one in ids if one in going - used]
    if records:
        batch_id = batch.pk if batch else actor.batch_id
        remove_many(actor, spec, records, event=f"{spec.key}.unmade", batch_id=batch_id)
    return [(change, reasons.get(change.pk, "")) for change in changes]


def _still_used(spec: Spec, going: set[int]) -> set[int]:
    """Those of the rows that something links to which does not go with them."""
    used: set[int] = set()
    links: list[tuple[int, int]] = []
    for model, field, owner in registry.links_to(spec.key):
        attribute = model._meta.get_field(field).attname
        holder, by = model, "pk"
        if owner is None:
            # A child row goes with the row it belongs to.
            above, parts = registry.owner_of(model)
            holder, by = above.model, f"{parts.owner_field}_id"
        found = model._all.filter(**{f"{attribute}__in": going}).values_list(attribute, by)
        if holder is spec.model:
            links += found
        else:
            used.update(one for one, _by in found)
    while True:
        more = {one for one, by in links if by not in going or by in used} - used
        if not more:
            return used
        used |= more


def touched_since(change: Change, batch: Batch | None) -> bool:
    """Whether anything but its own batch and the undo of it has changed the row after this
    change."""
    if batch is None or change.batch_id is None:
        return True
    later: Any = Change.objects.filter(
        object=change.object, record_id=change.record_id, version__gt=change.version
    )
    return later.exclude(batch__in=(change.batch_id, batch.pk)).exists()


def out_of_reach_message() -> str:
    return _("The row is not within your reach.")


def not_allowed_message() -> str:
    return _("You may not delete this.")
