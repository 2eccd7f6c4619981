"""What every address of the API is wrapped in: token, language, conditions, problems."""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from guanxi.api.bodies import read_json
from guanxi.api.caller import Caller, caller_of, language_of, zone_of
from guanxi.api.etags import is_unchanged, names_version, tag_of
from guanxi.api.problems import Problem, of_fault
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.ui.web import BY_OBJECT

log = logging.getLogger("guanxi.api")


@dataclass
class Call:
    """One request of a known caller."""

    request: HttpRequest
    caller: Caller

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent, {} for nothing; raises Problem 400, 413, 415."""
        return read_json(self.request)


Handler = Callable[..., HttpResponseBase]


def endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view of one handler per method: `endpoint(GET=..., POST=...)`.

    A handler takes the Call and what the address names. HEAD is answered as GET without the body.
    """

    def view(request: HttpRequest, **values: Any) -> HttpResponseBase:
        with translation.override(language_of(request)):
            try:
                caller = caller_of(request)
            except Problem as problem:
                return _finish(request, problem.response())
        return _serve(Call(request, caller), handlers, values)

    # Nothing here is authorised by a cookie, so there is nothing another site could abuse.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.right = BY_OBJECT  # type: ignore[attr-defined]
    return view


def _serve(
    call: Call, handlers: Mapping[str, Handler], values: Mapping[str, Any]
) -> HttpResponseBase:
    request, user = call.request, call.caller.token.person.user
    with translation.override(language_of(request, user)), timezone.override(zone_of(user)):
        try:
            handler = handlers.get("GET" if request.method == "HEAD" else request.method or "")
            if handler is None:
                raise Problem(405, "wrong_method", headers={"Allow": ", ".join(handlers)})
            answer = handler(call, **values)
        except Exception as fault:
            answer = _problem(request, fault).response()
        return _finish(request, answer)


def _problem(request: HttpRequest, fault: Exception) -> Problem:
    known = of_fault(fault, precondition=names_version(request))
    if known is not None:
        return known
    code = secrets.token_hex(4)
    log.exception("code %s: %s %s", code, request.method, request.path, exc_info=fault)
    kind = "database" if isinstance(fault, DatabaseError) else "fault"
    sentence = _("This is our fault and has been noted. Quote the code %(code)s.") % {"code": code}
    return Problem(500, kind, sentence)


def _finish(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer.headers.setdefault("Content-Language", translation.get_language() or "")
    patch_vary_headers(answer, ("Authorization", "Accept-Language"))  # type: ignore[arg-type]
    safe = request.method in ("GET", "HEAD")
    if safe and "ETag" in answer.headers and is_unchanged(request, answer.headers["ETag"]):
        unchanged = HttpResponse(status=304)
        for name in ("ETag", "Vary", "Cache-Control", "Content-Language"):
            unchanged[name] = answer.headers[name]
        return unchanged
    if request.method == "HEAD" and isinstance(answer, HttpResponse):
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def answer(
    data: Any,
    *,
    status: int = 200,
    version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """JSON with its ETag; `version` is that of the one record it shows."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    found = HttpResponse(body, status=status, content_type="application/json")
    found["ETag"] = tag_of(body, version)
    for name, value in (headers or {}).items():
        found[name] = value
    return found


def _nothing(call: Call, rest: str) -> HttpResponse:
    raise Missing


#: Addresses below /api/v1/ that lead nowhere answer with a problem, too, not with a page.
nothing_here = endpoint(**dict.fromkeys(("GET", "POST", "PATCH", "PUT", "DELETE"), _nothing))
