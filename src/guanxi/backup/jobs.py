"""Backups in the background: on demand and every night."""

import time
from datetime import time as clock
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.backup.make import make_backup
from guanxi.backup.models import Plan
from guanxi.backup.store import fresh_path, prune
from guanxi.jobs.registry import job
from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled

MAKE, NIGHTLY = "backup.make", "backup.nightly"
LOOK = 1.0


def plan() -> Plan:
    return Plan.objects.first() or Plan(pk=1)


@job(MAKE, lane="bulk", title=_("Make a backup"), page="/backup/")
def make(run: Run, made_by: str = "") -> dict[str, Any]:
    return _make(run, made_by)


@scheduled(NIGHTLY, daily_at=clock(2, 20), lane="bulk", title=_("Nightly backup"))
def nightly(run: Run) -> dict[str, Any] | None:
    return _make(run, "") if plan().nightly else None


def _make(run: Run, made_by: str) -> dict[str, Any]:
    """A killed worker's attempt begins anew: what it left is removed with the old ones."""
    began = looked = time.monotonic()
    prune(plan().keep)
    target = fresh_path()

    def tell(done: int, total: int) -> None:
        nonlocal looked
        run.progress(done, total)
        # Nobody waits for a backup: a breath after each chunk would only make it long.
        if time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            run.safe_point()

    manifest = make_backup(target, made_by=made_by, tell=tell)
    # Only now: the oldest goes when the newest is safe.
    prune(plan().keep)
    return {
        "name": target.name,
        "rows": manifest.rows,
        "files": manifest.files,
        "missing": manifest.missing,
        "bytes": target.stat().st_size,
        "seconds": round(time.monotonic() - began, 1),
    }
