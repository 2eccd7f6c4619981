"""Name, logo and currency of the company."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.company import CURRENCIES, company, own_company
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.files import keep_file, open_stored
from guanxi.kernel.models import Company
from guanxi.people.organisation import touch
from guanxi.setup.steps import ADMINISTRATORS, HERE
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

LOGO = "/company/logo/"
LARGEST = 5 * 1024 * 1024
TEXTS = {"name": 120, "short_name": 20}


@page(ADMINISTRATORS)
def firm_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = own_company(actor.book)
    if request.method != "POST":
        return _show(request, row, {}, {})
    sent: dict[str, Any] = request.POST.dict() | {"currencies": request.POST.getlist("currencies")}
    errors = _read(row, sent)
    upload = request.FILES.get("logo")
    try:
        if upload is not None:
            row.logo = keep_file(actor, upload, max_bytes=LARGEST, picture=True)
        elif sent.get("logo__clear"):
            row.logo = None
    except Wrong as wrong:
        errors["logo"] = wrong.message
    if errors:
        return _show(request, row, sent, errors, status=400)
    row.save()
    touch()
    tell(request, _("Saved."))
    return htmx.go(request, HERE)


def _read(row: Company, sent: dict[str, Any]) -> dict[str, str]:
    errors = {}
    for name, longest in TEXTS.items():
        text = " ".join(sent.get(name, "").split())
        setattr(row, name, text[:longest])
        if len(text) > longest:
            errors[name] = _("At most %(max)s characters; this has %(count)s.") % {
                "max": longest,
                "count": len(text),
            }
    if not row.name:
        errors["name"] = _("Please fill this in.")
    if sent.get("currency") in CURRENCIES:
        row.currency = sent["currency"]
    else:
        errors["currency"] = _("Choose from the list, please.")
    if set(sent["currencies"]) <= {*CURRENCIES}:
        row.currencies = [code for code in CURRENCIES if code in sent["currencies"]]
    else:
        errors["currencies"] = _("Choose from the list, please.")
    return errors


def _show(
    request: HttpRequest,
    row: Company,
    sent: dict[str, Any],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    fields = [*_names(row, sent), *_currencies(row, sent), _logo(row)]
    context = {
        "layout": htmx.layout(request),
        "title": _("The company"),
        "back": HERE,
        "fields": [one | {"error": errors.get(one["name"], "")} for one in fields],
    }
    return render(request, "setup/firm.html", context, status=status)


def _names(row: Company, sent: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": "name", "label": _("Company name"), "widget": "text", "required": True, "max": 120}
        | {"value": sent.get("name", row.name), "autofocus": True},
        {"name": "short_name", "label": _("Short name"), "widget": "text", "max": 20}
        | {"value": sent.get("short_name", row.short_name), "help": _("Stands in the menu.")},
    ]


def _currencies(row: Company, sent: dict[str, Any]) -> list[dict[str, Any]]:
    own = sent.get("currency", row.currency)
    others = [code for code in CURRENCIES if code in sent.get("currencies", row.currencies)]
    return [
        {
            "name": "currency",
            "label": _("Currency"),
            "widget": "choice",
            "complete": True,
            "value": own,
            "options": [
                {"value": code, "label": label, "selected": code == own}
                for code, label in CURRENCIES.items()
            ],
            "help": _("Of new amounts where nobody says otherwise."),
        },
        {
            "name": "currencies",
            "label": _("Other currencies"),
            "widget": "several",
            "ticks": [
                {"value": code, "label": label, "checked": code in others}
                for code, label in CURRENCIES.items()
            ],
            "text": "、".join(str(CURRENCIES[code]) for code in others),
            "help": _("Amounts may be in these, too; they are chosen beside the amount."),
        },
    ]


def _logo(row: Company) -> dict[str, Any]:
    return {
        "name": "logo",
        "label": _("Logo"),
        "widget": "image",
        "text": row.logo.name if row.logo_id and row.logo else "",
        "url": LOGO if row.logo_id else "",
    }


@page(SIGNED_IN)
def logo_page(request: HttpRequest) -> HttpResponseBase:
    logo = company(request.actor.book).logo  # type: ignore[attr-defined]
    if logo is None:
        raise Missing
    response = FileResponse(open_stored(logo), content_type=logo.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=300"
    return response
