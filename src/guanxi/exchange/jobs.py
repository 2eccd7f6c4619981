"""The background work of importing and exporting; `service` queues it."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from guanxi.exchange.export import write_export
from guanxi.exchange.hand import Hand, Run
from guanxi.exchange.models import Export, Import, Stage
from guanxi.exchange.pair import Other, is_worth_it, serve
from guanxi.exchange.reading import ReadFault
from guanxi.exchange.run import rarely_collecting, run_import, try_out, undo_import
from guanxi.exchange.work import prepare
from guanxi.jobs import registry as jobs
from guanxi.jobs.run import Cancelled, Interrupted, LeaseLost
from guanxi.jobs.run import Run as JobRun
from guanxi.jobs.schedule import scheduled
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.errors import Missing, Refused
from guanxi.people.models import Person
from guanxi.people.rights import actor_of

EXPORTS_KEPT, IMPORTS_KEPT, FILES_KEPT = (timedelta(days=days) for days in (7, 30, 180))


def importer(person_id: int | None) -> Actor:
    """Who imports, with the rights of this moment; raises Missing when the person is gone."""
    look_up = system_actor("import", surface="import")
    person = Person.rows(look_up).live().filter(pk=person_id or 0).first()
    if person is None:
        raise Missing
    return actor_of(person, surface="import")


@jobs.job(
    "exchange.try", lane="bulk", title=_("Trial run of an import"), page="/import/{import_id}/"
)
def try_job(run: JobRun, import_id: int) -> dict[str, int]:
    return _guarded(import_id, run, try_out, broken=Stage.MAPPED)


@jobs.job("exchange.import", lane="bulk", title=_("Import"), page="/import/{import_id}/")
def import_job(run: JobRun, import_id: int) -> dict[str, int]:
    def get_other(imported: Import) -> Other | None:
        # What was broken off once goes on with one hand.
        if run.job.attempts > 1 or not is_worth_it(imported.profile["rows"] - run.job.done):
            return None
        return Other(f"{__name__}:second_hand", (import_id, run))

    with_both = partial(run_import, get_other=get_other)
    return _guarded(import_id, run, with_both, broken=Stage.FAILED)


def second_hand(connection: Connection) -> None:
    """The second process of an import, begun by the first."""
    import_id, run = connection.recv()
    try:
        scan = connection.recv()
    except (EOFError, OSError):
        # The first has been refused, or is no more, before it had looked through the file.
        return
    imported = Import.objects.select_related("batch").get(pk=import_id)
    with translation.override(run.job.language or settings.LANGUAGE_CODE), rarely_collecting():
        actor = importer(imported.person_id).within(imported.batch_id)
        serve(connection, Hand(prepare(actor, imported, scanned=scan), imported, run))


@jobs.job("exchange.undo", lane="bulk", title=_("Undo an import"), page="/import/{import_id}/")
def undo_job(run: JobRun, import_id: int) -> dict[str, int]:
    def undo(actor: Actor, imported: Import, run: Run) -> None:
        undo_import(actor, imported, run, cursor=run_cursor)

    run_cursor = run.cursor or 0
    return _guarded(import_id, run, undo, broken=Stage.DONE)


@jobs.job("exchange.export", lane="bulk", title=_("Export"), page="/export/{export_id}/")
def export_job(run: JobRun, export_id: int) -> int:
    exported = Export.objects.get(pk=export_id)

    def tell(done: int) -> None:
        run.progress(done, exported.rows)
        run.safe_point()

    write_export(importer(exported.person_id), exported, tell=tell)
    run.progress(exported.rows, exported.rows)
    return exported.rows


@scheduled("exchange.tidy", daily_at=time(3, 55), title=_("Remove old import and export files"))
def tidy(run: JobRun) -> int:
    """Removes exports after a week, and files of imports that nobody has gone on with for long.

    What was imported keeps its lines, so that it can still be undone and looked at.
    """
    now = timezone.now()
    exports = Export.objects.filter(created_at__lt=now - EXPORTS_KEPT)
    dropped = Import.objects.filter(created_at__lt=now - IMPORTS_KEPT, batch=None)
    done = Import.objects.filter(created_at__lt=now - FILES_KEPT).exclude(path="")
    for stored in (*exports, *dropped, *done):
        if stored.path:
            (Path(settings.MEDIA_ROOT) / stored.path).unlink(missing_ok=True)
    done.update(path="")
    return exports.delete()[0] + dropped.delete()[0]


def _guarded(
    import_id: int, run: JobRun, work: Callable[[Actor, Import, Run], None], *, broken: Stage
) -> dict[str, int]:
    """Runs the work; what breaks it off for good leaves the import in the state `broken`."""
    imported = Import.objects.select_related("batch").get(pk=import_id)
    try:
        work(importer(imported.person_id), imported, run)
    except (Interrupted, LeaseLost):
        raise
    except ReadFault as fault:
        _break_off(import_id, broken)
        raise Refused(fault.message, code=fault.code) from fault
    except (Cancelled, Exception):
        _break_off(import_id, broken)
        raise
    counts: dict[str, Any] = imported.counts
    return counts


def _break_off(import_id: int, state: Stage) -> None:
    Import.objects.filter(pk=import_id).update(state=state)
