from datetime import time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.api.models import KeptAnswer
from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled

KEPT = timedelta(hours=24)


@scheduled("api.tidy", daily_at=time(4, 5), title=_("Forget old answers of the API"))
def tidy(run: Run) -> int:
    """Removes answers kept for repeated requests after a day."""
    return KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
