"""What is imported, how it goes, how it went; starting, cancelling, undoing."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from guanxi.exchange import service, steps
from guanxi.exchange.also import also_of
from guanxi.exchange.models import Import, ImportLine, Outcome, Stage
from guanxi.exchange.reading import ReadFault
from guanxi.exchange.results import reasons_of
from guanxi.exchange.targets import targets
from guanxi.exchange.upload import go_on_with
from guanxi.exchange.work import table_of
from guanxi.exchange.writing import REASON, csv_pieces, refused_rows
from guanxi.kernel import registry
from guanxi.kernel.errors import Refused
from guanxi.kernel.spec import Spec
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, SIGNED_IN, page

RECENT = 20
BUSY = (Stage.RUNNING, Stage.UNDOING)


@page(SIGNED_IN)
def home_page(request: HttpRequest) -> HttpResponse:
    """What can be imported, and this person's latest imports."""
    actor = request.actor  # type: ignore[attr-defined]
    mine = Import.objects.filter(person_id=actor.person_id or 0).select_related("job")
    context = {
        "title": _("Import"),
        "groups": _groups(service.importable(actor)),
        "recent": [_entry(one) for one in mine.order_by("-id")[:RECENT]],
    }
    return render(request, "exchange/home.html", context)


def _groups(specs: list[Spec]) -> list[list[Spec]]:
    """Records first, the terms that describe them apart."""
    terms = [spec for spec in specs if spec.small]
    return [group for group in ([spec for spec in specs if not spec.small], terms) if group]


def _entry(imported: Import) -> dict[str, Any]:
    spec = registry.find(imported.object)
    rows = sum(imported.counts.values()) or imported.profile.get("rows", 0)
    return {
        "name": imported.file_name,
        "object": spec.plural if spec else imported.object,
        "state": imported.get_state_display(),
        "tone": _tone(imported.state),
        "rows": steps.count(rows),
        "at": imported.created_at,
        "url": f"/import/{imported.pk}/",
    }


def _tone(state: str) -> str:
    tones = {Stage.DONE: "good", Stage.FAILED: "bad", Stage.UNDONE: "muted"}
    return tones.get(Stage(state), "info")


