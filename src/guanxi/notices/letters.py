"""A notice as a mail or as a line in a group, in the receiver's language; the mail of the
morning."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.actor import Actor
from guanxi.notices.inbox import Line, lines
from guanxi.notices.mail import mail_server, site
from guanxi.notices.models import Notice, Wishes
from guanxi.notices.outgoing import queue_message
from guanxi.notices.sight import LOOKING
from guanxi.notices.wishes import MAIL, ROBOT, language_of, not_before, wishes_of, zone_of
from guanxi.people.models import Person
from guanxi.people.rights import actor_of

DIGEST = "notices.digest"
LONGEST_DIGEST = 30


def send_out(
    actor: Actor, person: Person, notice: Notice, wishes: Wishes, wanted: frozenset[str]
) -> None:
    """Queues the mail and the robot's line this person wants; after the quiet hours."""
    if MAIL not in wanted and ROBOT not in wanted:
        return
    with as_read_by(person):
        shown, _gone = lines(actor, [notice])
        for line in shown:
            about = {
                "person_id": person.pk,
                "kind": notice.kind,
                "object": notice.object,
                "record_id": notice.record_id,
                "not_before": not_before(wishes, zone_of(person), timezone.now()),
            }
            if MAIL in wanted:
                subject = _said(line.title, line.label)
                content = letter([line], lead="", person=person)
                queue_message(to=person.email, subject=subject, content=content, **about)
            if ROBOT in wanted and wishes.robot is not None and wishes.robot.active:
                _to_group(person, line, wishes.robot, about)


def _said(title: str, label: str) -> str:
    return _("%(title)s: %(label)s") % {"title": title, "label": label} if title else label


def _to_group(person: Person, line: Line, robot: Any, about: dict[str, Any]) -> None:
    """Everybody in the group reads it: without leave it says no more than that there is one."""
    text = (
        f"{line.title}\n{line.text}" if robot.open_titles else _("There is a new notice for you.")
    )
    url = f"{site()}/notices/{line.id}/" if site() else ""
    subject = _("%(name)s: %(label)s") % {"name": person.name, "label": line.label}
    queue_message(
        to=robot.name, subject=subject, content={"text": text, "url": url}, robot=robot, **about
    )


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    with translation.override(language_of(person)), timezone.override(zone_of(person)):
        yield


def letter(found: Sequence[Line], *, lead: str, person: Person) -> dict[str, str]:
    """{"text", "html"} of a mail that names these notices."""
    context = {"lines": found, "lead": lead, "name": person.name, "site": site()}
    return {
        "text": render_to_string("notices/mail.txt", context).strip() + "\n",
        "html": render_to_string("notices/mail.html", context),
    }


def digest(person: Person) -> bool:
    """One mail with what is unread, if something came since the last one."""
    wishes = wishes_of(person.pk)
    unread = Notice.objects.filter(person_id=person.pk, read_at__isnull=True).order_by("-id")
    found = list(unread[:LONGEST_DIGEST])
    if not wishes.digest or not person.email or not found:
        return False
    if found[0].pk <= wishes.digested_until:
        return False
    with as_read_by(person):
        shown, _gone = lines(actor_of(person), found)
        if not shown:
            return False
        total = unread.count()
        count = {"count": f"{total:,}"}
        subject = ngettext("%(count)s unread notice", "%(count)s unread notices", total) % count
        lead = _("This is what you have not read yet.")
        content = letter(shown, lead=lead, person=person)
        about = {
            "person_id": person.pk,
            "kind": DIGEST,
            "not_before": not_before(wishes, zone_of(person), timezone.now()),
        }
        until = {"digested_until": found[0].pk}
        with transaction.atomic():
            queue_message(to=person.email, subject=subject, content=content, **about)
            Wishes.objects.update_or_create(person_id=person.pk, defaults=until)
    return True


def send_digests() -> int:
    """For everybody who wants one; how many were queued."""
    if mail_server() is None:
        return 0
    waiting = Notice.objects.filter(read_at__isnull=True).order_by()
    ids = list(waiting.values_list("person_id", flat=True).distinct())
    people = Person.rows(LOOKING).live().filter(pk__in=ids, signs_in=True)
    return sum(digest(person) for person in people.select_related("user"))
