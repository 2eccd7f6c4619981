from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from guanxi.jobs import registry, schedule
from guanxi.jobs.jobs import tidy
from guanxi.jobs.models import Job, Slot, State
from guanxi.jobs.queue import enqueue
from guanxi.jobs.run import Run
from guanxi.jobs.schedule import Plan, enqueue_due, scheduled
from guanxi.jobs.worker import drain

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "KINDS", {})
    monkeypatch.setattr(schedule, "PLANS", {})


@pytest.fixture
def hourly():
    return scheduled("probe.hourly", every=timedelta(hours=1))(lambda run: None)


@pytest.mark.parametrize(
    ("hour", "slot"),
    [
        (18, datetime(2026, 11, 20, 19, 40, tzinfo=UTC)),
        (20, datetime(2026, 11, 21, 19, 40, tzinfo=UTC)),
    ],
)
def test_daily_slot_is_in_the_local_day(settings, hour, slot):
    settings.LOCAL_TIME_ZONE = "Asia/Shanghai"
    plan = Plan(name="x", every=None, daily_at=time(3, 40))
    assert plan.latest(NOON.replace(hour=hour)) == slot


def test_daily_slot_exists_on_the_day_the_clocks_change(settings):
    settings.LOCAL_TIME_ZONE = "Europe/Berlin"
    plan = Plan(name="x", every=None, daily_at=time(2, 30))
    day = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert day - timedelta(hours=12) < plan.latest(day) < day


def test_new_schedule_begins_with_its_next_slot(hourly):
    assert enqueue_due(NOON + timedelta(minutes=5)) == 0
    assert enqueue_due(NOON + timedelta(minutes=55)) == 0
    assert enqueue_due(NOON + timedelta(minutes=61)) == 1
    assert Job.objects.get().person_id is None


def test_each_slot_is_queued_once_by_however_many(hourly):
    enqueue_due(NOON)
    for _process in range(3):
        enqueue_due(NOON + timedelta(hours=1))
    assert Job.objects.count() == 1


def test_only_the_latest_slot_is_made_up_for(hourly):
    enqueue_due(NOON)
    assert enqueue_due(NOON + timedelta(days=3, minutes=20)) == 1
    assert Slot.objects.get().at == NOON + timedelta(days=3)


def test_process_whose_clock_is_late_repeats_nothing(hourly):
    enqueue_due(NOON)
    enqueue_due(NOON + timedelta(hours=2))
    drain()
    assert enqueue_due(NOON + timedelta(hours=1)) == 0


def test_slot_passes_while_the_last_one_still_runs(hourly):
    enqueue_due(NOON)
    enqueue_due(NOON + timedelta(hours=1))
    enqueue_due(NOON + timedelta(hours=2))
    assert Job.objects.count() == 1


def test_seen_slots_cost_no_statement(hourly, django_assert_num_queries):
    seen = {}
    enqueue_due(NOON, seen=seen)
    with django_assert_num_queries(0):
        enqueue_due(NOON + timedelta(minutes=3), seen=seen)


def test_schedule_has_exactly_one_rhythm():
    with pytest.raises(ValueError, match="either"):
        scheduled("probe.none")
    with pytest.raises(ValueError, match="either"):
        scheduled("probe.both", every=timedelta(days=1), daily_at=time(3))


def test_tidy_removes_old_jobs_of_the_system_only():
    registry.job("probe.work")(lambda run: None)
    old = timezone.now() - timedelta(days=30)
    rows = {
        "old": {"person_id": None},
        "person": {"person_id": 7},
        "undoable": {"person_id": None, "batch_id": 1},
    }
    for key, columns in rows.items():
        enqueue("probe.work", {}, key=key, **columns)
    Job.objects.update(state=State.DONE, finished_at=old)
    fresh = enqueue("probe.work", {}, person_id=None, key="fresh")
    assert tidy(Run(fresh)) == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"person", "undoable", "fresh"}
