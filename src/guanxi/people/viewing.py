"""Looking at the product as another person: who may, for how long, and the record of it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing, NotAllowed, Refused
from guanxi.kernel.registry import spec
from guanxi.people.models import Person, Viewing
from guanxi.people.rights import actor_of
from guanxi.people.security import security

LENGTH = timedelta(minutes=30)
PERSON, VERB = "people.person", "view_as"


def start_viewing(actor: Actor, person_id: int, *, address: str) -> Viewing:
    """Begins and logs it. Raises Missing, NotAllowed, Refused."""
    person = viewable(actor, person_id)
    now = timezone.now()
    return Viewing.objects.create(
        viewer_id=actor.person_id,
        viewer=actor.name,
        person_id=person.pk,
        person=person.name,
        book=actor.book,
        address=address[:45],
        started_at=now,
        until=now + LENGTH,
    )


def viewable(actor: Actor, person_id: int) -> Person:
    """The person, where the actor may look as them now; raises Missing, NotAllowed, Refused."""
    if actor.person_id is None or actor.only_looks:
        raise NotAllowed(_("You may not look as somebody else."))
    person: Person = get_record(actor, spec(PERSON), person_id, VERB)
    if person.pk == actor.person_id:
        raise Refused(_("That is you."))
    administers = actor_of(person).may("people.role", "edit")
    if administers and not security(actor.book).view_administrators:
        raise Refused(_("Nobody looks as an administrator; the security settings say so."))
    return person


def viewed(viewing: Viewing, viewer: Actor) -> Person | None:
    """Whom this viewer still looks as; None once it has ended or is no longer allowed."""
    if viewing.viewer_id != viewer.person_id or not is_running(viewing):
        return None
    try:
        return viewable(viewer, viewing.person_id)
    except (Missing, NotAllowed, Refused):
        return None


def find_viewing(viewing_id: object) -> Viewing | None:
    return Viewing.objects.filter(pk=viewing_id).first()


def is_running(viewing: Viewing) -> bool:
    return viewing.ended_at is None and timezone.now() < viewing.until


def end_viewing(viewing: Viewing) -> None:
    """Notes the end once: now, or when its time was over."""
    end = min(timezone.now(), viewing.until)
    Viewing.objects.filter(pk=viewing.pk, ended_at__isnull=True).update(ended_at=end)


def viewings(book: int, *, limit: int) -> list[Viewing]:
    """The newest first."""
    return list(Viewing.objects.filter(book=book).order_by("-id")[:limit])
