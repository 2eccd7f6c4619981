"""A job in words, for pages, API and command line."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.jobs.models import Job, State
from guanxi.jobs.registry import KINDS


def job_view(job: Job, now: datetime | None = None) -> dict[str, Any]:
    """What a reader may see of a job, in the active language.

    `percent` is 0 to 100 or None while the total is unknown, `seconds_left` a number or None,
    `time_left` and `error` are sentences or "". `error_detail` is for administrators.
    """
    now = now or timezone.now()
    seconds = _seconds_left(job, now)
    known = KINDS.get(job.kind)
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": str(known.title) if known else job.kind,
        "state": job.state,
        "state_word": _state_word(job),
        "is_active": job.is_active,
        "can_cancel": job.is_active and not job.cancel_requested,
        "done": job.done,
        "total": job.total,
        "percent": _percent(job),
        "message": job.message,
        "seconds_left": seconds,
        "time_left": "" if seconds is None else time_left(seconds),
        "result": job.result,
        "error": _error(job),
        "error_code": job.error_code,
        "error_detail": job.error_text,
        "batch_id": job.batch_id,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def newest_job(*kinds: str) -> Job | None:
    """The job of these kinds that was queued last, whatever has become of it."""
    return Job.objects.filter(kind__in=kinds).order_by("-id").first()


def time_left(seconds: int) -> str:
    """A rounded duration in words: seconds up to a minute, then minutes, then hours."""
    if seconds < 60:
        return _("less than a minute left")
    if seconds < 3600:
        minutes = round(seconds / 60)
        text = ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes)
        return text % {"n": minutes}
    hours = round(seconds / 3600)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": hours}


def _percent(job: Job) -> int | None:
    if job.state == State.DONE:
        return 100
    if not job.total:
        return None
    return min(job.done * 100 // job.total, 100)


def _seconds_left(job: Job, now: datetime) -> int | None:
    if job.state != State.RUNNING or job.expected_end is None:
        return None
    return max(round((job.expected_end - now).total_seconds()), 0)


def _state_word(job: Job) -> str:
    if job.state == State.RUNNING and job.cancel_requested:
        return pgettext("job", "being cancelled")
    if job.state == State.QUEUED and job.started_at:
        return pgettext("job", "waiting to go on")
    return str(State(job.state).label)


def _error(job: Job) -> str:
    if job.state != State.FAILED:
        return ""
    sentences = {
        "unexpected": _("Something went wrong that we did not foresee. It has been logged."),
        "worker_lost": _("The work broke off several times at the same place."),
        "attempts": _("The database could not be used for too long."),
        "missing": _("A record this work needs is no longer there."),
    }
    return sentences.get(job.error_code, job.error_text)
