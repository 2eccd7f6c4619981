"""The inbox and the bell in the frame."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.kernel.text import whole_number
from guanxi.notices.inbox import by_day, lines
from guanxi.notices.models import Notice
from guanxi.notices.service import mark
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

HERE = "/notices/"
PAGE = 50


@never_cache
@page(SIGNED_IN)
def inbox_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked, unread = request.GET.get("kind", ""), request.GET.get("unread") == "1"
    kind = asked if asked in registry.notice_kinds() else ""
    before = whole_number(request.GET.get("before", ""))
    rows = _rows(actor, kind, unread=unread)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown, gone = lines(actor, found[:PAGE])
    if gone:
        # What has gone out of sight waits for nobody.
        request.user.unread = mark(actor.person_id or 0, gone)  # type: ignore[union-attr]
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {
        "title": _("Notices"),
        "days": by_day(shown),
        "unread": request.user.unread,  # type: ignore[union-attr]
        "tabs": _tabs(actor, kind, unread=unread),
        "tabs_label": _("Kinds of notices"),
        "here": request.get_full_path(),
        "older_url": _url(kind, unread=unread, before=older) if older else "",
        "empty": _empty(kind, unread=unread),
    }
    return render(request, "notices/inbox.html", context)


def _rows(actor: Actor, kind: str, *, unread: bool) -> Any:
    rows = Notice.objects.filter(person_id=actor.person_id or 0)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(read_at__isnull=True) if unread else rows


def _tabs(actor: Actor, kind: str, *, unread: bool) -> list[dict[str, Any]]:
    """All, unread, and the kinds this person has ever got."""
    own = Notice.objects.filter(person_id=actor.person_id or 0)
    got = set(own.order_by().values_list("kind", flat=True).distinct())
    found = [
        {"label": _("All"), "url": _url("", unread=False), "active": not kind and not unread},
        {"label": _("Unread"), "url": _url("", unread=True), "active": not kind and unread},
    ]
    for known in registry.notice_kinds().values():
        if known.key in got:
            url = _url(known.key, unread=False)
            found.append({"label": known.label, "url": url, "active": known.key == kind})
    return found


def _url(kind: str, *, unread: bool, before: int | None = None) -> str:
    asked = {"kind": kind, "unread": "1" if unread else "", "before": before or ""}
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"{HERE}?{text}" if text else HERE


def _empty(kind: str, *, unread: bool) -> dict[str, Any]:
    if kind or unread:
        title = _("Nothing unread") if unread else _("No notice of this kind")
        return {"icon": "checks", "title": title, "other": {"label": _("All notices"), "url": HERE}}
    text = _("When a record is handed over to you or shared with you, it says so here.")
    return {"icon": "bell", "title": _("No notices yet"), "text": text}


@never_cache
@page(SIGNED_IN)
def bell_page(request: HttpRequest) -> HttpResponse:
    """The bell alone, asked for every minute by pages that are looked at."""
    if not htmx.is_htmx(request):
        return htmx.go(request, HERE)
    return render(request, "ui/_bell.html")


@never_cache
@page(SIGNED_IN)
def open_page(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Opens what the notice is about; what has been opened has been read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    notice = Notice.objects.filter(pk=notice_id, person_id=actor.person_id or 0).first()
    if notice is None:
        raise Missing
    same = Notice.objects.filter(person_id=actor.person_id or 0, object=notice.object)
    about = (
        same.filter(record_id=notice.record_id) if notice.record_id else same.filter(pk=notice_id)
    )
    mark(actor.person_id or 0, [*about.values_list("pk", flat=True), notice.pk])
    shown, _gone = lines(actor, [notice])
    if not shown:
        tell(request, _("What this was about is not there for you any more."), level="warning")
        return htmx.go(request, HERE)
    return htmx.go(request, htmx.own_address(shown[0].url) or HERE)


@page(SIGNED_IN)
@require_POST
def mark_page(request: HttpRequest) -> HttpResponse:
    """`ids` (or all) become read; with `unread` they become unread again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sent = request.POST
    numbers = [whole_number(one) for one in sent.get("ids", "").split(",")[:500]]
    ids = None if sent.get("all") == "1" else [one for one in numbers if one is not None]
    before = request.user.unread  # type: ignore[union-attr]
    left = mark(actor.person_id or 0, ids, read="unread" not in sent)
    if ids is None and before > left:
        count = before - left
        text = ngettext("%(count)s notice marked read.", "%(count)s notices marked read.", count)
        tell(request, text % {"count": f"{count:,}"})
    back = htmx.own_address(sent.get("back", ""))
    return htmx.go(request, back if back.startswith(HERE) else HERE)
