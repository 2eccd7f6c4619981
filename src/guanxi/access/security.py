"""What an account set decides about signing in: idle time, age of passwords, the second step,
looking as others."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.access.controls import Control, choice, text, with_errors
from guanxi.kernel.text import whole_number
from guanxi.people.accounts import count_second_factors, roles_by_id
from guanxi.people.models import Security
from guanxi.people.security import keep_security, own_security
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

HERE = "/security/"
#: name -> the largest number; 0 switches it off
LIMITS = {"idle_minutes": 1440, "password_days": 730}


@page("people.role:edit")
def security_page(request: HttpRequest) -> HttpResponse:
    row = own_security(request.actor.book)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _show(request, row, {}, {})
    sent = request.POST.dict()
    errors = _read(row, sent, roles_by_id(request.actor))  # type: ignore[attr-defined]
    if errors:
        return _show(request, row, sent, errors, status=422)
    keep_security(row)
    tell(request, _("Saved."))
    return htmx.go(request, HERE)


def _read(row: Security, sent: Mapping[str, str], roles: Mapping[int, str]) -> dict[str, list[str]]:
    errors = {}
    for name, largest in LIMITS.items():
        number = whole_number(sent.get(name, "").strip() or "0")
        if number is None or not 0 <= number <= largest:
            errors[name] = [_("A whole number from 0 to %(max)s, please.") % {"max": largest}]
        else:
            setattr(row, name, number)
    row.view_administrators = bool(sent.get("view_administrators"))
    errors |= _read_factor(row, sent, roles)
    return errors


def _read_factor(
    row: Security, sent: Mapping[str, str], roles: Mapping[int, str]
) -> dict[str, list[str]]:
    asked = sent.get("second_factor", row.second_factor)
    if asked not in Security.Asked.values:
        return {"second_factor": [_("Choose from the list, please.")]}
    row.second_factor = asked
    row.second_factor_roles = [one for one in roles if sent.get(f"role_{one}")]
    if asked == Security.Asked.ROLES and not row.second_factor_roles:
        return {"second_factor": [_("Tick the roles it is required for.")]}
    return {}


def _show(
    request: HttpRequest,
    row: Security,
    sent: Mapping[str, str],
    errors: Mapping[str, list[str]],
    *,
    status: int = 200,
) -> HttpResponse:
    fields = with_errors(_controls(row, sent), errors)
    numbers, asked = fields[:-1], fields[-1]
    context = {
        "layout": htmx.layout(request),
        "fields": numbers,
        "asked": asked,
        "roles": _role_boxes(request, row),
        "count": count_second_factors(request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "access/security.html", context, status=status)


def _role_boxes(request: HttpRequest, row: Security) -> list[dict[str, Any]]:
    """`row` holds what was sent, also where it was refused."""
    roles = roles_by_id(request.actor)  # type: ignore[attr-defined]
    chosen = row.second_factor_roles
    return [{"id": one, "name": name, "checked": one in chosen} for one, name in roles.items()]


def _controls(row: Security, sent: Mapping[str, str]) -> list[Control]:
    labels: dict[str, tuple[Any, Any]] = {
        "idle_minutes": (
            _("Minutes without a click before signing out"),
            _("0: a session stays as long as the browser keeps it."),
        ),
        "password_days": (
            _("Days after which a password has to be changed"),
            _("0: never. An older password has to be changed before the next page."),
        ),
    }
    numbers = [
        text(name, label, value=sent.get(name, str(getattr(row, name))), widget="number", help=help)
        for name, (label, help) in labels.items()
    ]
    box = {
        "name": "view_administrators",
        "label": _("People may look as administrators, too"),
        "widget": "boolean",
        "checked": bool(sent.get("view_administrators")) if sent else row.view_administrators,
        "help": _("Otherwise nobody can look as a person who may change rights."),
    }
    asked = choice(
        "second_factor",
        _("A second step after the password"),
        dict(Security.Asked.choices),
        value=sent.get("second_factor", row.second_factor),
        wide=True,
        help=_("Whoever must and has not set it up yet is taken there before the next page."),
    )
    return [*numbers, box, asked]
