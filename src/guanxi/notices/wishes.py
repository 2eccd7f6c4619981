"""How a person wants to be told, and when not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from guanxi.notices.models import Wishes
from guanxi.people.models import Person

PAGE, MAIL, ROBOT = CHANNELS = ("page", "mail", "robot")


def wishes_of(person_id: int) -> Wishes:
    """As chosen, else what holds for everybody."""
    return Wishes.objects.select_related("robot").filter(person_id=person_id).first() or Wishes(
        person_id=person_id
    )


def channels(wishes: Wishes, kind: str) -> frozenset[str]:
    return frozenset(wishes.channels.get(kind, (PAGE,)))


def zone_of(person: Person) -> ZoneInfo:
    chosen = person.user.time_zone if person.user else ""
    return ZoneInfo(str(chosen or settings.LOCAL_TIME_ZONE))


def language_of(person: Person) -> str:
    return (person.user.language if person.user else "") or settings.LANGUAGE_CODE


def not_before(wishes: Wishes, zone: ZoneInfo, now: datetime) -> datetime:
    """Now, or the end of the quiet hours this person is in."""
    start, end = wishes.quiet_from, wishes.quiet_to
    if start is None or end is None or start == end:
        return now
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    over_night = start > end
    is_quiet = clock >= start or clock < end if over_night else start <= clock < end
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=1 if over_night and clock >= start else 0)
    return datetime.combine(day, end, tzinfo=zone)
