"""Asking for the link, and choosing the new password behind it."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.kernel.errors import Invalid, Missing
from guanxi.kernel.text import fold
from guanxi.notices.forgotten import ask_for_link, choose, is_offered, user_of_link
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import PUBLIC, page

SIGN_IN = "/accounts/login/"


@never_cache
@page(PUBLIC)
def forgotten_page(request: HttpRequest) -> HttpResponse:
    """The same answer whoever was named."""
    if not is_offered():
        raise Missing
    text, error = request.POST.get("login", ""), ""
    if request.method == "POST" and text.strip():
        if not ratelimit.consume(request, action="reset_password", key=fold(text)[:150]):
            error = _("Too many attempts. Try again in five minutes.")
        else:
            ask_for_link(text)
            return render(request, "notices/forgotten_sent.html", {"title": _("Check your mail")})
    elif request.method == "POST":
        error = _("Please fill this in.")
    field = {
        "name": "login",
        "label": _("User name, mobile or e-mail"),
        "widget": "text",
        "value": text,
        "required": True,
        "error": error,
        "autofocus": True,
        "autocomplete": "username",
    }
    status = 429 if error and text.strip() else 400 if error else 200
    return render(request, "notices/forgotten.html", {"fields": [field]}, status=status)


@sensitive_post_parameters()
@never_cache
@page(PUBLIC)
def choose_page(request: HttpRequest, code: str, token: str) -> HttpResponse:
    user = user_of_link(code, token)
    if user is None:
        context = {"offered": is_offered()}
        return render(request, "notices/forgotten_over.html", context, status=410)
    errors: dict[str, Any] = {}
    if request.method == "POST":
        first, second = request.POST.get("password", ""), request.POST.get("again", "")
        try:
            if first != second:
                raise Invalid({"again": [_("The two passwords are not the same.")]})
            choose(user, first)
        except Invalid as invalid:
            errors = invalid.errors
        else:
            tell(request, _("Your new password is set. Sign in with it."))
            return htmx.go(request, SIGN_IN)
    labels = {"password": _("New password"), "again": _("New password again")}
    fields = [
        {
            "name": name,
            "label": label,
            "widget": "password",
            "required": True,
            "autocomplete": "new-password",
            "error": " ".join(errors.get(name, ())),
        }
        for name, label in labels.items()
    ]
    context = {"fields": fields, "username": user.username}
    response = render(request, "notices/choose.html", context, status=400 if errors else 200)
    # The address is the key: no other place may learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response
