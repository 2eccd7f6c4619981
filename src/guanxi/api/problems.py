"""What goes wrong, as RFC 9457 problem documents in the language of the caller."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused, Said, Wrong

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request can't be understood"),
    401: gettext_lazy("No valid token"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not possible with this method"),
    409: gettext_lazy("Refused"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Not this kind of content"),
    422: gettext_lazy("Some values are not acceptable"),
    428: gettext_lazy("Say which version you have seen"),
    429: gettext_lazy("Too many attempts"),
    500: gettext_lazy("A fault of ours"),
}
DOCS = "/api/docs/"


class Problem(Exception):
    """An answer that is no success. `code` is for programs, `detail` a sentence for people.

    errors: one {field, code, message} per wrong value; "" stands for the record, `a.0.b` for the
    field b of the first row of the child rows a. more: members that only this code has.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: Any = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.detail = status, code, str(detail)
        self.errors, self.headers = list(errors), dict(headers or {})
        self.more = dict(more or {})

    def response(self) -> HttpResponse:
        body: dict[str, Any] = {
            "type": f"{DOCS}#{self.code}",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "code": self.code,
            "detail": self.detail or str(TITLES[self.status]),
        }
        if self.errors:
            body["errors"] = self.errors
        body |= self.more
        # What was sent may be repeated here, half a pair of \ud800 among it, which is no text.
        text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        answer = HttpResponse(text, status=self.status, content_type=CONTENT_TYPE)
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def bad_request(code: str, detail: Any, *, field: str = "") -> Problem:
    """400, for what stands in the address or can't be read at all."""
    errors = [{"field": field, "code": code, "message": str(detail)}] if field else []
    return Problem(400, code, detail, errors=errors)


def of_fault(fault: Exception, *, precondition: bool = False) -> Problem | None:
    """The problem a refusal of the kernel becomes; None for what is no refusal.

    precondition: the caller named the version seen, so a conflict is a failed condition.
    """
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, Invalid):
        return _invalid(fault)
    if isinstance(fault, Wrong):
        return _invalid(Invalid({"": [fault.message]}))
    if isinstance(fault, Missing):
        return Problem(404, "not_found", _("There is nothing here, or nothing you may see."))
    if isinstance(fault, NotAllowed):
        return Problem(403, fault.code, fault.message)
    if isinstance(fault, Conflict):
        return Problem(412 if precondition else 409, "stale", fault.message)
    if isinstance(fault, Refused):
        return Problem(409, fault.code, fault.message)
    return None


def _invalid(invalid: Invalid) -> Problem:
    errors = [
        {"field": path, "code": getattr(text, "code", Said.code), "message": str(text)}
        for path, texts in invalid.errors.items()
        for text in texts
    ]
    return Problem(422, "invalid", errors=errors)
