"""What every page function is wrapped in: its right, sign-in, and the answers to the kernel's
refusals."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused
from guanxi.ui import htmx
from guanxi.ui.incoming import without_nul
from guanxi.ui.notices import Notice, tell_now

PUBLIC = "public"
SIGNED_IN = "signed-in"
#: The page asks `rows(actor)` and `change()` itself, object by object.
BY_OBJECT = "by-object"

View = Callable[..., HttpResponse]


def page(right: str) -> Callable[[View], View]:
    """Registers the right of an address: PUBLIC, SIGNED_IN, BY_OBJECT or "people.role:edit".

    A page without one stops the start (`conf.startup`). Kernel refusals become 403, 404 and 409.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            without_nul(request)
            detour = "" if right == PUBLIC else _detour(request)
            if detour:
                return htmx.go(request, detour)
            try:
                if ":" in right:
                    _require(request, right)
                return view(request, *args, **values)
            except Missing:
                return refusal(request, 404)
            except NotAllowed as refused:
                return refusal(request, 403, message=refused.message)
            except Conflict as conflict:
                return refusal(request, 409, message=conflict.message)
            except Invalid as invalid:
                said = " ".join(text for texts in invalid.errors.values() for text in texts)
                way = _way_back(values)
                return refusal(request, 422, message=said, page="refused", way=way)
            except Refused as refused:
                way = _way_back(values)
                return refusal(request, 409, message=refused.message, page="refused", way=way)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def _detour(request: HttpRequest) -> str:
    """Where a person must go first: to sign in, to choose a password of their own, or to set up the
    second step of signing in."""
    place = htmx.page_address(request)
    if not request.user.is_authenticated:
        name = "account_login"
    elif getattr(request.user, "must_change_password", False):
        name = "account_change_password"
        if place == "/":
            # Whoever was on the way to nowhere in particular is led on by the sign-in pages.
            return reverse(name)
    elif getattr(request.user, "must_set_up_factor", False):
        name = "second_factor"
        if request.path == reverse(name):
            return ""
    else:
        return ""
    return f"{reverse(name)}?{urlencode({'next': place})}"


def _require(request: HttpRequest, right: str) -> None:
    key, verb = right.split(":")
    if not request.actor.may(key, verb):  # type: ignore[attr-defined]
        raise Missing


def _way_back(values: dict[str, Any]) -> str:
    """The page of the record or list whose act was refused."""
    spec, record_id = values.get("spec"), values.get("record_id")
    if spec is None:
        return ""
    return f"/{spec.path}/{record_id}/" if record_id else f"/{spec.path}/"


def refusal(
    request: HttpRequest, status: int, *, message: str = "", page: str = "", way: str = ""
) -> HttpResponse:
    """The answer to a request that can't be served: a page, or a toast where only a part was
    asked."""
    if htmx.wants_part(request) and message:
        return tell_now(HttpResponse(status=status), Notice(message, "error"))
    template = f"ui/errors/{page or status}.html"
    return render(request, template, {"message": message, "way": way}, status=status)
