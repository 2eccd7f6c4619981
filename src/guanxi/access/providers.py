"""For administrators: other houses one can sign in with, tried out, switched on and off; the log."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.access import provider_form
from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing
from guanxi.kernel.text import whole_number
from guanxi.people.accounts import require_administrator
from guanxi.signon.accounts import What, note, own_passwords
from guanxi.signon.flow import way_back
from guanxi.signon.houses import house_of
from guanxi.signon.models import Account, Happening, Provider
from guanxi.signon.store import find_provider, happenings, keep_policy, providers_used
from guanxi.signon.words import WHY, Failed
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

ADMINISTRATORS = "people.role:edit"
HERE, LOG = "/security/accounts/", "/security/accounts/log/"
PAGE = 50
#: What the log keeps of a change, as it is read.
CHANGES = {
    "added": gettext_lazy("added a provider"),
    "edited": gettext_lazy("edited a provider"),
    "on": gettext_lazy("switched a provider on"),
    "off": gettext_lazy("switched a provider off"),
    "deleted": gettext_lazy("deleted a provider"),
    "passwords": gettext_lazy("decided about passwords"),
}
TONES = {"signed_in": "good", "failed": "bad", "connected": "info", "disconnected": "warn"}


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may("people.role", "edit"):
        return None
    label = _("Third-party sign-in")
    return {"group": "organisation", "label": label, "url": HERE, "icon": "login"}


def tabs(active: str) -> dict[str, Any]:
    labels = {HERE: _("Providers"), LOG: _("What happened")}
    found = [{"label": label, "url": url, "active": url == active} for url, label in labels.items()]
    title = _("Third-party sign-in")
    return {"tabs": found, "tabs_label": title, "title": title}


@page(ADMINISTRATORS)
def providers_page(request: HttpRequest) -> HttpResponse:
    """The houses; a form below says whether passwords go on beside them."""
    book = request.actor.book  # type: ignore[attr-defined]
    if request.method == "POST":
        keep_policy(book, own_passwords="refuse" not in request.POST)
        _noted(request, "passwords")
        tell(request, _("Saved."))
        return htmx.go(request, HERE)
    context = tabs(HERE) | {
        "rows": [_row(one) for one in providers_used(book)],
        "kinds": [
            {"label": label, "url": f"{HERE}new/{kind}/"} for kind, label in Provider.Kind.choices
        ],
        "policy": [
            {
                "name": "refuse",
                "label": _("Whoever has connected an account signs in with it alone"),
                "widget": "boolean",
                "checked": not own_passwords(book),
                "help": _(
                    "Their password is refused as long as the provider is in use. Administrators"
                    " and people without a connected account keep theirs, so nobody is locked out."
                ),
            }
        ],
    }
    return render(request, "access/providers.html", context)


def _row(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "mark": one.name[:1].upper(),
        "kind": one.get_kind_display(),
        "active": one.active,
        "connected": one.connected,
        "used": kinds.InstantKind().show(one.used) if one.used else "",
    }


@page(ADMINISTRATORS)
def provider_page(
    request: HttpRequest, provider_id: int | None = None, kind: str = ""
) -> HttpResponse:
    """Saves; with `test` it saves and asks the house at once."""
    provider = _provider(request, provider_id) if provider_id else _fresh(request, kind)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = provider_form.read(provider, request.POST)
        if not errors:
            return _save(request, provider)
    context = tabs(HERE) | {
        "heading": provider.name
        if provider.pk
        else _("Add: %(kind)s") % {"kind": provider.get_kind_display()},
        "kind": provider.get_kind_display(),
        "sections": provider_form.sections(provider, request.POST, errors),
        "back": way_back(request, provider) if provider.pk else "",
        "hint": provider_form.HINTS[provider.kind],
    }
    return render(request, "access/provider.html", context, status=400 if errors else 200)


def _save(request: HttpRequest, provider: Provider) -> HttpResponse:
    is_new = provider.pk is None
    provider.save()
    _noted(request, "added" if is_new else "edited", provider)
    if "test" in request.POST:
        _try(request, provider)
        return htmx.go(request, f"{HERE}{provider.pk}/")
    tell(request, _("Saved."))
    # Only now is the address known that has to be entered over there.
    return htmx.go(request, f"{HERE}{provider.pk}/" if is_new else HERE)


def _fresh(request: HttpRequest, kind: str) -> Provider:
    if kind not in Provider.Kind.values:
        raise Missing
    book = request.actor.book  # type: ignore[attr-defined]
    name = str(Provider.Kind(kind).label) if kind != Provider.Kind.OIDC else _("Company account")
    return Provider(kind=kind, book=book, name=name)


def _provider(request: HttpRequest, provider_id: int) -> Provider:
    book = request.actor.book  # type: ignore[attr-defined]
    return find_provider(provider_id, book)


def _noted(request: HttpRequest, change: str, provider: Provider | None = None) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    note(request, What.CHANGED, provider=provider, by=actor, detail=change)


@page(ADMINISTRATORS)
@require_POST
def try_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    _try(request, _provider(request, provider_id))
    return htmx.go(request, HERE)


def _try(request: HttpRequest, provider: Provider) -> None:
    try:
        house_of(provider).test(provider)
    except Failed as fault:
        tell(request, fault.short, level="error")
    else:
        tell(request, _("“%(name)s” answers and accepts the settings.") % {"name": provider.name})


@page(ADMINISTRATORS)
@require_POST
def switch_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    provider = _provider(request, provider_id)
    provider.active = not provider.active
    provider.save(update_fields=("active",))
    _noted(request, "on" if provider.active else "off", provider)
    said = _("“%(name)s” is in use.") if provider.active else _("“%(name)s” is switched off.")
    tell(request, said % {"name": provider.name})
    return htmx.go(request, HERE)


@page(ADMINISTRATORS)
def delete_page(request: HttpRequest, provider_id: int) -> HttpResponse:
    """GET asks, POST does."""
    provider = _provider(request, provider_id)
    if request.method == "POST":
        require_administrator(request.actor)  # type: ignore[attr-defined]
        _noted(request, "deleted", provider)
        provider.delete()
        tell(request, _("%(name)s has been deleted.") % {"name": provider.name})
        return htmx.go(request, HERE)
    count = provider.accounts.count()  # type: ignore[attr-defined]
    context = {
        "layout": htmx.layout(request),
        "dialog": {
            "title": _("Delete %(name)s?") % {"name": provider.name},
            "text": _("%(count)s connected accounts go with it and have to be connected anew.")
            % {"count": count},
            "close_url": HERE,
        },
        "action": request.path,
    }
    return render(request, "ui/delete_dialog.html", context)


@page(ADMINISTRATORS)
def log_page(request: HttpRequest) -> HttpResponse:
    book = request.actor.book  # type: ignore[attr-defined]
    before = whole_number(request.GET.get("before", ""))
    what = request.GET.get("what", "")
    found = happenings(book, what=what, before=before, count=PAGE + 1)
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    context = tabs(LOG) | {
        "rows": [_line(one) for one in found[:PAGE]],
        "whats": [
            {"label": label, "url": f"{LOG}?what={one}", "active": one == what}
            for one, label in [("", _("All")), *What.choices]
        ],
        "older_url": f"{LOG}?what={what}&before={older}" if older else "",
        "empty": {"icon": "login", "title": _("Nobody has signed in this way yet")},
    }
    return render(request, "access/provider_log.html", context)


def _line(one: Happening) -> dict[str, Any]:
    known = CHANGES | dict(Account.How.choices)
    why = WHY.get(one.why) or known.get(one.detail, "")
    detail = "" if one.detail in known else one.detail
    return {
        "at": kinds.InstantKind().show(one.at),
        "what": one.get_what_display(),  # type: ignore[attr-defined]
        "tone": TONES.get(one.what, "muted"),
        "provider": one.provider,
        "who": one.person or one.by,
        "by": one.by if one.person and one.by not in (one.person, one.provider) else "",
        "account": one.account,
        "why": f"{why} {detail}".strip(),
        "address": one.address,
    }
