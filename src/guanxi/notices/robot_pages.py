"""The robots of groups: made, changed, tried out and deleted by administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel.errors import Missing
from guanxi.kernel.sealing import seal
from guanxi.notices.mail import site
from guanxi.notices.models import Robot
from guanxi.notices.robots import check_address, send_robot
from guanxi.notices.server_pages import ADMINISTRATORS, ROBOTS, tabs
from guanxi.notices.words import NotSent
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page


@page(ADMINISTRATORS)
def robots_page(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "id": one.pk,
            "name": one.name,
            "provider": one.get_provider_display(),
            "active": one.active,
            "titles": one.open_titles,
        }
        for one in Robot.objects.order_by("name", "id")
    ]
    empty = {
        "icon": "message-circle",
        "title": _("No group robot yet"),
        "text": _("Add a robot in a group of WeCom, DingTalk or Feishu and copy its address here."),
        "action": {"label": _("Add a robot"), "url": f"{ROBOTS}new/", "icon": "plus"},
    }
    context = tabs(ROBOTS) | {"rows": rows, "empty": empty}
    return render(request, "notices/robots.html", context)


@page(ADMINISTRATORS)
def robot_page(request: HttpRequest, robot_id: int | None = None) -> HttpResponse:
    robot = Robot() if robot_id is None else _robot(robot_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _read(robot, request.POST)
        if not errors:
            robot.save()
            tell(request, _("Saved."))
            return htmx.go(request, ROBOTS)
    context = tabs(ROBOTS) | {
        "heading": robot.name or _("Add a robot"),
        "fields": _fields(robot, request.POST, errors),
    }
    return render(request, "notices/robot.html", context, status=400 if errors else 200)


def _robot(robot_id: int) -> Robot:
    found = Robot.objects.filter(pk=robot_id).first()
    if found is None:
        raise Missing
    return found


def _read(robot: Robot, sent: QueryDict) -> dict[str, str]:
    """Takes over what was sent; an empty address or secret keeps the one there is."""
    errors = {}
    robot.name = " ".join(sent.get("name", "").split())[:60]
    if not robot.name:
        errors["name"] = _("Please fill this in.")
    provider = sent.get("provider", "")
    if provider in Robot.Provider.values:
        robot.provider = provider
    else:
        errors["provider"] = _("Choose from the list, please.")
    address = sent.get("address", "").strip()
    if address:
        try:
            check_address(address)
        except NotSent as fault:
            errors["address"] = fault.sentence
        else:
            robot.address = seal(address)
    elif not robot.address:
        errors["address"] = _("Please fill this in.")
    secret = sent.get("secret", "").strip()
    if secret:
        robot.secret = seal(secret)
    elif "no_secret" in sent:
        robot.secret = ""
    robot.open_titles = "open_titles" in sent
    robot.active = "active" in sent
    return errors


def _fields(robot: Robot, sent: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    """Address and secret never come back."""
    options = [
        {"value": value, "label": label, "selected": value == robot.provider}
        for value, label in Robot.Provider.choices
    ]
    kept = _("Kept encrypted. Empty: stays as it is.")
    found: list[dict[str, Any]] = [
        {"name": "name", "label": _("Name of the group"), "value": robot.name, "required": True},
        {
            "name": "provider",
            "label": _("Platform"),
            "widget": "choice",
            "options": options,
            "value": robot.provider,
            "required": True,
        },
        {
            "name": "address",
            "label": _("Address of the robot (Webhook)"),
            "widget": "password",
            "required": not robot.address,
            "help": kept if robot.address else _("As the group's settings show it."),
            "autocomplete": "off",
        },
        {
            "name": "secret",
            "label": _("Secret of the signature"),
            "widget": "password",
            "help": kept if robot.secret else _("DingTalk and Feishu, where it is switched on."),
            "autocomplete": "new-password",
        },
    ]
    if robot.secret:
        found.append(_tick("no_secret", _("Forget the secret"), on=False))
    titles = _("Say in the group what it is about: everybody in the group reads it")
    found.append(_tick("open_titles", titles, on=robot.open_titles))
    found.append(_tick("active", _("In use"), on=robot.active))
    return [{"widget": "text", "error": errors.get(field["name"], "")} | field for field in found]


def _tick(name: str, label: str, *, on: bool) -> dict[str, Any]:
    return {"name": name, "label": label, "widget": "boolean", "checked": on}


@page(ADMINISTRATORS)
@require_POST
def try_page(request: HttpRequest, robot_id: int) -> HttpResponse:
    robot = _robot(robot_id)
    try:
        text = _("If you can read this, Guanxi can write to this group.")
        send_robot(robot, title=_("A test by Guanxi"), text=text, url=site())
    except NotSent as fault:
        tell(request, fault.sentence, level="error")
    else:
        tell(request, _("Sent. Check the group."))
    return htmx.go(request, ROBOTS)


@page(ADMINISTRATORS)
def delete_page(request: HttpRequest, robot_id: int) -> HttpResponse:
    """GET asks, POST does."""
    robot = _robot(robot_id)
    if request.method == "POST":
        robot.delete()
        tell(request, _("%(name)s has been deleted.") % {"name": robot.name})
        return htmx.go(request, ROBOTS)
    context = {
        "layout": htmx.layout(request),
        "dialog": {
            "title": _("Delete %(name)s?") % {"name": robot.name},
            "text": _("What it has sent stays in the log; the group stays as it is."),
            "close_url": ROBOTS,
        },
        "action": request.path,
    }
    return render(request, "ui/delete_dialog.html", context)
