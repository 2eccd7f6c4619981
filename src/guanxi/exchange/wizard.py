"""The steps before the import: the file, the columns, the trial run."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.exchange import service, steps
from guanxi.exchange.also import also_of
from guanxi.exchange.forms import mapping_rows, option_fields, place_fields, read_mapping
from guanxi.exchange.models import Import, Outcome, Stage
from guanxi.exchange.reading import ReadFault
from guanxi.exchange.results import reasons_of
from guanxi.exchange.upload import LIMITS, read_again, same_file_before, take_file
from guanxi.kernel import registry
from guanxi.kernel.errors import Refused
from guanxi.kernel.spec import Spec
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page

MEBIBYTE = 2**20


@page(BY_OBJECT)
def upload_page(request: HttpRequest, path: str) -> HttpResponse:
    """A file, or rows pasted from a spreadsheet."""
    actor = request.actor  # type: ignore[attr-defined]
    spec = service.importable_by_path(actor, path)
    error = pasted = ""
    if request.method == "POST":
        pasted = request.POST.get("pasted", "")
        try:
            imported = _take(request, spec, pasted)
            return htmx.go(request, f"/import/{imported.pk}/mapping/")
        except ReadFault as fault:
            error = fault.message
        except Refused as refused:
            error = refused.message
    context = {
        "title": _("Import: %(name)s") % {"name": spec.plural},
        "spec": spec,
        "steps": steps.steps(0),
        "error": error,
        "pasted": pasted,
        "limit": LIMITS.file // MEBIBYTE,
    }
    return render(request, "exchange/upload.html", context, status=422 if error else 200)


def _take(request: HttpRequest, spec: Spec, pasted: str) -> Import:
    """Raises ReadFault or Refused in words the person can act on."""
    actor = request.actor  # type: ignore[attr-defined]
    file = request.FILES.get("file")
    if file is not None:
        return take_file(actor, spec, file.name or "", file.chunks())
    if pasted.strip():
        text = BytesIO(pasted.encode("utf-8", errors="replace"))
        return take_file(actor, spec, _("pasted rows"), [text.getvalue()])
    raise Refused(_("Choose a file or paste some rows."))


@page(BY_OBJECT)
def mapping_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Which column fills what, and what odd values mean; everything is proposed already."""
    actor = request.actor  # type: ignore[attr-defined]
    imported = service.own_import(actor, import_id)
    if service.is_busy(imported) or imported.state not in service.BEFORE:
        return htmx.go(request, f"/import/{import_id}/")
    error = ""
    if request.method == "POST":
        settled = read_mapping(actor, imported, request.POST)
        imported.state = Stage.MAPPED
        imported.save()
        if settled:
            try:
                service.start_trial(actor, imported)
                return htmx.go(request, f"/import/{import_id}/")
            except Refused as refused:
                error = refused.message
    also = also_of(actor, imported)
    rows = mapping_rows(actor, imported, also=also)
    before = same_file_before(imported)
    context = {
        "title": _("Import: %(name)s") % {"name": imported.file_name},
        "imported": imported,
        "spec": registry.spec(imported.object),
        "steps": steps.steps(1),
        "rows": rows,
        "assigned": sum(1 for row in rows if row["assigned"]),
        "row_count": steps.count(imported.profile["rows"]),
        "options": option_fields(actor, imported),
        "places": place_fields(imported),
        "error": error,
        "before": before,
        "also": steps.also_rows(imported, also),
    }
    return render(request, "exchange/mapping.html", context, status=422 if error else 200)


@page(BY_OBJECT)
def place_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Reads the file again, from another sheet or with another line as heading."""
    actor = request.actor  # type: ignore[attr-defined]
    imported = service.own_import(actor, import_id)
    waits = not service.is_busy(imported) and imported.state in service.BEFORE
    if request.method == "POST" and waits:
        sheet, line = request.POST.get("sheet", ""), request.POST.get("header_line", "").strip()
        held = imported.profile
        # Another sheet has its heading elsewhere, unless another line was named, too.
        stays = sheet not in ("", held["sheet"]) and line == str(held["header_line"])
        try:
            if line and not line.isdecimal():
                raise Refused(_("The line of the heading is a number."))
            header_line = int(line[:9]) if line and not stays else None
            read_again(actor, imported, sheet=sheet, header_line=header_line)
        except (ReadFault, Refused) as fault:
            tell(request, fault.message, level="warning")
    return htmx.go(request, f"/import/{import_id}/mapping/")


@page(BY_OBJECT)
def trial_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the import would do, line by line."""
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if imported.state != Stage.TRIED:
        return htmx.go(request, f"/import/{import_id}/")
    chosen = request.GET.get("show", "")
    if chosen not in Outcome.values:
        wanted = (Outcome.REFUSED, Outcome.SKIPPED, Outcome.CREATED, Outcome.UPDATED)
        chosen = next((one.value for one in wanted if imported.counts.get(one.value)), "created")
    ready = sum(imported.counts.get(one, 0) for one in ("created", "updated"))
    context: dict[str, Any] = {
        "title": _("Import: %(name)s") % {"name": imported.file_name},
        "imported": imported,
        "steps": steps.steps(2),
        "outcomes": steps.outcomes(imported, base=f"/import/{import_id}/trial/", chosen=chosen),
        "extras": steps.extras(imported),
        "lines": steps.lines_of(imported, chosen, trial=True),
        "reasons": reasons_of(imported, chosen, trial=True),
        "shown_label": Outcome(chosen).label,
        "shown_count": imported.counts.get(chosen, 0),
        "ready": ready,
        "ready_text": steps.count(ready),
        "before": same_file_before(imported),
    }
    return render(request, "exchange/trial.html", context)
