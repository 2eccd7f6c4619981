from datetime import time, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.checkpoints import copy_back
from guanxi.jobs.models import Job, State
from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.jobs.worker import add_ticker
from guanxi.kernel.outbox import deliver
from guanxi.kernel.unused import remove_unused

KEPT = timedelta(days=14)

add_ticker(deliver)
if connection.vendor == "sqlite":
    add_ticker(copy_back)


@scheduled("jobs.tidy", daily_at=time(3, 40), title=_("Remove old jobs of the system"))
def tidy(run: Run) -> int:
    """Removes the system's own jobs that ended well; people's and failed ones stay."""
    old = Job.objects.filter(
        person_id=None,
        batch_id=None,
        state__in=[State.DONE, State.CANCELLED],
        finished_at__lt=timezone.now() - KEPT,
    )
    return old.delete()[0]


@scheduled("jobs.uploads", daily_at=time(3, 45), title=_("Remove uploads nobody used"))
def uploads(run: Run) -> int:
    return remove_unused()
