"""For administrators: the mail server with its test, the robots, and the log of what went out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.kernel.sealing import seal
from guanxi.kernel.text import whole_number
from guanxi.notices.mail import mail_server, send_mail
from guanxi.notices.models import MailServer, Message
from guanxi.notices.outgoing import send_again
from guanxi.notices.words import WHY, NotSent
from guanxi.people.accounts import myself
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

ADMINISTRATORS = "people.role:edit"
MAIL, ROBOTS, LOG = "/notices/mail/", "/notices/robots/", "/notices/log/"
PAGE = 50
TONES = {"sent": "good", "failed": "bad", "waiting": "info"}


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*ADMINISTRATORS.split(":")):
        return None
    return {"group": "settings", "label": _("Mail and robots"), "url": MAIL, "icon": "send"}


def tabs(active: str) -> dict[str, Any]:
    labels = {MAIL: _("Mail server"), ROBOTS: _("Group robots"), LOG: _("What went out")}
    found = [{"label": label, "url": url, "active": url == active} for url, label in labels.items()]
    return {"tabs": found, "tabs_label": _("Mail and robots"), "title": _("Mail and robots")}


@page(ADMINISTRATORS)
def mail_page(request: HttpRequest) -> HttpResponse:
    """Saves; with `test` it sends a mail to whoever asks and says what came of it."""
    server = mail_server() or MailServer()
    errors: dict[str, str] = {}
    said: dict[str, str] = {}
    if request.method == "POST":
        errors = _read(server, request.POST)
        if not errors and "test" in request.POST:
            said = _try(server, request.actor)  # type: ignore[attr-defined]
        elif not errors:
            server.save()
            tell(request, _("Saved."))
            return htmx.go(request, MAIL)
    site = server.site or request.build_absolute_uri("/").rstrip("/")
    context = tabs(MAIL) | {
        "fields": _fields(server, request.POST, errors, site),
        "said": said,
        "kept": server.pk is not None,
    }
    return render(request, "notices/mail_server.html", context, status=400 if errors else 200)


def _read(server: MailServer, sent: QueryDict) -> dict[str, str]:
    """Takes over what was sent; an empty password keeps the one there is, unless the server is
    another: a password is never told to a host it was not given for."""
    errors = {}
    host = sent.get("host", "").strip()
    password = sent.get("password", "")
    if password:
        server.password = seal(password)
    elif host != server.host or not sent.get("user", "").strip():
        if server.password and sent.get("user", "").strip():
            errors["password"] = _("Another server: enter its password.")
        server.password = ""
    server.host = host[:200]
    server.user = sent.get("user", "").strip()[:200]
    server.sender = sent.get("sender", "").strip()[:254]
    server.sender_name = " ".join(sent.get("sender_name", "").split())[:100]
    server.site = sent.get("site", "").strip().rstrip("/")[:200]
    chosen = sent.get("security", "")
    server.security = chosen if chosen in MailServer.Security.values else "tls"
    port = whole_number(sent.get("port", ""))
    if port is None or not 1 <= port <= 65535:
        errors["port"] = _("A number from 1 to 65,535, please.")
    else:
        server.port = port
    if not host or any(one in host for one in "/ @:"):
        errors["host"] = _("The name of the server alone, such as smtp.example.com.")
    try:
        validate_email(server.sender)
    except ValidationError:
        errors["sender"] = _("An e-mail address, please.")
    if not server.site.startswith(("http://", "https://")):
        errors["site"] = _("An address that begins with https:// or http://.")
    return errors


def _try(server: MailServer, actor: Actor) -> dict[str, str]:
    _own, person = myself(actor)
    if not person.email:
        return {"tone": "warn", "text": _("Enter your own e-mail address in your profile first.")}
    text = _("If you can read this, Guanxi can send mail.")
    try:
        subject = _("A test by Guanxi")
        send_mail(server, to=person.email, subject=subject, content={"text": f"{text}\n"})
    except NotSent as fault:
        return {"tone": "bad", "text": fault.sentence}
    return {"tone": "good", "text": _("Sent to %(to)s. Check the mailbox.") % {"to": person.email}}


def _fields(
    server: MailServer, sent: QueryDict, errors: dict[str, str], site: str
) -> list[dict[str, Any]]:
    labels = {
        "host": _("Server"),
        "port": _("Port"),
        "user": _("User name"),
        "password": _("Password"),
        "sender": _("Sender's address"),
        "sender_name": _("Sender's name"),
        "site": _("Links in mails begin with"),
    }
    given = {"site": site, "password": ""}
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "label": label,
            "widget": "password" if name == "password" else "text",
            "value": ""
            if name == "password"
            else sent.get(name, given.get(name) or getattr(server, name)),
            "required": name in ("host", "port", "sender", "site"),
            "error": errors.get(name, ""),
        }
        for name, label in labels.items()
    ]
    found[3]["help"] = _("Kept encrypted. Empty: stays as it is.") if server.password else ""
    found[3]["autocomplete"] = "new-password"
    options = [
        {"value": value, "label": label, "selected": value == server.security}
        for value, label in MailServer.Security.choices
    ]
    security = {"name": "security", "label": _("Encryption"), "widget": "choice"}
    found.insert(2, security | {"complete": True, "options": options, "value": server.security})
    return found


@page(ADMINISTRATORS)
def log_page(request: HttpRequest) -> HttpResponse:
    before = whole_number(request.GET.get("before", ""))
    state = request.GET.get("state", "")
    rows = Message.objects.select_related("robot").order_by("-id")
    rows = rows.filter(pk__lt=before) if before else rows
    rows = rows.filter(state=state) if state in Message.State.values else rows
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    states = [("", _("All")), *Message.State.choices]
    context = tabs(LOG) | {
        "rows": [_row(one) for one in found[:PAGE]],
        "states": [
            {"label": label, "url": f"{LOG}?state={one}", "active": one == state}
            for one, label in states
        ],
        "older_url": f"{LOG}?state={state}&before={older}" if older else "",
        "empty": {"icon": "send", "title": _("Nothing has gone out yet")},
    }
    return render(request, "notices/log.html", context)


def _row(one: Message) -> dict[str, Any]:
    why = str(WHY.get(one.error, ""))
    show = kinds.InstantKind().show
    return {
        "id": one.pk,
        "to": one.robot.name if one.robot else one.to,
        "icon": "message-circle" if one.robot_id else "mail",
        "subject": one.subject,
        "at": show(one.made_at),
        "sent_at": show(one.sent_at) if one.sent_at else "",
        "state": one.get_state_display(),
        "tone": TONES.get(one.state, "muted"),
        "why": f"{why} {one.detail}".strip(),
        "next": show(one.not_before) if one.state == "waiting" and one.attempts else "",
        "again": one.state in ("failed", "unsent") and bool(one.content),
    }


@page(ADMINISTRATORS)
@require_POST
def again_page(request: HttpRequest, message_id: int) -> HttpResponse:
    message = Message.objects.select_related("robot").filter(pk=message_id).first()
    if message is None:
        raise Missing
    if not send_again(message):
        tell(request, _("There is nothing left to send."), level="warning")
    elif message.state == Message.State.UNSENT:
        tell(request, str(WHY[message.error]), level="warning")
    else:
        tell(request, _("It will be sent again."))
    return htmx.go(request, LOG)
