"""What a person sees when a page can't be shown: a calm sentence and a way out."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

log = logging.getLogger("guanxi.pages")


def error_page(
    request: HttpRequest, status: int, *, message: str = "", error_code: str = ""
) -> HttpResponse:
    """The page for 400, 403, 404, 409 or 500; `error_code` is shown to be quoted to support."""
    context = {"message": message, "error_code": error_code, "status": status}
    return render(request, f"ui/errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The code stands in the log, too, below the trace that Django has written."""
    error_code = secrets.token_hex(4)
    log.error("code %s: %s %s", error_code, request.method, request.path)
    return error_page(request, 500, error_code=error_code)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    stale = _("This page was open too long. Go back, reload it and try again.")
    return error_page(request, 403, message=stale)
