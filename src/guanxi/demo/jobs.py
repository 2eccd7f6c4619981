"""The demo in the background, with progress; a killed worker's job begins anew or goes on."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.demo import service
from guanxi.demo.remove import Removal
from guanxi.demo.state import demo_batch
from guanxi.jobs.registry import job
from guanxi.jobs.run import Run
from guanxi.kernel.journal import changes_in

MAKE, REMOVE = "demo.make", "demo.remove"


@job(MAKE, lane="bulk", title=_("Make the demo"))
def make(run: Run) -> dict[str, Any]:
    def progress(done: int, total: int) -> None:
        run.progress(min(done, total), total)
        run.safe_point()

    return {"rows": service.make_anew(progress).rows}


@job(REMOVE, lane="bulk", title=_("Remove the demo"))
def remove(run: Run) -> dict[str, Any]:
    """The result tells what stays: [[object, record id, why]]."""
    batch = demo_batch()
    total = changes_in(batch) if batch else 0

    def keep(removal: Removal) -> None:
        run.save_cursor(asdict(removal), done=min(removal.seen, total), total=total)

    removal = Removal(**run.cursor) if run.cursor else Removal()
    return asdict(service.remove(removal, keep=keep, pause=run.safe_point))
