from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from guanxi.jobs import registry
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import (
    MAX_ATTEMPTS,
    cancel,
    claim,
    enqueue,
    finish,
    renew,
    requeue_expired,
)
from guanxi.jobs.registry import job

LEASE = timedelta(minutes=1)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "KINDS", {})

    @job("probe.greet")
    def greet(run, *, name="world"):
        return name

    @job("probe.load", lane="bulk")
    def load(run):
        return None


def put(**columns):
    return enqueue("probe.greet", {}, person_id=7, **columns)


def test_enqueue_keeps_who_and_what():
    queued = enqueue("probe.greet", {"name": "关系"}, person_id=7, surface="import", batch_id=3)
    found = Job.objects.get(pk=queued.pk)
    assert (found.kind, found.lane, found.state) == ("probe.greet", "quick", State.QUEUED)
    assert (found.arguments, found.person_id) == ({"name": "关系"}, 7)
    assert (found.surface, found.batch_id, found.language) == ("import", 3, "zh-hans")


def test_enqueue_refuses_what_no_worker_could_do():
    with pytest.raises(LookupError, match=r"probe\.nothing"):
        enqueue("probe.nothing", {}, person_id=7)
    with pytest.raises(TypeError, match=r"probe\.greet.*nam"):
        enqueue("probe.greet", {"nam": "x"}, person_id=7)
    assert not Job.objects.exists()


def test_work_of_a_transaction_that_failed_is_never_done():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        raise ZeroDivisionError
    assert claim("quick", "me", lease=LEASE) is None


def test_same_key_is_queued_once_while_active():
    first = put(key="customer 1")
    assert put(key="customer 1") == first
    assert enqueue("probe.load", {}, person_id=7, key="customer 1") != first
    assert put(key="customer 2") != first
    taken = claim("quick", "me", lease=LEASE)
    assert put(key="customer 1") == first == taken
    finish(taken, State.DONE)
    assert put(key="customer 1") != first


def test_jobs_without_a_key_never_meet():
    assert put() != put()


def test_claim_takes_the_longest_waiting_of_its_lane_that_is_due():
    now = timezone.now()
    later = put(not_before=now + timedelta(minutes=5))
    young = put(not_before=now - timedelta(minutes=1))
    old = put(not_before=now - timedelta(minutes=2))
    bulk = enqueue("probe.load", {}, person_id=7)
    taken = [claim("quick", "me", lease=LEASE) for _ in range(3)]
    assert taken == [old, young, None]
    assert claim("bulk", "me", lease=LEASE) == bulk
    assert Job.objects.get(pk=later.pk).state == State.QUEUED
    assert taken[0].attempts == 1
    assert taken[0].lease_until > now


def test_only_the_holder_of_the_lease_writes():
    put()
    first = claim("quick", "me", lease=timedelta(seconds=-1))
    assert requeue_expired() == 1
    second = claim("quick", "me", lease=LEASE)
    assert first == second
    assert first.lease_owner != second.lease_owner
    assert not renew(first, lease=LEASE, done=5)
    assert not finish(first, State.FAILED)
    assert renew(second, lease=LEASE, done=6)
    assert finish(second, State.DONE)
    assert not renew(second, lease=LEASE)
    assert Job.objects.get(pk=first.pk).done == 6


def test_late_holder_keeps_a_lease_nobody_took():
    put()
    taken = claim("quick", "me", lease=timedelta(seconds=-1))
    assert renew(taken, lease=LEASE)
    assert requeue_expired() == 0


def test_job_that_fell_silent_too_often_fails():
    put()
    for _ in range(MAX_ATTEMPTS):
        assert Job.objects.get().state == State.QUEUED
        claim("quick", "me", lease=timedelta(seconds=-1))
        requeue_expired()
    ended = Job.objects.get()
    assert (ended.state, ended.error_code) == (State.FAILED, "worker_lost")
    assert ended.finished_at is not None


def test_cancel_ends_a_waiting_job_and_asks_a_running_one():
    waiting, running, over = put(), put(), put()
    for chosen in (running, over):
        Job.objects.filter(pk=chosen.pk).update(not_before=timezone.now() - timedelta(hours=1))
    taken = [claim("quick", "me", lease=timedelta(seconds=-1)) for _ in range(2)]
    finish(next(job for job in taken if job == over), State.DONE)
    assert cancel(waiting.pk)
    assert cancel(running.pk)
    assert not cancel(over.pk)
    assert Job.objects.get(pk=waiting.pk).state == State.CANCELLED
    assert Job.objects.get(pk=running.pk).state == State.RUNNING
    requeue_expired()
    assert Job.objects.get(pk=running.pk).state == State.CANCELLED


def test_kinds_are_declared_once_and_in_a_known_lane():
    with pytest.raises(ValueError, match="twice"):
        job("probe.greet")(lambda run: None)
    with pytest.raises(ValueError, match="lane"):
        job("probe.other", lane="slow")
