from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from guanxi.jobs.models import Job, State
from guanxi.jobs.run import Run
from guanxi.jobs.view import job_view, time_left

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make(**columns):
    return Job(kind="probe.work", surface="page", **columns)


@pytest.mark.parametrize(
    ("columns", "english", "chinese"),
    [
        ({"state": State.QUEUED}, "waiting", "排队中"),
        ({"state": State.QUEUED, "started_at": NOW}, "waiting to go on", "等待继续"),
        ({"state": State.RUNNING}, "running", "进行中"),
        ({"state": State.RUNNING, "cancel_requested": True}, "being cancelled", "正在取消"),
        ({"state": State.DONE}, "done", "已完成"),
        ({"state": State.FAILED}, "failed", "失败"),
        ({"state": State.CANCELLED}, "cancelled", "已取消"),
    ],
)
def test_state_in_words(columns, english, chinese):
    job = make(**columns)
    with translation.override("en"):
        assert job_view(job)["state_word"] == english
    with translation.override("zh-hans"):
        assert job_view(job)["state_word"] == chinese


@pytest.mark.parametrize(
    ("columns", "percent"),
    [
        ({"state": State.RUNNING}, None),
        ({"state": State.RUNNING, "done": 1, "total": 3}, 33),
        ({"state": State.RUNNING, "done": 4, "total": 3}, 100),
        ({"state": State.RUNNING, "done": 0, "total": 0}, None),
        ({"state": State.DONE}, 100),
    ],
)
def test_percent(columns, percent):
    assert job_view(make(**columns))["percent"] == percent


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "less than a minute left", "剩余不到 1 分钟"),
        (89, "about 1 minute left", "约剩 1 分钟"),
        (1500, "about 25 minutes left", "约剩 25 分钟"),
        (9000, "about 2 hours left", "约剩 2 小时"),
    ],
)
def test_time_left_in_words(seconds, english, chinese):
    with translation.override("en"):
        assert time_left(seconds) == english
    with translation.override("zh-hans"):
        assert time_left(seconds) == chinese


def test_time_left_only_while_running():
    end = NOW + timedelta(minutes=10)
    assert job_view(make(state=State.RUNNING, expected_end=end), NOW)["seconds_left"] == 600
    assert job_view(make(state=State.RUNNING, expected_end=end), end)["seconds_left"] == 0
    assert job_view(make(state=State.QUEUED, expected_end=end), NOW)["seconds_left"] is None


def test_end_is_estimated_from_the_pace_of_this_run(monkeypatch):
    clock = iter((1000.0, 1010.0))
    monkeypatch.setattr("guanxi.jobs.run.time.monotonic", lambda: next(clock))
    run = Run(make(state=State.RUNNING, done=500, total=1000))
    for done in (500, 550):
        run._note(done, None, "")
        assert run.job.expected_end is None
    run._note(650, None, "")
    left = (run.job.expected_end - run.job.created_at).total_seconds()
    assert 34 < left < 37


def test_reason_of_a_failure_is_a_sentence():
    failed = make(state=State.FAILED, error_code="unexpected", error_text="KeyError: 'x'")
    with translation.override("zh-hans"):
        view = job_view(failed)
    assert view["error"] == "出现了意料之外的问题，已记入日志。"
    assert view["error_detail"] == "KeyError: 'x'"
    refused = make(state=State.FAILED, error_code="limit", error_text="额度不足")
    assert job_view(refused)["error"] == "额度不足"
    assert job_view(make(state=State.RUNNING, error_text="locked"))["error"] == ""


@pytest.mark.parametrize(
    ("columns", "can"),
    [
        ({"state": State.QUEUED}, True),
        ({"state": State.RUNNING}, True),
        ({"state": State.RUNNING, "cancel_requested": True}, False),
        ({"state": State.DONE}, False),
    ],
)
def test_what_can_be_cancelled(columns, can):
    assert job_view(make(**columns))["can_cancel"] is can
