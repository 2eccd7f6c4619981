"""What a person sees when a page can't be shown: a calm sentence and a way out."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

MEBIBYTE = 1024 * 1024

log = logging.getLogger("guanxi.pages")


def error_page(request: HttpRequest, status: int, *, message: str = "") -> HttpResponse:
    """The page for 400, 403, 404 or 409."""
    context = {"message": message, "status": status}
    return render(request, f"ui/errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = ""
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEBIBYTE
        message = _(
            "What was sent is larger than %(limit)s MB. Go back: what you typed is still there; "
            "shorten it or attach it as a file."
        ) % {"limit": limit}
    return error_page(request, 400, message=message)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The code stands in the log, too, below the trace that Django has written.

    Drawn without asking who reads it: the database may be what broke.
    """
    error_code = secrets.token_hex(4)
    log.error("code %s: %s %s", error_code, request.method, request.path)
    context = {"error_code": error_code, "status": 500, "request": request}
    return HttpResponse(render_to_string("ui/errors/500.html", context), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    stale = _("This page was open too long. Go back, reload it and try again.")
    return error_page(request, 403, message=stale)
