"""Taking a list along: at once where it is short, in a job where it is long."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.exchange import steps
from guanxi.exchange.export import (
    FORMATS,
    exportable_by_path,
    heading,
    rows_to_export,
    write_export,
)
from guanxi.exchange.models import Export
from guanxi.jobs.queue import enqueue
from guanxi.jobs.view import job_view
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Refused, Wrong
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page

AT_ONCE = 5_000


@page(BY_OBJECT)
def export_page(request: HttpRequest, path: str) -> HttpResponse:
    """What the list holds, in which format; a post makes the file."""
    actor = request.actor  # type: ignore[attr-defined]
    spec = exportable_by_path(actor, path)
    try:
        ids, columns = rows_to_export(actor, spec, request.GET)
    except Wrong as wrong:
        raise Refused(wrong.message) from wrong
    if request.method == "POST" and request.POST.get("format") in FORMATS:
        exported = Export.objects.create(
            object=spec.key,
            person_id=actor.person_id,
            file_name=f"{spec.plural} {timezone.localdate():%Y-%m-%d}.{request.POST['format']}",
            rows=len(ids),
            query={"ids": ids, "columns": list(columns), "format": request.POST["format"]},
        )
        return _make(request, actor, exported)
    context = {
        "layout": htmx.layout(request),
        "title": _("Export: %(name)s") % {"name": spec.plural},
        "spec": spec,
        "count": steps.count(len(ids)),
        "columns": heading(spec, columns),
        "action": request.get_full_path(),
        "back_url": f"/{spec.path}/?{request.META.get('QUERY_STRING', '')}",
    }
    return render(request, "exchange/export.html", context)


def _make(request: HttpRequest, actor: Actor, exported: Export) -> Any:
    if exported.rows <= AT_ONCE:
        write_export(actor, exported)
        return download(exported)
    with transaction.atomic():
        exported.job = enqueue(
            "exchange.export", {"export_id": exported.pk}, person_id=actor.person_id
        )
        exported.save(update_fields=("job",))
    return htmx.go(request, f"/export/{exported.pk}/")


@page(BY_OBJECT)
def show_page(request: HttpRequest, export_id: int) -> Any:
    """The progress of a long export, then its file."""
    actor = request.actor  # type: ignore[attr-defined]
    exported = Export.objects.select_related("job").filter(pk=export_id).first()
    if exported is None or actor.person_id is None or exported.person_id != actor.person_id:
        raise Missing
    if request.GET.get("file") == "1" and exported.path:
        return download(exported)
    context = {"title": exported.file_name, "job": _progress(exported)}
    if htmx.wants_part(request) and exported.job is not None and exported.job.is_active:
        return render(request, "ui/_progress.html", context)
    if htmx.wants_part(request):
        return htmx.go(request, f"/export/{export_id}/")
    return render(request, "exchange/exported.html", context)


def _progress(exported: Export) -> dict[str, Any] | None:
    if exported.job is None:
        return None
    view = job_view(exported.job)
    address = f"/export/{exported.pk}/"
    return {
        "id": view["id"],
        "title": exported.file_name,
        "state": view["state"],
        "state_label": view["state_word"],
        "done": view["done"],
        "total": view["total"],
        "left": view["time_left"],
        "error": view["error"],
        "poll_url": address,
        "result_url": f"{address}?file=1" if exported.path else "",
        "result_label": _("Download"),
    }


def download(exported: Export) -> FileResponse:
    path = Path(settings.MEDIA_ROOT) / exported.path
    return FileResponse(path.open("rb"), as_attachment=True, filename=exported.file_name)
