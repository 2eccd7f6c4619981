"""Sending in the background, the mail of the morning, and the end of old notices."""

from datetime import time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.registry import job
from guanxi.jobs.run import Run
from guanxi.jobs.schedule import scheduled
from guanxi.notices.forgotten import FORGOTTEN, send_link
from guanxi.notices.letters import send_digests
from guanxi.notices.models import Message, Notice, Told
from guanxi.notices.outgoing import SEND, send

NOTICES_KEPT, MESSAGES_KEPT = timedelta(days=365), timedelta(days=90)
#: What has been open for so long is worth saying once more.
TOLD_KEPT = timedelta(days=730)


@job(SEND, title=_("Send a message"))
def send_job(run: Run, message_id: int) -> None:
    message = Message.objects.select_related("robot").filter(pk=message_id).first()
    if message is not None:
        send(message)


@job(FORGOTTEN, title=_("Send a link to a new password"))
def forgotten_job(run: Run, text: str) -> None:
    send_link(text)


@scheduled("notices.digests", daily_at=time(8, 30), title=_("Mails with what is unread"))
def digests(run: Run) -> int:
    return send_digests()


@scheduled("notices.tidy", daily_at=time(3, 50), title=_("Remove old notices"))
def tidy(run: Run) -> int:
    """Read notices after a year, sent messages after 90 days; what waits stays."""
    now = timezone.now()
    count = Notice.objects.filter(read_at__lt=now - NOTICES_KEPT).delete()[0]
    count += Told.objects.filter(at__lt=now - TOLD_KEPT).delete()[0]
    over = ~Q(state=Message.State.WAITING)
    return count + Message.objects.filter(over, made_at__lt=now - MESSAGES_KEPT).delete()[0]
