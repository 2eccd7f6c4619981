"""The second step at the door: the code of the app, or a recovery code."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from guanxi.access.controls import Control, text
from guanxi.kernel.errors import Invalid
from guanxi.people.models import User
from guanxi.people.second_factor import use_code, use_recovery_code
from guanxi.people.signin_code import CodeStage, waiting_stage
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import PUBLIC, page

RECOVERY = "recovery"
#: Of the library's limits, counted per person in the cache all processes share.
LIMIT = "second_factor"


@never_cache
@page(PUBLIC)
def code_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return htmx.go(request, settings.LOGIN_REDIRECT_URL)
    stage = waiting_stage(request)
    if stage is None:
        return htmx.go(request, settings.LOGOUT_REDIRECT_URL)
    user = stage.user
    if user is None or "leave" in request.POST:
        return stage.abort()
    if not stage.asks():
        # Reset by an administrator while the person stood here.
        return stage.exit()
    if request.method != "POST":
        return _show(request)
    return _try(request, stage, user)


def _try(request: HttpRequest, stage: CodeStage, user: User) -> HttpResponse:
    if not may_try(request, user):
        return _show(request, error=too_many(), status=429)
    typed, left = request.POST.get("code", ""), None
    try:
        if _by_recovery(request):
            left = use_recovery_code(user, typed)
        else:
            use_code(user, typed)
    except Invalid as invalid:
        return _show(request, error=" ".join(invalid.errors["code"]), status=422)
    clear_tries(request, user)
    response = stage.passed()
    if left is not None:
        _tell_left(request, left)
    return response


def may_try(request: HttpRequest, user: User) -> bool:
    return ratelimit.consume(request, action=LIMIT, key=str(user.pk))


def clear_tries(request: HttpRequest, user: User) -> None:
    ratelimit.clear(request, action=LIMIT, key=str(user.pk))


def too_many() -> str:
    return _("Too many attempts. Try again later, or ask an administrator.")


def _tell_left(request: HttpRequest, left: int) -> None:
    said = ngettext(
        "That recovery code is used up; %(count)s is left. Make new ones in your profile.",
        "That recovery code is used up; %(count)s are left. Make new ones in your profile.",
        left,
    )
    tell(request, said % {"count": left}, level="warning", url="/profile/second-factor/")


def _by_recovery(request: HttpRequest) -> bool:
    return request.GET.get("with") == RECOVERY


def _show(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    by_recovery = _by_recovery(request)
    field = recovery_control(error) if by_recovery else code_control(error)
    context = {"fields": [field | {"autofocus": True}], "by_recovery": by_recovery}
    return render(request, "access/code.html", context, status=status)


def code_control(error: str = "") -> Control:
    """Never filled in again: a code is good once."""
    return text(
        "code",
        _("Code from the app"),
        value="",
        required=True,
        error=error,
        max=20,
        widget="code",
        autocomplete="one-time-code",
    )


def recovery_control(error: str = "") -> Control:
    return text(
        "code",
        _("Recovery code"),
        value="",
        required=True,
        error=error,
        max=40,
        placeholder="xxxx-xxxx-xxxx-xxxx",
        autocomplete="off",
    )
