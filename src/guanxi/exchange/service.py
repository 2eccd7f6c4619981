"""What can be done with an import, and in which state: by pages, command line, later by the API."""

import threading

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.exchange.models import Import, Stage
from guanxi.exchange.options import Options
from guanxi.exchange.reading import ReadFault
from guanxi.exchange.run import Waiting, try_out
from guanxi.exchange.targets import may_import
from guanxi.exchange.work import check_rights
from guanxi.jobs.checkpoints import copying_back
from guanxi.jobs.execute import execute
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import cancel as cancel_job
from guanxi.jobs.queue import claim_this, enqueue, finish, requeue_expired
from guanxi.jobs.run import Timing
from guanxi.jobs.worker import worker_name
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Refused
from guanxi.kernel.spec import Spec

#: Rows up to which a trial is waited for.
AT_ONCE = 2_000
BEFORE = (Stage.UPLOADED, Stage.MAPPED, Stage.TRIED)
#: What becomes of an import whose job ends without its own word.
AFTER = {
    Stage.TRYING: Stage.MAPPED,
    Stage.RUNNING: Stage.FAILED,
    Stage.UNDOING: Stage.DONE,
}


def importable(actor: Actor) -> list[Spec]:
    """The objects this person may import."""
    return [spec for spec in registry.specs() if may_import(actor, spec)]


def importable_by_path(actor: Actor, path: str) -> Spec:
    """Raises Missing for objects this person may not import, as for those that don't exist."""
    found = next((spec for spec in importable(actor) if spec.path == path), None)
    if found is None:
        raise Missing
    return found


def own_import(actor: Actor, import_id: int) -> Import:
    """Only who brought the file along sees it; raises Missing."""
    found = Import.objects.select_related("batch", "job").filter(pk=import_id).first()
    if found is None or actor.person_id is None or found.person_id != actor.person_id:
        raise Missing
    if found.job is not None and found.state in AFTER and not found.job.is_active:
        # Its worker was lost for good, or it was cancelled while it waited: nobody said so.
        found.state = _broken(found)
        found.save(update_fields=("state",))
    return found


def _broken(imported: Import) -> Stage:
    if imported.state == Stage.RUNNING and imported.batch_id is None:
        return Stage.MAPPED
    return AFTER[Stage(imported.state)]


def is_busy(imported: Import) -> bool:
    return imported.job is not None and imported.job.is_active


def start_trial(actor: Actor, imported: Import) -> None:
    """Tries small files at once, others in a job. Raises Refused."""
    _require_idle(imported)
    if imported.state not in BEFORE:
        raise Refused(_("This file is imported already."))
    check_rights(actor, registry.spec(imported.object), Options.from_json(imported.options))
    if imported.profile["rows"] <= AT_ONCE:
        try:
            try_out(actor, imported, Waiting())
        except ReadFault as fault:
            raise Refused(fault.message, code=fault.code) from fault
        return
    _queue(actor, imported, "exchange.try", Stage.TRYING)


def start_import(actor: Actor, imported: Import) -> None:
    """Imports in a job; a broken-off import goes on where it stopped. Raises Refused."""
    _require_idle(imported)
    if imported.state not in (*BEFORE, Stage.FAILED):
        raise Refused(_("This file is imported already."))
    check_rights(actor, registry.spec(imported.object), Options.from_json(imported.options))
    _queue(actor, imported, "exchange.import", Stage.RUNNING)


def import_here(actor: Actor, imported: Import) -> None:
    """Imports in this process, for who waits for it; begins, or goes on where it stopped.

    It is a job all the same: should this process be killed, its lease runs out and a worker goes
    on. Raises Refused with the reason where it ends early.
    """
    requeue_expired()
    imported.refresh_from_db(fields=("state", "job"))
    timing, stopping = Timing(), threading.Event()
    while (job := _claim_here(actor, imported, timing)) is not None:
        try:
            with copying_back():
                execute(job, timing=timing, stopping=stopping)
        except BaseException:
            finish(job, State.CANCELLED)
            Import.objects.filter(pk=imported.pk).update(state=Stage.FAILED)
            raise
        job.refresh_from_db()
        if job.state != State.QUEUED:
            break
        # The database was away or locked: once more, as a worker would.
        stopping.wait(max(0.0, (job.not_before - timezone.now()).total_seconds()))
    imported.refresh_from_db()
    if job is not None and job.state != State.DONE:
        raise Refused(job.error_text or _("This is being worked on already."), code=job.error_code)


def _claim_here(actor: Actor, imported: Import, timing: Timing) -> Job | None:
    with transaction.atomic():
        if not (imported.job is not None and imported.job.state == State.QUEUED):
            start_import(actor, imported)
        assert imported.job is not None
        return claim_this(imported.job, worker_name(), lease=timing.lease_span)


def start_undo(actor: Actor, imported: Import) -> None:
    _require_idle(imported)
    if imported.batch is None or imported.state not in (Stage.DONE, Stage.FAILED):
        raise Refused(_("There is nothing to undo."))
    _queue(actor, imported, "exchange.undo", Stage.UNDOING)


def cancel(imported: Import) -> None:
    """What is written stays and can be undone; the rest is left."""
    if imported.job is None or not cancel_job(imported.job.pk):
        raise Refused(_("It is over already."))


def _queue(actor: Actor, imported: Import, kind: str, state: Stage) -> None:
    with transaction.atomic():
        imported.job = enqueue(
            kind,
            {"import_id": imported.pk},
            person_id=actor.person_id,
            surface=actor.surface,
            key=str(imported.pk),
            batch_id=imported.batch_id,
        )
        imported.state = state
        imported.save(update_fields=("state", "job"))


def _require_idle(imported: Import) -> None:
    if is_busy(imported):
        raise Refused(_("This is being worked on already."))
