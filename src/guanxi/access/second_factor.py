"""The second step of my sign-in: set up with my phone, recovery codes, switched off."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.access.code import clear_tries, code_control, may_try, too_many
from guanxi.access.controls import Control, text
from guanxi.kernel import kinds
from guanxi.kernel.company import company
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.sealing import Sealed, seal
from guanxi.people import second_factor, totp
from guanxi.people.accounts import myself
from guanxi.people.models import Security, User
from guanxi.people.security import security, signed_in_elsewhere
from guanxi.people.sessions import end_sessions
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

PROFILE = "/profile/"
#: What a session keeps, sealed, until the app has shown a code of it.
SECRET = "second_factor_secret"  # noqa: S105
PRODUCT = "Guanxi"


@sensitive_post_parameters("password")
@never_cache
@page(SIGNED_IN)
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Recovery codes are in the answer and nowhere else, so what makes them does not redirect."""
    if request.method != "POST":
        return _show(request)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _show(request)
    try:
        return act(request)
    except Invalid as invalid:
        return _show(request, invalid.errors, status=422)
    except Refused as refused:
        return _show(request, {"": [refused.message]}, status=409)


def _set_up(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    if _row(request).second_factor == Security.Asked.OFF:
        raise Refused(_("Two-step sign-in is switched off in the security settings."))
    _prove(request, user, by_code=False)
    own, person = myself(request.actor)  # type: ignore[attr-defined]
    code = request.POST.get("code", "")
    codes = second_factor.set_up(own, person, user, secret=_secret(request), code=code)
    del request.session[SECRET]
    request.session[second_factor.PASSED] = True
    # Whoever sits at another browser has not taken the second step.
    end_sessions(user, but=request.session.session_key, by=person.name)
    clear_tries(request, user)
    return _show_codes(request, codes, is_new=True)


def _new_codes(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    _prove(request, user, by_code=True)
    codes = second_factor.new_codes(user)
    clear_tries(request, user)
    return _show_codes(request, codes, is_new=False)


def _remove(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    _prove(request, user, by_code=True)
    own, person = myself(request.actor)  # type: ignore[attr-defined]
    second_factor.remove(own, person, user)
    clear_tries(request, user)
    tell(request, _("Two-step sign-in is switched off."), level="info")
    return htmx.go(request, request.path if _forced(request, user) else PROFILE)


ACTS = {"set_up": _set_up, "codes": _new_codes, "remove": _remove}


def _prove(request: HttpRequest, user: User, *, by_code: bool) -> None:
    """That it is really the person: the password once more; who came from another house, and may
    know none, shows a code instead where there is one. Raises Invalid."""
    name = "password" if _knows_password(request) else "code"
    if not may_try(request, user):
        raise Invalid({name: [too_many()]})
    if name == "password":
        if not user.check_password(request.POST.get("password", "")):
            raise Invalid({"password": [_("This is not your current password.")]})
    elif by_code:
        second_factor.use_code(user, request.POST.get("code", ""))


def _knows_password(request: HttpRequest) -> bool:
    return _me(request).has_usable_password() and not signed_in_elsewhere(request)


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _row(request: HttpRequest) -> Security:
    return security(request.actor.book)  # type: ignore[attr-defined]


def _forced(request: HttpRequest, user: User) -> bool:
    return second_factor.must_set_up(user, request.actor.person_id, _row(request))  # type: ignore[attr-defined]


def _secret(request: HttpRequest) -> str:
    """The same until it is kept, so that a page read again fits what the phone has scanned."""
    try:
        return Sealed(request.session[SECRET]).open()
    except (KeyError, Wrong):
        made = totp.new_secret()
        request.session[SECRET] = seal(made)
        return made


def _layout(request: HttpRequest, forced: bool) -> str:
    """Without the frame while nothing else can be done."""
    return "ui/plain.html" if forced else htmx.layout(request)


def _show(request: HttpRequest, errors: Any = None, *, status: int = 200) -> HttpResponse:
    user, errors = _me(request), errors or {}
    own = user.has_second_factor
    forced = _forced(request, user)
    context = {
        "layout": _layout(request, forced),
        "forced": forced,
        "fault": " ".join(errors.get("", ())),
        "fields": _fields(request, errors),
        "required": second_factor.is_required(request.actor.person_id, _row(request)),  # type: ignore[attr-defined]
        "off": _row(request).second_factor == Security.Asked.OFF,
        "state": state_of(user) if own else None,
        "app": None if own else _for_the_app(request),
    }
    return render(request, "access/second_factor.html", context, status=status)


def _fields(request: HttpRequest, errors: dict[str, list[str]]) -> list[Control]:
    said = {name: " ".join(texts) for name, texts in errors.items()}
    fields = []
    if not _me(request).has_second_factor or not _knows_password(request):
        fields.append(code_control(said.get("code", "")))
    if _knows_password(request):
        label = _("Your password once more")
        password = text("password", label, value="", widget="password", required=True)
        fields.append(
            password | {"error": said.get("password", ""), "autocomplete": "current-password"}
        )
    return fields


def _for_the_app(request: HttpRequest) -> dict[str, str]:
    secret = _secret(request)
    issuer = company(request.actor.book).short_name or PRODUCT  # type: ignore[attr-defined]
    address = totp.address(secret, account=_me(request).username, issuer=issuer)
    return {
        "address": address,
        # Drawn here: whoever draws it for us could sign in.
        "picture": segno.make(address, error="m", micro=False).svg_inline(
            omitsize=True, border=4, light="#fff", dark="#000", svgclass="qr-dots", lineclass=None
        ),
        "key": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }


@dataclass(frozen=True)
class FactorState:
    since: str
    used: str
    codes_left: int


def state_of(user: User) -> FactorState | None:
    """For its owner and for administrators; None where nothing is set up."""
    found = second_factor.factor_of(user) if user.has_second_factor else None
    if found is None:
        return None
    show = kinds.InstantKind().show
    used = show(found.used_at) if found.used_at else ""
    return FactorState(show(found.made_at), used, second_factor.codes_left(user))


def _show_codes(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    lines = "\n".join(codes)
    title = _("Recovery codes of %(name)s") % {"name": _me(request).username}
    told = f"{title}\n\n{lines}\n"
    context = {
        "layout": _layout(request, "next" in request.GET),
        "codes": codes,
        "is_new": is_new,
        "text": lines,
        "file": f"data:text/plain;charset=utf-8,{quote(told)}",
        "on": htmx.own_address(request.GET.get("next", "")) or PROFILE,
    }
    return render(request, "access/recovery_codes.html", context)
