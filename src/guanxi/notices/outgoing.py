"""The queue of what leaves the house: written with what caused it, sent by jobs, tried again."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from guanxi.jobs.queue import enqueue
from guanxi.kernel.sealing import seal
from guanxi.notices.mail import content_of, mail_server, send_mail
from guanxi.notices.models import Message, Robot
from guanxi.notices.robots import A_MINUTE, send_robot
from guanxi.notices.sight import person_can_see
from guanxi.notices.words import NotSent

SEND = "notices.send"
State = Message.State
#: Pauses before the second, third ... attempt; after the last one the message has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240))
MINUTE = timedelta(minutes=1)


def queue_message(
    *,
    to: str,
    subject: str,
    content: dict[str, str],
    person_id: int | None = None,
    robot: Robot | None = None,
    not_before: datetime | None = None,
    **about: Any,
) -> Message:
    """Queues it in the current transaction; without a server or address it stays, with the
    reason."""
    now = timezone.now()
    message = Message(
        to=to[:254],
        subject=" ".join(subject.split())[:200],
        content=seal(json.dumps(content, ensure_ascii=False)),
        person_id=person_id,
        robot=robot,
        made_at=now,
        not_before=max(not_before or now, now),
        **about,
    )
    message.error = _hindrance(message)
    if message.error:
        message.state = State.UNSENT
        message.content = "" if message.secret else message.content
    message.save()
    if not message.error:
        _queue(message)
    return message


def _hindrance(message: Message) -> str:
    if message.robot is not None:
        return ""
    if not message.to:
        return "no_address"
    return "" if mail_server() is not None else "no_server"


def _queue(message: Message) -> None:
    key = f"{message.pk}:{message.attempts}:{message.not_before.timestamp():.0f}"
    arguments = {"message_id": message.pk}
    enqueue(SEND, arguments, person_id=None, key=key, not_before=message.not_before)


def send_again(message: Message) -> bool:
    """Puts a message that has not left into the queue once more; False where there is nothing to
    send any more."""
    if message.state not in (State.FAILED, State.UNSENT) or not message.content:
        return False
    if message.robot is None and message.person_id is None and not message.to:
        return False
    message.error = _hindrance(message)
    message.detail = ""
    message.attempts = 0
    message.not_before = timezone.now()
    message.state = State.UNSENT if message.error else State.WAITING
    message.save()
    if not message.error:
        _queue(message)
    return True


def send(message: Message) -> None:
    """One attempt; what may pass is queued again with a growing pause."""
    if message.state != State.WAITING:
        return
    if not person_can_see(message.person_id, message.object, message.record_id):
        _settle(message, State.WITHDRAWN)
        return
    free_at = _free_at(message)
    if free_at is not None:
        message.not_before = free_at
        message.save(update_fields=("not_before",))
        _queue(message)
        return
    try:
        _hand_over(message)
    except NotSent as fault:
        _put_off(message, fault)
    else:
        message.sent_at = timezone.now()
        _settle(message, State.SENT)


def _free_at(message: Message) -> datetime | None:
    """When the robot may speak again, None when it may now."""
    if message.robot is None:
        return None
    limit = A_MINUTE[Robot.Provider(message.robot.provider)]
    last = Message.objects.filter(
        robot=message.robot, sent_at__gt=timezone.now() - MINUTE
    ).order_by("-sent_at")
    times = list(last.values_list("sent_at", flat=True)[:limit])
    return times[-1] + MINUTE if len(times) == limit else None


def _hand_over(message: Message) -> None:
    content = content_of(message)
    if message.robot_id is not None:
        assert message.robot is not None
        if not message.robot.active:
            raise NotSent("robot_gone")
        send_robot(message.robot, title=message.subject, text=content["text"], url=content["url"])
        return
    if not message.to:
        raise NotSent("robot_gone")
    server = mail_server()
    if server is None:
        raise NotSent("no_server")
    send_mail(server, to=message.to, subject=message.subject, content=content)


def _put_off(message: Message, fault: NotSent) -> None:
    message.error, message.detail = fault.code, fault.detail[:300]
    message.attempts += 1
    if not fault.again or message.attempts > len(PAUSES):
        _settle(message, State.FAILED)
        return
    message.not_before = timezone.now() + PAUSES[message.attempts - 1]
    message.save()
    _queue(message)


def _settle(message: Message, state: str) -> None:
    message.state = state
    if state == State.SENT:
        message.error = message.detail = ""
    if state in (State.SENT, State.WITHDRAWN) or message.secret:
        message.content = ""
    message.save()
