import pytest
from django.db import OperationalError
from django.utils import translation
from django.utils.translation import pgettext_lazy

from guanxi.jobs import registry
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import MAX_ATTEMPTS, cancel, claim, enqueue
from guanxi.jobs.registry import job
from guanxi.jobs.run import LeaseLost, Run, Timing
from guanxi.jobs.worker import drain
from guanxi.kernel.errors import Invalid, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "KINDS", {})


def done(function, **arguments):
    """Queues and runs `function` as a job; returns the row."""
    job("probe.work")(function)
    queued = enqueue("probe.work", arguments, person_id=7)
    assert drain(timing=Timing(look=0)) == 1
    return Job.objects.get(pk=queued.pk)


def test_result_and_last_progress_are_kept():
    def work(run, *, upto):
        for number in range(upto):
            run.progress(number + 1, upto, pgettext_lazy("job", "running"))
        return {"sum": sum(range(upto)), "by": run.person_id}

    row = done(work, upto=5)
    assert (row.state, row.result) == (State.DONE, {"sum": 10, "by": 7})
    assert (row.done, row.total) == (5, 5)
    assert row.finished_at >= row.started_at


def test_message_is_in_the_language_of_who_asked():
    def work(run):
        run.progress(1, 1, pgettext_lazy("job", "running"))
        return translation.get_language()

    with translation.override("en"):
        row = done(work)
    assert (row.result, row.message) == ("en", "running")


@pytest.mark.parametrize(
    ("fault", "code", "text"),
    [
        (Refused("额度不足", code="limit"), "limit", "额度不足"),
        (Invalid({"name": ["Too long."], "": ["Twice."]}), "invalid", "Too long. Twice."),
        (ZeroDivisionError("by zero"), "unexpected", "ZeroDivisionError: by zero"),
        (SystemExit(1), "unexpected", "SystemExit: 1"),
    ],
)
def test_failure_is_kept_with_its_reason(fault, code, text):
    def work(run):
        raise fault

    row = done(work)
    assert (row.state, row.error_code, row.error_text) == (State.FAILED, code, text)


def test_result_that_is_no_json_fails_the_job():
    row = done(lambda run: object())
    assert (row.state, row.error_code) == (State.FAILED, "unexpected")


def test_kind_that_is_gone_fails_the_job():
    job("probe.work")(lambda run: None)
    queued = enqueue("probe.work", {}, person_id=7)
    registry.KINDS.clear()
    drain()
    row = Job.objects.get(pk=queued.pk)
    assert (row.state, row.error_code) == (State.FAILED, "unexpected")
    assert "probe.work" in row.error_text


def test_database_fault_is_tried_again_later_and_not_for_ever():
    def work(run):
        raise OperationalError("database is locked")

    row = done(work)
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert row.not_before > row.created_at
    for _time in range(MAX_ATTEMPTS - 1):
        Job.objects.update(not_before=row.created_at)
        drain()
    row.refresh_from_db()
    assert (row.state, row.error_code) == (State.FAILED, "attempts")
    assert row.error_text == "database is locked"


def test_cancelled_job_ends_at_the_next_safe_point_though_it_catches_everything():
    def work(run):
        for number in range(10):
            try:
                run.safe_point()
                run.progress(number + 1, 10)
                cancel(run.job.pk)
            except Exception:
                continue

    row = done(work)
    assert (row.state, row.done) == (State.CANCELLED, 1)


def test_cursor_counts_attempts_anew():
    def work(run):
        if run.cursor is None:
            run.save_cursor({"line": 40}, done=40, total=100)
            raise OperationalError("gone")
        return run.cursor

    row = done(work)
    assert (row.cursor, row.attempts, row.done) == ({"line": 40}, 1, 40)
    Job.objects.update(not_before=row.created_at)
    drain()
    row.refresh_from_db()
    assert (row.state, row.result) == (State.DONE, {"line": 40})


def test_cursor_of_a_lost_job_is_not_saved():
    job("probe.work")(lambda run: None)
    enqueue("probe.work", {}, person_id=7)
    taken = claim("quick", "me", lease=Timing().lease_span)
    run = Run(taken)
    run.save_cursor(1)
    Job.objects.update(lease_owner="other")
    with pytest.raises(LeaseLost):
        run.save_cursor(2)
    with pytest.raises(LeaseLost):
        run.safe_point()
    assert Job.objects.get().cursor == 1
