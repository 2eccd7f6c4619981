"""Sign-ins as rows of their own; giving and closing them is `accounts`."""

from collections.abc import Iterable

from guanxi.kernel.actor import system_actor
from guanxi.people.models import Person, User


def make_user(username: str, *, password_hash: str) -> User:
    """A sign-in for a person who is about to be made; the password may be kept."""
    user = User(username=username, password=password_hash)
    user.save(force_insert=True)
    return user


def drop_loose_users(ids: Iterable[int]) -> int:
    """Deletes those of the sign-ins that belong to no person any more; returns how many."""
    everything = system_actor("sign-ins of nobody", surface="command")
    wanted = set(ids)
    people = Person.rows(everything).filter(user_id__in=wanted)
    loose = wanted - set(people.values_list("user_id", flat=True))
    return User.objects.filter(pk__in=loose).delete()[0]


def count_users() -> int:
    return User.objects.count()


def keep_unread(person_id: int, count: int) -> None:
    """Writes the number the bell shows to the person's sign-in, if there is one."""
    people = Person.rows(system_actor("notices")).filter(pk=person_id, user__isnull=False)
    User.objects.filter(pk__in=people.values("user_id")).exclude(unread=count).update(unread=count)
