"""The description of the API: as OpenAPI for programs, as pages for the people who write them."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from guanxi.api.asking import MAX_SIZE, parameters
from guanxi.api.catalogue import (
    Field,
    collection_address,
    fields_of,
    objects,
    part_fields,
    part_names,
    record_address,
    rules_of,
    verbs_of,
)
from guanxi.api.described import acts_beside
from guanxi.api.door import Call, answer, endpoint
from guanxi.api.lists import public_address
from guanxi.api.openapi import describe_api
from guanxi.api.problems import TITLES
from guanxi.api.schemas import type_word
from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.errors import Missing
from guanxi.kernel.spec import Spec
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, SIGNED_IN, page

SHOWN_CHOICES = 12
#: (status, code, when it comes), in the order in which a programmer meets them
PROBLEMS = (
    (401, "no_token", gettext_lazy("The header Authorization is missing.")),
    (401, "bad_token", gettext_lazy("The token is unknown, expired or revoked.")),
    (403, "read_only_token", gettext_lazy("A token that may only read was used to write.")),
    (403, "not_allowed", gettext_lazy("You see the row, but this right is not granted.")),
    (404, "not_found", gettext_lazy("No such address, or a row you may not see.")),
    (400, "unknown_parameter", gettext_lazy("A parameter is misspelt; the answer names it.")),
    (400, "bad_filter", gettext_lazy("The filter names a wrong field, operator or value.")),
    (400, "bad_json", gettext_lazy("The body is not a JSON object.")),
    (415, "not_json", gettext_lazy("Content-Type is not application/json.")),
    (413, "body_too_large", gettext_lazy("The body is larger than 1 MB.")),
    (422, "invalid", gettext_lazy("Values are not acceptable: see errors, one per field.")),
    (422, "key_reused", gettext_lazy("The Idempotency-Key belongs to another request.")),
    (409, "refused", gettext_lazy("A rule of the business says no; the sentence says why.")),
    (
        409,
        "possible_duplicates",
        gettext_lazy("Others look the same: see alike. If it is another: ?not_alike=1"),
    ),
    (409, "void", gettext_lazy("The record is invalidated; restore it first.")),
    (409, "in_use", gettext_lazy("Other rows link to it, so it can't be deleted.")),
    (412, "stale", gettext_lazy("Somebody changed it since you read it: read it again.")),
    (428, "condition_required", gettext_lazy("Child rows are replaced: send If-Match.")),
    (429, "too_many_attempts", gettext_lazy("Too many wrong tokens; wait as Retry-After says.")),
)


@page(SIGNED_IN)
def docs_page(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "layout": htmx.layout(request),
        "server": public_address(request, "/"),
        "objects": [
            {"spec": spec, "address": collection_address(spec), "url": f"/api/docs/{spec.path}/"}
            for spec in objects(actor)
        ],
        "problems": [
            {"status": status, "code": code, "title": TITLES[status], "text": text}
            for status, code, text in PROBLEMS
        ],
        "max_size": MAX_SIZE,
    }
    return render(request, "api/docs.html", context)


@page(BY_OBJECT)
def object_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(spec.key, "view"):
        raise Missing
    address = f"{record_address(spec, 0).removesuffix('0')}{{id}}"
    context = {
        "layout": htmx.layout(request),
        "spec": spec,
        "server": public_address(request, "/"),
        "collection": collection_address(spec),
        "operations": _operations(actor, spec, address),
        "fields": [_line(actor, spec, field) for field in fields_of(actor, spec)],
        "parts": [
            {"name": name, "label": parts.label, "fields": part_lines}
            for name in part_names(actor, spec)
            if (parts := spec.part(name)) is not None
            and (part_lines := [_plain_line(one) for one in part_fields(actor, spec, parts)])
        ],
    }
    return render(request, "api/object.html", context)


def _operations(actor: Actor, spec: Spec, address: str) -> list[dict[str, Any]]:
    verbs, collection = verbs_of(actor, spec), collection_address(spec)
    found = [("GET", collection, gettext_lazy("List"), "")]
    found += [("POST", collection, gettext_lazy("Create"), "")] if verbs["create"] else []
    found.append(("GET", address, gettext_lazy("Read one"), ""))
    found += [("PATCH", address, gettext_lazy("Change"), "")] if verbs["edit"] else []
    found += [("DELETE", address, gettext_lazy("Delete"), "")] if verbs["delete"] else []
    acts = (
        ("invalidate", gettext_lazy("Invalidate"), "reason"),
        ("restore", gettext_lazy("Restore"), ""),
        ("transfer", gettext_lazy("Hand over"), "owner *"),
    )
    found += [("POST", f"{address}/{act}", label, asks) for act, label, asks in acts if verbs[act]]
    found += [
        ("POST", f"{address}/{info.name}", info.label, _names(info.asks, info.required))
        for info in rules_of(actor, spec)
    ]
    found += [
        (act.method, f"{address}/{act.path}", act.label, _names(tuple(act.body or ()), act.needs))
        for act in acts_beside(actor, spec)
    ]
    return [
        {"method": method, "address": where, "label": label, "asks": asks}
        for method, where, label, asks in found
    ]


def _names(asked: Sequence[str], needed: Collection[str]) -> str:
    return ", ".join(f"{name} *" if name in needed else name for name in asked)


def _line(actor: Actor, spec: Spec, field: Field) -> dict[str, Any]:
    col = column(spec, field.name)
    operators = [*col.kind.operators] if is_open(actor, col) else []
    return _plain_line(field) | {"operators": operators, "sortable": bool(operators and col.sort)}


def _plain_line(field: Field) -> dict[str, Any]:
    return {"field": field, "type": type_word(field.kind), "values": _values(field.kind)}


def _values(kind: kinds.Kind) -> str:
    """The codes of a choice, with what they are called."""
    if not isinstance(kind, kinds.ChoiceKind):
        return ""
    codes = [f"{code} {label}" for code, label in list(kind.choices.items())[:SHOWN_CHOICES]]
    return " · ".join([*codes, "…"] if len(kind.choices) > SHOWN_CHOICES else codes)


def _by_token(call: Call) -> HttpResponse:
    parameters(call.request.GET, ())
    return answer(describe_api(call.actor, server=public_address(call.request, "/").rstrip("/")))


@page(SIGNED_IN)
def _by_session(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    described = describe_api(actor, server=public_address(request, "/").rstrip("/"))
    text = json.dumps(described, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json")


with_token = endpoint(GET=_by_token)


def openapi(request: HttpRequest) -> HttpResponseBase:
    """For a token, or for who is signed in: a description is the one thing a session opens here."""
    is_browser = request.user.is_authenticated and "Authorization" not in request.headers
    return _by_session(request) if is_browser else with_token(request)


openapi.csrf_exempt = True  # type: ignore[attr-defined]
openapi.right = BY_OBJECT  # type: ignore[attr-defined]
