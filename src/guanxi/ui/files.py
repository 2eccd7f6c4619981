"""Sending stored files: pictures and PDF open in the browser, everything else is saved."""

from django.http import FileResponse
from django.utils.http import content_disposition_header

from guanxi.kernel.files import open_stored
from guanxi.kernel.models import StoredFile

INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


def hand_out(stored: StoredFile) -> FileResponse:
    """The file as an answer, never as a page of ours; who may have it has been asked."""
    inline = stored.content_type in INLINE
    content_type = stored.content_type if inline else "application/octet-stream"
    response = FileResponse(open_stored(stored), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
