from datetime import time

from django.utils.translation import gettext_lazy as _

from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.people.sessions import forget_sessions


@scheduled("people.sessions", daily_at=time(3, 55), title=_("Remove sessions that are over"))
def sessions(run: Run) -> int:
    return forget_sessions()
