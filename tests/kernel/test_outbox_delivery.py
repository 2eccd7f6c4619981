from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.change import Many, change
from guanxi.kernel.journal import open_batch
from guanxi.kernel.models import Outbox
from guanxi.kernel.outbox import MAX_ATTEMPTS, deliver, publish_batch
from guanxi.testing.people import SYSTEM
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
UNIT = registry.spec("catalog.unit")
EVENT = f"{UNIT.key}.edited"


@pytest.fixture
def heard(monkeypatch):
    """Two subscribers of edits; the second fails as long as `failing` says so."""
    events, failing = [], []

    def listen(event):
        events.append(("listen", event))

    def stumble(event):
        if failing:
            raise RuntimeError(failing[0])
        events.append(("stumble", event))

    monkeypatch.setitem(registry._subscribers, EVENT, [listen, stumble])
    return events, failing


def edit(unit, remark):
    with change(SYSTEM, unit):
        unit.remark = remark


def test_an_event_is_delivered_once_to_each(heard):
    events, _failing = heard
    unit = make(UNIT, SYSTEM, 1)
    edit(unit, "改")
    assert events == [], "nothing is heard before the worker's turn"
    assert deliver() == 1
    assert [name for name, _event in events] == ["listen", "stumble"]
    event = events[0][1]
    assert (event.name, event.object, event.record_id) == (EVENT, UNIT.key, unit.pk)
    assert event.diff == {"remark": ["样例 1", "改"]}
    assert deliver() == 0
    assert len(events) == 2
    assert Outbox.objects.count() == 0


def test_who_failed_is_asked_again_and_nobody_else(heard):
    events, failing = heard
    failing.append("邮件服务器没有回答")
    unit = make(UNIT, SYSTEM, 1)
    edit(unit, "改")
    deliver()
    assert [name for name, _event in events] == ["listen"]
    row = Outbox.objects.get()
    assert (row.attempts, len(row.heard)) == (1, 1)
    assert "邮件服务器" in row.error
    assert row.not_before > timezone.now()
    assert deliver() == 0, "not before its time"
    Outbox.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    failing.clear()
    assert deliver() == 1
    assert [name for name, _event in events] == ["listen", "stumble"]
    assert Outbox.objects.count() == 0


def test_after_many_attempts_an_event_rests_with_its_error(heard):
    _events, failing = heard
    failing.append("nie")
    edit(make(UNIT, SYSTEM, 1), "改")
    for _attempt in range(MAX_ATTEMPTS + 2):
        Outbox.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        deliver()
    assert Outbox.objects.get().attempts == MAX_ATTEMPTS


def test_what_nobody_listens_to_is_not_kept():
    unit = make(UNIT, SYSTEM, 1)
    edit(unit, "改")
    assert Outbox.objects.count() == 0


def test_a_batch_is_one_event(monkeypatch, heard):
    events, _failing = heard
    name = f"{UNIT.key}.counted"
    monkeypatch.setitem(
        registry._subscribers, name, [lambda event: events.append(("batch", event))]
    )
    units = [make(UNIT, SYSTEM, number) for number in range(3)]
    batch = open_batch(SYSTEM, UNIT, kind="test")
    many = Many(SYSTEM, units, verb="edit", batch=batch)
    for one in many.edits:
        one.record.remark = "成批"
    assert many.write() == []
    publish_batch(name, batch)
    deliver()
    assert [(who, event.batch_id) for who, event in events] == [("batch", batch.pk)]
