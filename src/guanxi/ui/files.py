"""Sending stored files: pictures and PDF open in the browser, everything else is saved."""

from django.http import FileResponse
from django.utils.http import content_disposition_header

from guanxi.kernel.files import open_stored
from guanxi.kernel.models import StoredFile

PDF = "application/pdf"
INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", PDF)


def hand_out(stored: StoredFile, *, save: bool = False, framed: bool = False) -> FileResponse:
    """The file as an answer, never as a page of ours; who may have it has been asked.

    `save`: never opened in the browser; `framed`: a page of ours may show it inside.
    """
    inline = not save and stored.content_type in INLINE
    content_type = stored.content_type if inline else "application/octet-stream"
    response = FileResponse(open_stored(stored), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name)
    # Chromium shows no PDF in a sandbox; its viewer runs apart, and the type is from the content.
    apart = "" if stored.content_type == PDF else "; sandbox"
    ancestors = "'self'" if framed else "'none'"
    response["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors {ancestors}{apart}"
    if framed:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, max-age=3600"
    return response
