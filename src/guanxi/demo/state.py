"""Whether the demo is there, who signs in, and the password they share."""

import hashlib
import hmac

from django.conf import settings

from guanxi.kernel import journal, registry
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.models import Batch
from guanxi.people.models import Person
from guanxi.people.passwords import GROUP_LENGTH, GROUPS, SIGNS
from guanxi.people.users import count_users

KIND = "demo"


def demo_actor() -> Actor:
    return system_actor("demo", surface="command")


def demo_batch() -> Batch | None:
    """The batch of the demo, whole or not, until its removal has ended."""
    return journal.standing_batch(demo_actor(), kind=KIND)


def is_whole(batch: Batch) -> bool:
    """Neither still being made nor being removed, nor left behind half made or half removed."""
    return batch.rows > 0 and batch.undone_by is None


def demo_password() -> str:
    """The same whenever asked, another one in every installation, and kept nowhere.

    Whoever can read the key it is made of could sign a session without it.
    """
    key = settings.SECRET_KEY.encode()
    digest = hmac.new(key, b"password of the demo", hashlib.sha256).digest()
    signs = [SIGNS[byte % len(SIGNS)] for byte in digest[: GROUPS * GROUP_LENGTH]]
    return "-".join(
        "".join(signs[at : at + GROUP_LENGTH]) for at in range(0, len(signs), GROUP_LENGTH)
    )


def demo_signins(batch: Batch) -> list[Person]:
    """Everybody of the demo who signs in, with the user, in the order they were made."""
    made = journal.made_by(batch, registry.spec("people.person")).values("record_id")
    people = Person.rows(demo_actor()).filter(pk__in=made, signs_in=True, user__isnull=False)
    return list(people.select_related("user").order_by("id"))


def users_made(batch: Batch) -> list[int]:
    """Ids of the sign-ins made together with the people."""
    made = journal.made_by(batch, registry.spec("people.person"))
    diffs = made.values_list("payload__diff", flat=True)
    return [diff["user_id"][1] for diff in diffs if diff.get("user_id")]


def is_empty_installation() -> bool:
    """Nobody but the first account has been entered yet."""
    return Person.rows(demo_actor()).count() <= 1 and count_users() <= 1
