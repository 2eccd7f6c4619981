"""Handing out stored files: only through a record in reach that holds them, as its fields allow."""

from django.http import HttpRequest, HttpResponseBase

from guanxi.kernel.held import held_file
from guanxi.kernel.spec import Spec
from guanxi.ui.files import hand_out
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def file_page(request: HttpRequest, spec: Spec, record_id: int, file_id: int) -> HttpResponseBase:
    actor = request.actor  # type: ignore[attr-defined]
    return hand_out(held_file(actor, spec, record_id, file_id))
