"""Comments and attachments on the page of any record."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing, Refused, Wrong
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.pages.records import show_record
from guanxi.pages.talked import preview_kind
from guanxi.pages.timeline import timeline
from guanxi.talk import entries
from guanxi.talk.mentions import suggest_persons
from guanxi.ui import htmx
from guanxi.ui.files import hand_out
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def comments_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """Takes a comment. A fault comes back with what was typed, in the timeline or on the page."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    if request.method != "POST":
        return htmx.go(request, address(spec, record.pk))
    text = request.POST.get("text", "")
    composer = {}
    try:
        entries.write_comment(actor, record, text)
    except Wrong as wrong:
        composer = {"text": text, "error": wrong.message}
    status = 422 if composer else 200
    if htmx.wants_part(request):
        context = {"timeline": timeline(actor, spec, record, composer=composer)}
        return render(request, "ui/_timeline.html", context, status=status)
    if composer:
        return show_record(request, spec, record.pk, composer=composer, status=status)
    return htmx.go(request, f"{address(spec, record.pk)}#timeline")


@page(BY_OBJECT)
def comment_page(request: HttpRequest, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    """Changes a comment of one's own, in a dialog or on a page."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    entry = entries.get_entry(spec, record, entry_id)
    entries.check_editable(actor, spec, record, entry)
    text, error = entry.text, ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            entries.edit_comment(actor, record, entry, text)
            return htmx.go(request, f"{address(spec, record.pk)}#timeline")
        except Wrong as wrong:
            error = wrong.message
    context = {
        "layout": htmx.layout(request),
        "title": _("Change the comment"),
        "dialog": {"title": _("Change the comment"), "close_url": address(spec, record.pk)},
        "action": f"{address(spec, record.pk)}comments/{entry.pk}/",
        "fields": [_text_field(text, error)],
        "button": _("Save"),
    }
    return render(request, "pages/act.html", context, status=422 if error else 200)


def _text_field(text: str, error: str) -> dict[str, Any]:
    return {
        "name": "text",
        "label": _("Comment"),
        "widget": "textarea",
        "value": text,
        "error": error,
        "max": entries.LONGEST,
        "required": True,
    }


@page(BY_OBJECT)
def mention_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """The persons an @ may mean, as options of a list."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    found = suggest_persons(actor, spec, record, request.GET.get("q", "")[:50])
    return render(request, "pages/_mentions.html", {"found": found})


@page(BY_OBJECT)
def attach_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """Takes files, one or several; what can't be kept is said by its name, the rest is kept."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id, "edit")
    if request.method != "POST":
        return htmx.go(request, address(spec, record.pk))
    uploads, kept = request.FILES.getlist("file"), 0
    if not uploads:
        tell(request, _("Choose a file first."), level="error")
    for upload in uploads:
        try:
            entries.attach_file(actor, record, upload)
            kept += 1
        except Wrong as wrong:
            said = _("%(name)s: %(fault)s") % {"name": upload.name, "fault": wrong.message}
            tell(request, said, level="error")
    if kept:
        text = ngettext("%(count)s file attached.", "%(count)s files attached.", kept)
        tell(request, text % {"count": kept})
    return htmx.go(request, f"{address(spec, record.pk)}#attachments")


@page(BY_OBJECT)
def attachment_page(
    request: HttpRequest, spec: Spec, record_id: int, entry_id: int
) -> HttpResponseBase:
    """The file itself; `?save=1` never opens it in the browser."""
    stored = _attached(request, spec, record_id, entry_id).file
    return hand_out(stored, save=request.GET.get("save") == "1", framed=True)


@page(BY_OBJECT)
def preview_page(request: HttpRequest, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    """A picture or a PDF looked at without saving it."""
    entry = _attached(request, spec, record_id, entry_id)
    url = f"{address(spec, record_id)}attachments/{entry.pk}/"
    context = {
        "layout": htmx.layout(request),
        "title": entry.file.name,
        "dialog": {"title": entry.file.name, "close_url": address(spec, record_id)},
        "kind": preview_kind(entry.file),
        "url": url,
    }
    return render(request, "pages/preview.html", context)


def _attached(request: HttpRequest, spec: Spec, record_id: int, entry_id: int) -> Any:
    record = get_record(request.actor, spec, record_id)  # type: ignore[attr-defined]
    entry = entries.get_entry(spec, record, entry_id)
    if entry.file is None:
        raise Missing
    return entry


@page(BY_OBJECT)
def remove_page(request: HttpRequest, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    entry = entries.get_entry(spec, record, entry_id)
    if request.method != "POST":
        raise Missing
    entries.remove_entry(actor, record, entry)
    base = address(spec, record.pk)
    said = _("Attachment deleted.") if entry.file_id else _("Comment deleted.")
    tell(request, said, undo=f"{base}talk/{entry.pk}/restore/")
    return htmx.go(request, base)


@page(BY_OBJECT)
def bring_back_page(
    request: HttpRequest, spec: Spec, record_id: int, entry_id: int
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    if request.method != "POST":
        raise Missing
    try:
        entries.bring_back(actor, record, entry_id)
        tell(request, _("Taken back."))
    except Refused as refused:
        tell(request, refused.message, level="error")
    return htmx.go(request, address(spec, record.pk))
