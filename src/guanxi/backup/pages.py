"""Backups for administrators: made by a job with progress, listed, downloaded, deleted."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.backup.jobs import MAKE, NIGHTLY, plan
from guanxi.backup.store import Kept, find, kept
from guanxi.jobs.models import Job
from guanxi.jobs.queue import cancel, enqueue
from guanxi.jobs.view import job_view, newest_job
from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

HERE = "/backup/"
ADMINISTRATORS = "people.role:edit"
KEEP = kinds.IntegerKind(min=1, max=365)


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*ADMINISTRATORS.split(":")):
        return None
    return {"group": "settings", "label": _("Backup"), "url": HERE, "icon": "database"}


@page(ADMINISTRATORS)
def backup_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    chosen = plan()
    chosen.nightly = "nightly" in request.POST
    try:
        chosen.keep = _number(request.POST.get("keep", ""))
    except Wrong as wrong:
        return _show(request, sent=request.POST, error=wrong.message, status=400)
    chosen.save()
    tell(request, _("Saved."))
    return htmx.go(request, HERE)


def _number(text: str) -> int:
    value = KEEP.parse(text)
    if value is None:
        raise Wrong(_("Please fill this in."))
    KEEP.check(value)
    return value


def _show(
    request: HttpRequest, *, sent: Any = None, error: str = "", status: int = 200
) -> HttpResponse:
    job, chosen = newest_job(MAKE, NIGHTLY), plan()
    active = job is not None and job.is_active
    context = {
        "layout": htmx.layout(request),
        "title": _("Backup"),
        "job": _shown(job) if job and (active or job.state == "failed") else None,
        "active": active,
        "rows": [_row(one) for one in kept()],
        "fields": [
            {
                "name": "nightly",
                "label": _("Make a backup every night at 2:20"),
                "widget": "boolean",
                "checked": "nightly" in sent if sent is not None else chosen.nightly,
            },
            {
                "name": "keep",
                "label": _("How many to keep"),
                "widget": "number",
                "required": True,
                "value": sent.get("keep", "") if sent is not None else chosen.keep,
                "error": error,
                "help": _("When a new one is safe, the oldest beyond this number is deleted."),
            },
        ],
    }
    return render(request, "backup/page.html", context, status=status)


def _row(one: Kept) -> dict[str, Any]:
    about = one.manifest
    at = parse_datetime(about.made_at) if about else None
    return {
        "name": one.name,
        "at": kinds.InstantKind().show(at or one.at),
        "size": filesizeformat(one.size),
        "broken": about is None,
        "rows": f"{about.rows:,}" if about else "",
        "files": f"{about.files:,}" if about else "",
        "version": about.version if about else "",
        "by": (about.made_by or _("the schedule")) if about else "",
        "missing": _missing(about.missing) if about and about.missing else "",
        "url": f"{HERE}{one.name}/",
        "delete_url": f"{HERE}{one.name}/delete/",
    }


def _missing(count: int) -> str:
    text = ngettext("%(n)s file was missing", "%(n)s files were missing", count)
    return text % {"n": f"{count:,}"}


@page(ADMINISTRATORS)
def progress_page(request: HttpRequest) -> HttpResponse:
    """The job alone while it runs; afterwards the whole page is called for."""
    job = newest_job(MAKE, NIGHTLY)
    if job is None or not job.is_active or not htmx.is_htmx(request):
        return htmx.go(request, HERE)
    return render(request, "ui/_progress.html", {"job": _shown(job)})


@page(ADMINISTRATORS)
@require_POST
def make_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    enqueue(MAKE, {"made_by": actor.name}, person_id=actor.person_id, key="backup")
    return htmx.go(request, HERE)


@page(ADMINISTRATORS)
@require_POST
def cancel_page(request: HttpRequest) -> HttpResponse:
    job = newest_job(MAKE, NIGHTLY)
    if job is not None:
        cancel(job.pk)
    return htmx.go(request, HERE)


@page(ADMINISTRATORS)
def download_page(request: HttpRequest, name: str) -> HttpResponseBase:
    response = FileResponse(find(name).open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "no-store"
    return response


@page(ADMINISTRATORS)
def delete_page(request: HttpRequest, name: str) -> HttpResponse:
    """GET asks, POST does: a deleted backup is gone."""
    found = find(name)
    if request.method == "POST":
        found.unlink(missing_ok=True)
        tell(request, _("%(name)s has been deleted.") % {"name": name})
        return htmx.go(request, HERE)
    context = {
        "layout": htmx.layout(request),
        "dialog": {
            "title": _("Delete %(name)s?") % {"name": name},
            "text": _("This can't be undone."),
            "close_url": HERE,
        },
        "action": request.path,
    }
    return render(request, "ui/delete_dialog.html", context)


def _shown(job: Job) -> dict[str, Any]:
    view = job_view(job)
    return view | {
        "state_label": view["state_word"],
        "left": view["time_left"],
        "poll_url": f"{HERE}progress/" if job.is_active else "",
        "cancel_url": f"{HERE}cancel/" if view["can_cancel"] else "",
    }


urlpatterns = [
    path("backup/", backup_page),
    path("backup/progress/", progress_page),
    path("backup/make/", make_page),
    path("backup/cancel/", cancel_page),
    path("backup/<str:name>/", download_page),
    path("backup/<str:name>/delete/", delete_page),
]
