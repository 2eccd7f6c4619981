"""What of all that happens is told to whom."""

from django.utils.translation import gettext_lazy as _

from guanxi.jobs.models import Job, State
from guanxi.jobs.registry import get_kind
from guanxi.kernel import registry
from guanxi.kernel.journal import changed_in
from guanxi.kernel.outbox import Event
from guanxi.kernel.registry import NoticeKind
from guanxi.notices.service import About, notify
from guanxi.people.second_factor import RECOVERED, RESET

HANDED_OVER, SHARED, MENTIONED = "notices.handed_over", "notices.shared", "notices.mentioned"
TAKEN_AWAY, JOB_ENDED = "notices.taken_away", "notices.job_ended"
FACTOR_RESET, CODE_USED = "notices.second_factor_reset", "notices.recovery_code_used"
#: Shorter work was waited for.
LONG_JOB = 10

KINDS = (
    NoticeKind(
        key=HANDED_OVER,
        label=_("Handed over to me"),
        text=_("%(from)s handed this over to you."),
        many=_("%(from)s handed over to you: %(count)s of %(objects)s."),
        icon="user-check",
    ),
    NoticeKind(
        key=TAKEN_AWAY,
        label=_("Handed over to somebody else"),
        text=_("%(from)s handed this over to %(owner)s."),
        icon="transfer",
    ),
    NoticeKind(
        key=SHARED,
        label=_("Shared with me"),
        text=_("%(from)s shared this with you."),
        many=_("%(from)s shared with you: %(count)s of %(objects)s."),
        icon="share",
    ),
    NoticeKind(
        key=MENTIONED,
        label=_("I am mentioned"),
        text=_("%(from)s mentioned you: %(words)s"),
        icon="at",
    ),
    NoticeKind(
        key=JOB_ENDED,
        label=_("Long work has ended"),
        text=_("%(state)s after %(minutes)s min."),
        icon="progress-check",
    ),
    NoticeKind(
        key=FACTOR_RESET,
        label=_("My two-step sign-in was reset"),
        text=_("%(from)s has reset your two-step sign-in. Set it up again with your phone."),
        icon="shield-lock",
    ),
    NoticeKind(
        key=CODE_USED,
        label=_("Signed in with a recovery code"),
        text=_(
            "Somebody signed in as you with a recovery code. If that was not you, ask for help."
        ),
        icon="shield-lock",
    ),
)


def handed_over(event: Event) -> None:
    """One record has another owner; the one before is told, too, while they still see it."""
    before, after = owners(event)
    if event.record_id is None or before == after:
        return
    subject = About(object=event.object, record_id=event.record_id)
    notify([after], HANDED_OVER, subject, by=event.person_id, key=f"{event.id}:{HANDED_OVER}")
    lost = About(object=event.object, record_id=event.record_id, values={"owner": after})
    notify([before], TAKEN_AWAY, lost, by=event.person_id, key=f"{event.id}:{TAKEN_AWAY}")


def owners(event: Event) -> tuple[int | None, int | None]:
    before, after = event.diff.get("owner_id") or (None, None)
    return before, after


def many_handed_over(event: Event) -> None:
    """A bulk act: one notice for each new owner, however many rows there were."""
    counts: dict[int, int] = {}
    for diff in changed_in(event.batch_id or 0):
        before, after = diff.get("owner_id") or (None, None)
        if after is not None and after != before:
            counts[after] = counts.get(after, 0) + 1
    spec = registry.spec(event.object)
    for person_id, count in counts.items():
        subject = About(object=event.object, url=f"/{spec.path}/?owner={person_id}", count=count)
        notify([person_id], HANDED_OVER, subject, by=event.person_id, key=f"b{event.batch_id}")


def shared(event: Event) -> None:
    _none, person_id = event.diff["person"]
    batch_id = event.diff.get("batch")
    spec = registry.spec(event.object)
    subject = About(object=event.object, record_id=event.record_id, url=f"/{spec.path}/")
    key = f"shared:b{batch_id}" if batch_id else f"{event.id}:{SHARED}"
    notify([person_id], SHARED, subject, by=event.person_id, key=key, adds=bool(batch_id))


def mentioned(event: Event) -> None:
    """Somebody was called to a record by an @ in a comment."""
    values = {"words": event.diff["words"]}
    subject = About(object=event.object, record_id=event.record_id, values=values)
    key = f"{event.id}:{MENTIONED}"
    notify(event.diff["persons"], MENTIONED, subject, by=event.person_id, key=key)


def job_ended(job: Job) -> None:
    """Told to whoever began it, when it took long enough to go and do something else."""
    kind = get_kind(job.kind)
    if not kind.page or job.person_id is None or not job.started_at or not job.finished_at:
        return
    seconds = (job.finished_at - job.started_at).total_seconds()
    if seconds < LONG_JOB or job.state not in (State.DONE, State.FAILED):
        return
    url = kind.page.format(**job.arguments)
    values = {"job": job.kind, "state": job.state, "minutes": max(round(seconds / 60), 1)}
    notify([job.person_id], JOB_ENDED, About(url=url, values=values), key=f"job:{job.pk}")


def factor_reset(event: Event) -> None:
    _of_my_signin(event, FACTOR_RESET)


def code_used(event: Event) -> None:
    _of_my_signin(event, CODE_USED)


def _of_my_signin(event: Event, kind: str) -> None:
    """To the person themselves, whoever of the staff they may see."""
    subject = About(url="/profile/")
    notify([event.record_id], kind, subject, by=event.person_id, key=f"{event.id}:{kind}")


SUBSCRIBERS = {
    "*.owner_changed": (handed_over,),
    "*.bulk_transfer": (many_handed_over,),
    "*.shared": (shared,),
    "*.mentioned": (mentioned,),
    RESET: (factor_reset,),
    RECOVERED: (code_used,),
}
