"""The end of old lines of the log."""

from datetime import time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.signon.models import Happening

KEPT = timedelta(days=365)


@scheduled("signon.tidy", daily_at=time(3, 55), title=_("Remove old lines of the log of sign-ins"))
def tidy(run: Run) -> int:
    return Happening.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
