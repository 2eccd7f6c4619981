"""记一笔: a communication written down in seconds, and the phrases for it."""

import secrets
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.extra import must_be_filled
from guanxi.kernel.personal import create_once, made_by_form
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import create_record
from guanxi.modules.activities.models import Communication
from guanxi.modules.activities.offers import LINKS, quick_act
from guanxi.modules.activities.phrases import FIRST, keep_phrases, phrases_of
from guanxi.modules.activities.specs import COMMUNICATION
from guanxi.pages import inputs
from guanxi.pages.acts import undo_url
from guanxi.pages.forms import error_list
from guanxi.ui import htmx
from guanxi.ui.fields import Field
from guanxi.ui.notices import tell
from guanxi.ui.web import SIGNED_IN, page

ASKED = (
    "customer",
    "contact",
    "opportunity",
    "plan",
    "type",
    "text",
    "result",
    "next_on",
    "next_step",
)
#: Named by the page one comes from, else not asked for.
KNOWN = ("contact", "opportunity", "plan")


@page("activities.communication:create")
def quick_page(request: HttpRequest) -> HttpResponse:
    """Customer, channel, text: everything else may follow later."""
    actor = request.actor  # type: ignore[attr-defined]
    data = request.POST or request.GET
    raw = {name: data[name] for name in ASKED if data.get(name)}
    if request.method != "POST":
        return _show(request, raw | _start(actor, raw), {})
    token = request.POST.get("form_token", "")
    if made_by_form(actor, token) is not None:
        return htmx.go(request, _back(request))
    record = Communication(book=actor.book)
    try:
        create_once(
            actor,
            token,
            COMMUNICATION,
            lambda: create_record(actor, COMMUNICATION, raw, record=record),
        )
    except Invalid as invalid:
        return _show(request, raw, invalid.errors)
    except Refused as refused:
        return _show(request, raw, {"": [refused.message]})
    tell(
        request,
        _("Written down."),
        undo=undo_url(COMMUNICATION, record) if record.pk else "",
        url=address(COMMUNICATION, record.pk) if record.pk else "",
    )
    return htmx.go(request, _back(request))


def _start(actor: Actor, raw: dict[str, str]) -> dict[str, Any]:
    """The usual channel, and what the opportunity, contact or plan one comes from names."""
    record = Communication(book=actor.book)
    for name in ("customer", "contact", "opportunity", "plan"):
        if whole_number(raw.get(name, "")) is not None:
            setattr(record, f"{name}_id", whole_number(raw[name]))
    found = starting_values(actor, COMMUNICATION, record)
    return {
        name: str(found[f"{name}_id"])
        for name in ("type", "customer", "contact", "opportunity")
        if name not in raw and found.get(f"{name}_id")
    }


def inline_form(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    """The same above the timeline of whom one spoke with."""
    if quick_act(actor, spec, record) is None:
        return None
    raw = {LINKS[spec.key]: str(record.pk)}
    return _inline(actor, raw | _start(actor, raw), {}, back=address(spec, record.pk))


def _inline(
    actor: Actor, raw: dict[str, Any], errors: dict[str, list[str]], *, back: str
) -> dict[str, Any]:
    known = {name: raw[name] for name in LINKS.values() if raw.get(name) and name not in errors}
    left_out = [name for name in (*known, *KNOWN) if name not in errors]
    fields = _fields(actor, raw, errors, left_out=left_out)
    for control in fields:
        control["id"] = f"inline_{control['name']}"
        control["autofocus"] = control["bare"] = False
        if control["name"] == "text":
            words = _("What was said, what comes next")
            control |= {"bare": True, "placeholder": words, "required": False}
    return {
        "template": "activities/_inline.html",
        "label": _("Write down"),
        "icon": "message-circle",
        "hidden": known,
        "text": [one for one in fields if one["name"] == "text"],
        "fields": [one for one in fields if one["name"] != "text"],
        "phrases": phrases_of(actor),
        "token": secrets.token_urlsafe(24),
        "back": back,
        "error_list": error_list(COMMUNICATION, errors),
    }


def _back(request: HttpRequest) -> str:
    over = htmx.page_address(request) if htmx.is_htmx(request) else ""
    return over or htmx.own_address(request.POST.get("return", "")) or f"/{COMMUNICATION.path}/"


def _show(request: HttpRequest, raw: dict[str, Any], errors: dict[str, list[str]]) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    status = 422 if errors else 200
    if errors and request.POST.get("inline") and htmx.is_htmx(request):
        form = _inline(actor, raw, errors, back=_back(request))
        return render(request, form["template"], {"inline": form}, status=status)
    left_out = [name for name in KNOWN if not raw.get(name)]
    context = {
        "layout": htmx.layout(request),
        "title": _("Write down"),
        "dialog": {
            "title": _("Write down a communication"),
            "close_url": f"/{COMMUNICATION.path}/",
        },
        "fields": _fields(actor, raw, errors, left_out=left_out),
        "phrases": phrases_of(actor),
        "action": "/communications/quick/",
        "token": request.POST.get("form_token") or secrets.token_urlsafe(24),
        "return": htmx.own_address((request.POST or request.GET).get("return", "")),
        "error_list": error_list(COMMUNICATION, errors),
    }
    return render(request, "activities/quick.html", context, status=status)


def _fields(
    actor: Actor,
    raw: dict[str, Any],
    errors: dict[str, list[str]],
    *,
    left_out: Collection[str],
) -> list[Field]:
    record, fields = Communication(book=actor.book), []
    first = "text" if raw.get("customer") else "customer"
    for name in ASKED:
        col = column(COMMUNICATION, name)
        if name in left_out or policy(actor, col, mine=True) < Policy.FREE:
            continue
        control = inputs.field(
            actor,
            col,
            name=name,
            value=raw.get(name, ""),
            required=must_be_filled(record, name),
            error=" ".join(errors.get(name, ())),
            autofocus=name == first,
        )
        fields.append(control)
    return fields


@page(SIGNED_IN)
def phrases_page(request: HttpRequest) -> HttpResponse:
    """My quick phrases, one a line."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        keep_phrases(actor, request.POST.get("lines", ""))
        tell(request, _("Saved."))
        return htmx.go(request, "/communications/phrases/")
    control = {
        "name": "lines",
        "label": _("Quick phrases, one a line"),
        "widget": "textarea",
        "value": "\n".join(phrases_of(actor)),
        "wide": True,
        "placeholder": FIRST[0],
        "help": _("They stand below the text when you write a communication down."),
    }
    context = {
        "layout": htmx.layout(request),
        "title": _("My quick phrases"),
        "dialog": {"title": _("My quick phrases"), "close_url": f"/{COMMUNICATION.path}/"},
        "fields": [control],
        "button": _("Save"),
        "action": request.path,
    }
    return render(request, "pages/act.html", context)


urlpatterns = (
    path("communications/quick/", quick_page),
    path("communications/phrases/", phrases_page),
)
