"""What must not be done by two processes at once, without queueing it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from guanxi.jobs.models import Turn


def take_turn(name: str, owner: str, *, span: timedelta) -> bool:
    """Whether it is `owner`'s turn, which then lasts `span` from now. One that ran out is free."""
    now = timezone.now()
    free = Turn.objects.filter(name=name).filter(Q(owner=owner) | Q(until__lt=now))
    if not free.exists():
        return _begin(name, owner, now + span)
    return bool(free.update(owner=owner, until=now + span))


def end_turns_of(owner: str) -> int:
    """Frees what a process has that ends, or is known to be dead."""
    return Turn.objects.filter(owner=owner).delete()[0]


def _begin(name: str, owner: str, until: datetime) -> bool:
    if Turn.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Turn.objects.create(name=name, owner=owner, until=until)
    except IntegrityError:
        return False
    return True