@page(BY_OBJECT)
def show_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Where this import stands: the step to do next, its progress, or its result."""
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if imported.state in (Stage.UPLOADED, Stage.MAPPED) and not _has_failed(imported):
        return htmx.go(request, f"/import/{import_id}/mapping/")
    if imported.state == Stage.TRIED:
        return htmx.go(request, f"/import/{import_id}/trial/")
    return _result(request, imported)


def _has_failed(imported: Import) -> bool:
    return imported.job is not None and imported.job.state == "failed"


def _result(request: HttpRequest, imported: Import) -> HttpResponse:
    spec = registry.spec(imported.object)
    busy = service.is_busy(imported)
    chosen = request.GET.get("show", "")
    if not chosen:
        wanted = (Outcome.LEFT, Outcome.REFUSED, Outcome.SKIPPED, Outcome.CREATED)
        have = {**imported.counts, Outcome.LEFT.value: imported.left}
        chosen = next((one.value for one in wanted if have.get(one.value)), "")
    changed = sum(imported.counts.get(one, 0) for one in ("created", "updated"))
    context = {
        "title": _("Import: %(name)s") % {"name": imported.file_name},
        "imported": imported,
        "spec": spec,
        "busy": busy,
        "steps": steps.steps(_step(imported, busy=busy)),
        "job": steps.progress_of(imported) if busy or _has_failed(imported) else None,
        "outcomes": steps.outcomes(imported, base=f"/import/{imported.pk}/", chosen=chosen),
        "extras": steps.extras(imported),
        "lines": [] if busy else steps.lines_of(imported, chosen, trial=False),
        "reasons": [] if busy else reasons_of(imported, chosen, trial=False),
        "shown": chosen,
        "shown_label": Outcome(chosen).label if chosen in Outcome.values else "",
        "shown_count": imported.counts.get(chosen, 0),
        "list_url": f"/{spec.path}/?batch={imported.batch_id}" if changed else "",
        "refused_url": f"/import/{imported.pk}/refused/" if imported.counts.get("refused") else "",
        "can_undo": imported.state in (Stage.DONE, Stage.FAILED) and bool(imported.batch_id),
        "can_go_on": imported.state in (Stage.FAILED, Stage.MAPPED) and not busy,
        "undone": imported.state == Stage.UNDONE,
        "also": _also(request, imported),
    }
    return render(request, "exchange/show.html", context)


@page(BY_OBJECT)
def also_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """The same file once more, for other rows it names, with its columns assigned."""
    actor = request.actor  # type: ignore[attr-defined]
    imported = service.own_import(actor, import_id)
    asked = request.POST.get("object", ""), request.POST.get("place", "")
    for also in also_of(actor, imported) if request.method == "POST" else ():
        if (also.spec.path, str(also.place)) == asked:
            made = _or_tell(request, partial(go_on_with, actor, imported, also))
            if made is not None:
                return htmx.go(request, f"/import/{made.pk}/mapping/")
    return htmx.go(request, f"/import/{import_id}/")


def _also(request: HttpRequest, imported: Import) -> list[dict[str, Any]]:
    """Other rows can be linked once these are there."""
    if imported.state != Stage.DONE or service.is_busy(imported):
        return []
    return steps.also_rows(imported, also_of(request.actor, imported))  # type: ignore[attr-defined]


def _step(imported: Import, *, busy: bool) -> int:
    if imported.state == Stage.TRYING:
        return 2
    return 3 if busy or imported.state in BUSY else 4


@page(BY_OBJECT)
def progress_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """The progress alone, asked again and again; when it is over, the page that comes next."""
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if not service.is_busy(imported) or not htmx.is_htmx(request):
        return htmx.go(request, f"/import/{import_id}/")
    return render(request, "ui/_progress.html", {"job": steps.progress_of(imported)})


def _or_tell(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """What the act gives; where it is refused, the next page says why."""
    try:
        return act()
    except Refused as refused:
        tell(request, refused.message, level="warning")
    except ReadFault as fault:
        tell(request, fault.message, level="warning")
    return None


@page(BY_OBJECT)
def start_page(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        _or_tell(request, partial(service.start_import, request.actor, imported))
    return htmx.go(request, f"/import/{import_id}/")


@page(BY_OBJECT)
def cancel_page(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        _or_tell(request, partial(service.cancel, imported))
    return htmx.go(request, f"/import/{import_id}/")


@page(BY_OBJECT)
def undo_page(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        _or_tell(request, partial(service.start_undo, request.actor, imported))
    return htmx.go(request, f"/import/{import_id}/")


@page(BY_OBJECT)
def refused_page(request: HttpRequest, import_id: int) -> Any:
    """The same file with the refused rows only and a reason column, to correct and bring again."""
    imported = service.own_import(request.actor, import_id)  # type: ignore[attr-defined]
    table = _or_tell(request, partial(table_of, imported))
    if table is None:
        return htmx.go(request, f"/import/{import_id}/")
    header = [*imported.profile["header"], str(REASON)]
    name = imported.file_name.rpartition(".")[0] or imported.file_name
    return as_csv(
        f"{name}-{_('refused')}.csv", header, refused_rows(_refused(imported, table.rows()))
    )


def _refused(imported: Import, rows: Iterable[Any]) -> Iterator[tuple[list[Any], str]]:
    found = ImportLine.objects.filter(run=imported, trial=False, outcome=Outcome.REFUSED)
    reasons = dict(found.values_list("line", "reason"))
    for row in rows:
        if row.line in reasons:
            yield row.cells, reasons[row.line]


@page(BY_OBJECT)
def template_page(request: HttpRequest, path: str) -> StreamingHttpResponse:
    """An empty table with the columns of this object, to fill in."""
    spec = service.importable_by_path(request.actor, path)  # type: ignore[attr-defined]
    header = [str(target.label) for target in targets(spec).values()]
    return as_csv(f"{spec.plural}.csv", header, [])


def as_csv(name: str, header: list[str], rows: Any) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        csv_pieces(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
