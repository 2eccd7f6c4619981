"""Handing out stored files: only through a record in reach that holds them, as its fields allow."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from guanxi.kernel import kinds, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Missing
from guanxi.kernel.files import open_stored
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.spec import Spec
from guanxi.ui.web import BY_OBJECT, page

INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


@page(BY_OBJECT)
def file_page(request: HttpRequest, spec: Spec, record_id: int, file_id: int) -> HttpResponseBase:
    """Pictures and PDF open in the browser, everything else is saved; never as a page of ours."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    stored = next((one for one in _held(actor, spec, record) if one.pk == file_id), None)
    if stored is None:
        raise Missing
    inline = stored.content_type in INLINE
    content_type = stored.content_type if inline else "application/octet-stream"
    response = FileResponse(open_stored(stored), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _held(actor: Actor, spec: Spec, record: Any) -> list[Any]:
    """The stored files this record shows this person."""
    mine = scope.is_mine(spec, actor, record)
    found = []
    for name in spec.form_fields:
        col = column(spec, name)
        if (
            isinstance(col.kind, kinds.FileKind)
            and policy(actor, col, mine=mine) >= Policy.READONLY
        ):
            found.append(getattr(record, name))
    for parts in spec.parts:
        for name in parts.fields:
            col = column(spec, f"{parts.name}.{name}")
            if (
                isinstance(col.kind, kinds.FileKind)
                and policy(actor, col, mine=mine) >= Policy.READONLY
            ):
                found += [getattr(row, name) for row in part_rows(spec, parts.name, record)]
    return [one for one in found if one is not None]
