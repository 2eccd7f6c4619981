"""Takes the demo back: everything it made and nobody has touched since."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from guanxi.demo.comments import drop_comments
from guanxi.demo.notices import drop_notices
from guanxi.demo.state import users_made
from guanxi.kernel.actor import Actor
from guanxi.kernel.journal import close_batch
from guanxi.kernel.models import Batch
from guanxi.kernel.undo import undo_batch, undoing
from guanxi.people.users import drop_loose_users

CHUNK = 200


@dataclass
class Removal:
    """How far a removal is. `left`: [object, record id, why] of the rows that stay."""

    cursor: int = 0
    seen: int = 0
    done: int = 0
    left: list[list[str | int]] = field(default_factory=list)


#: `keep` is called at the end of each chunk's transaction, `pause` between two chunks.
Keep = Callable[[Removal], None]
Pause = Callable[[], None]


def remove_demo(
    actor: Actor, batch: Batch, removal: Removal, *, keep: Keep, pause: Pause
) -> Removal:
    """Goes on from where `removal` is, in chunks of 200 changes, until nothing is left."""
    while _remove_chunk(actor, batch, removal, keep):
        pause()
    with transaction.atomic():
        # A person somebody has touched stays, and keeps the way in.
        drop_loose_users(users_made(batch))
        drop_comments(batch)
        drop_notices(batch)
        close_batch(undoing(actor, batch), rows=max(removal.done, 1))
    return removal


def _remove_chunk(actor: Actor, batch: Batch, removal: Removal, keep: Keep) -> bool:
    with transaction.atomic():
        result, after = undo_batch(actor, batch, start=removal.cursor, limit=CHUNK)
        if after == removal.cursor:
            return False
        removal.cursor, removal.seen = after, removal.seen + CHUNK
        removal.done += result.done
        removal.left += [
            [change.object, change.record_id, reason] for change, reason in result.left
        ]
        keep(removal)
    return True
