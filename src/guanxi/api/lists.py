"""The rows of an object, page by page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from guanxi.api.asking import Asked, asked_list, parameters
from guanxi.api.catalogue import (
    collection_address,
    file_address,
    objects,
    own_paths,
    part_names,
    verbs_of,
)
from guanxi.api.door import Call, answer
from guanxi.api.problems import bad_request
from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.paging import Page, check_cursor, jump, order_keys, page_of
from guanxi.kernel.plain import plain
from guanxi.kernel.present import for_present
from guanxi.kernel.spec import Spec


def list_records(call: Call, spec: Spec) -> HttpResponse:
    actor, request = call.actor, call.request
    if not actor.may(spec.key, "view"):
        raise Missing
    asked = asked_list(actor, spec, request.GET)
    rows = asked.rows(actor)
    page = _page(actor, spec, asked, rows)
    total = scope.within(spec, actor, rows).count() if asked.total else None
    more = asked.next_address(request.path, page.last) if page.has_next and page.last else None
    return answer(
        {
            "items": shown(actor, spec, page.rows, asked.paths),
            "next": public_address(request, more) if more else None,
            "total": total,
        }
    )


def _page(actor: Actor, spec: Spec, asked: Asked, rows: Any) -> Page:
    keys = order_keys(spec, asked.order, actor=actor)
    if asked.after:
        try:
            check_cursor(asked.after, keys, spec.model)
        except Wrong as wrong:
            raise bad_request("bad_cursor", wrong.message, field="after") from None
    narrowed = for_present(rows, spec, asked.columns)
    if asked.number > 1:
        return jump(spec, actor, narrowed, keys=keys, size=asked.size, number=asked.number)
    return page_of(spec, actor, narrowed, keys=keys, size=asked.size, after=asked.after)


def shown(actor: Actor, spec: Spec, records: list[Any], paths: tuple[str, ...]) -> list[Any]:
    """Records as this person reads them over the API."""
    return plain(
        actor,
        spec,
        records,
        paths,
        locate=lambda record_id, file_id: file_address(spec, record_id, file_id),
    )


def all_paths(actor: Actor, spec: Spec) -> tuple[str, ...]:
    return (*own_paths(actor, spec), *part_names(actor, spec))


def public_address(request: HttpRequest, path: str) -> str:
    """An absolute address; https where people come in by it, whatever the proxy speaks to us."""
    address = request.build_absolute_uri(path)
    secure = settings.SESSION_COOKIE_SECURE and address.startswith("http://")
    return f"https{address.removeprefix('http')}" if secure else address


def index(call: Call) -> HttpResponse:
    """What there is for this person."""
    parameters(call.request.GET, ())
    return answer(
        {
            "objects": [
                {
                    "name": spec.path,
                    "label": str(spec.plural),
                    "url": public_address(call.request, collection_address(spec)),
                    "may": [verb for verb, may in verbs_of(call.actor, spec).items() if may],
                }
                for spec in objects(call.actor)
            ]
        }
    )


def me(call: Call) -> HttpResponse:
    """Whose token this is, and how long it works."""
    parameters(call.request.GET, ())
    token = call.caller.token
    return answer(
        {
            "person": {"id": call.actor.person_id, "title": call.actor.name},
            "token": {
                "prefix": token.prefix,
                "name": token.name,
                "scope": token.scope,
                "expires_at": token.expires_at.isoformat(),
            },
            "language": get_language(),
        }
    )
