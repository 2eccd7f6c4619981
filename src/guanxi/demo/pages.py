"""演示数据: what stands, who can sign in, made and removed by a job that shows how far it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.demo.jobs import MAKE, REMOVE
from guanxi.demo.state import demo_actor, demo_batch, demo_password, demo_signins, is_whole
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import cancel, enqueue
from guanxi.jobs.view import job_view, newest_job
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.kernel.present import address
from guanxi.ui import htmx
from guanxi.ui.web import page

HERE = "/demo/"
ADMINISTRATORS = "people.role:edit"
KEY = "demo"
SHOWN = 100


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*ADMINISTRATORS.split(":")):
        return None
    return {"group": "settings", "label": _("Demo data"), "url": HERE, "icon": "users-group"}


@page(ADMINISTRATORS)
def demo_page(request: HttpRequest) -> HttpResponse:
    batch, job = demo_batch(), newest_job(MAKE, REMOVE)
    active = job is not None and job.is_active
    context = {
        "layout": htmx.layout(request),
        "title": _("Demo data"),
        "job": _shown(job) if job else None,
        "stands": batch is not None,
        "whole": batch is not None and is_whole(batch),
        "may_act": not active,
        "people": demo_signins(batch) if batch else [],
        "password": demo_password(),
        "left": _left(job) if job and not active else [],
    }
    return render(request, "demo/page.html", context)


@page(ADMINISTRATORS)
def progress_page(request: HttpRequest) -> HttpResponse:
    """The job alone while it runs; afterwards the whole page is called for."""
    job = newest_job(MAKE, REMOVE)
    if job is None or not job.is_active:
        return htmx.go(request, HERE)
    return render(request, "ui/_progress.html", {"job": _shown(job)})


@page(ADMINISTRATORS)
@require_POST
def act_page(request: HttpRequest, act: str) -> HttpResponse:
    kinds = {"make": MAKE, "remove": REMOVE}
    job = newest_job(MAKE, REMOVE)
    if act == "cancel":
        if job is not None:
            cancel(job.pk)
    elif act not in kinds:
        raise Missing
    elif job is None or not job.is_active:
        person = request.actor.person_id  # type: ignore[attr-defined]
        enqueue(kinds[act], {}, person_id=person, key=KEY)
    return htmx.go(request, HERE)


def _shown(job: Job) -> dict[str, Any]:
    view = job_view(job)
    return view | {
        "state_label": view["state_word"],
        "left": view["time_left"],
        "poll_url": f"{HERE}progress/" if job.is_active else "",
        "cancel_url": f"{HERE}cancel/" if view["can_cancel"] else "",
    }


def _left(job: Job) -> list[dict[str, str]]:
    """What stays of the last removal, as links with the reason."""
    if job.kind != REMOVE or job.state != State.DONE:
        return []
    found = []
    for key, record_id, reason in (job.result or {}).get("left", ())[:SHOWN]:
        spec = registry.find(key)
        record = spec.model.rows(demo_actor()).filter(pk=record_id).first() if spec else None
        if spec and record is not None:
            url = address(spec, record_id)
            found.append({"label": str(spec.name), "title": str(record), "url": url, "why": reason})
    return found


urlpatterns = [
    path("demo/", demo_page),
    path("demo/progress/", progress_page),
    path("demo/<slug:act>/", act_page),
]
