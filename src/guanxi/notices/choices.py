"""My wishes: by which way each kind reaches me, when not, and whether in the morning."""

from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.text import whole_number
from guanxi.notices.mail import mail_server
from guanxi.notices.models import Robot, Wishes
from guanxi.notices.wishes import CHANNELS, channels, wishes_of
from guanxi.people.accounts import myself
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

HERE = "/notices/settings/"
CLOCK = kinds.ClockKind()


@page(SIGNED_IN)
def settings_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise Missing
    wishes = wishes_of(actor.person_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _read(wishes, request.POST)
        if not errors:
            wishes.save()
            tell(request, _("Saved."))
            return htmx.go(request, HERE)
    _own, person = myself(actor)
    context = {
        "title": _("Notice settings"),
        "rows": _rows(wishes),
        "fields": _fields(wishes, request.POST, errors),
        "has_server": mail_server() is not None,
        "has_robot": Robot.objects.filter(active=True).exists(),
        "email": person.email,
    }
    return render(request, "notices/settings.html", context, status=400 if errors else 200)


def _rows(wishes: Wishes) -> list[dict[str, Any]]:
    found = []
    for kind in registry.notice_kinds().values():
        wanted = channels(wishes, kind.key)
        ticks = [{"name": f"{name}:{kind.key}", "on": name in wanted} for name in CHANNELS]
        found.append({"label": kind.label, "icon": kind.icon, "ticks": ticks})
    return found


def _read(wishes: Wishes, sent: QueryDict) -> dict[str, str]:
    """Takes over what was sent; returns the faults by field."""
    wishes.channels = {
        kind: [name for name in CHANNELS if f"{name}:{kind}" in sent]
        for kind in registry.notice_kinds()
    }
    wishes.digest = "digest" in sent
    chosen = sent.get("robot", "")
    robots = Robot.objects.filter(active=True, pk=whole_number(chosen))
    wishes.robot = robots.first() if len(chosen) < 18 else None
    errors = {}
    for name in ("quiet_from", "quiet_to"):
        try:
            clock = CLOCK.parse(sent.get(name, ""))
            setattr(wishes, name, time.fromisoformat(clock) if clock else None)
        except Wrong as wrong:
            errors[name] = wrong.message
    if not errors and (wishes.quiet_from is None) != (wishes.quiet_to is None):
        empty = "quiet_from" if wishes.quiet_from is None else "quiet_to"
        errors[empty] = _("Both times or none.")
    if any("robot" in names for names in wishes.channels.values()) and wishes.robot is None:
        errors["robot"] = _("Choose the group, or untick the column above.")
    return errors


def _fields(wishes: Wishes, sent: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    labels = {"quiet_from": _("Quiet from"), "quiet_to": _("Quiet until")}
    examples = {"quiet_from": "22:00", "quiet_to": "07:30"}
    found: list[dict[str, Any]] = [
        {
            "name": "digest",
            "label": _("At 8:30 a mail with what is unread, if there is something new"),
            "widget": "boolean",
            "checked": wishes.digest,
            "wide": True,
        }
    ]
    for name, label in labels.items():
        kept = getattr(wishes, name)
        value = sent.get(name, kept.strftime("%H:%M") if kept else "")
        field = {"name": name, "label": label, "widget": "text", "value": value}
        found.append(field | {"error": errors.get(name, ""), "placeholder": examples[name]})
    robots = Robot.objects.filter(active=True).order_by("name")
    options = [
        {"value": one.pk, "label": one.name, "selected": one.pk == wishes.robot_id}
        for one in robots
    ]
    if options:
        robot = {"name": "robot", "label": _("My group"), "widget": "choice", "options": options}
        found.append(robot | {"value": wishes.robot_id or "", "error": errors.get("robot", "")})
    return found
