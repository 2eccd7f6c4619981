"""What the demo's people find at their bell: who called them to a customer, which plans come up."""

from datetime import timedelta

from django.utils import timezone

from guanxi.demo.comments import HEAD, OBJECT
from guanxi.demo.history import History
from guanxi.demo.state import demo_actor
from guanxi.kernel import registry
from guanxi.kernel.journal import made_by
from guanxi.kernel.models import Batch
from guanxi.modules.activities.reminders import remind_of
from guanxi.notices.events import MENTIONED
from guanxi.notices.service import About, forget_persons, mark_older, notify
from guanxi.people.models import Person
from guanxi.talk.entries import calls_since

LATELY = timedelta(days=60)
#: Older ones have been read.
UNREAD = timedelta(days=5)
WORDS = 120


def write_notices(history: History) -> None:
    """The mentions of the last weeks, each at its time, and the plans of today."""
    now, head = timezone.now(), history.people[HEAD]
    for entry in calls_since(registry.spec(OBJECT), head, now - LATELY):
        persons = [person for person, _words in entry.mentions]
        values = {"words": entry.text[:WORDS]}
        subject = About(object=OBJECT, record_id=entry.record_id, values=values)
        notify(persons, MENTIONED, subject, by=head, key=f"demo:{entry.pk}", at=entry.at)
    for person_id in set(history.people.values()):
        mark_older(person_id, now - UNREAD)
    remind_of(timezone.localdate())


def drop_notices(batch: Batch) -> None:
    """Those of the demo's people who are gone."""
    made = set(made_by(batch, registry.spec(Person)).values_list("record_id", flat=True))
    stay = Person.rows(demo_actor()).filter(pk__in=made).values_list("pk", flat=True)
    forget_persons(made - set(stay))
