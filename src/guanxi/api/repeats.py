"""A request sent twice does its work once: `Idempotency-Key`.

The key is written first, in the transaction of the work itself. A second request with the same key
waits for the first one at the unique constraint (PostgreSQL) or at the write lock (SQLite), and
then finds its answer; if the first one failed, its key is gone with it and the second one works.
Answers are kept sealed: they may hold what lies sealed elsewhere.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.api.caller import Caller
from guanxi.api.models import KeptAnswer
from guanxi.api.problems import Problem, bad_request
from guanxi.kernel.sealing import Sealed, seal

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


def once(
    request: HttpRequest, caller: Caller, body: Any, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of `work()`, or the one the same request was given before.

    Raises Problem 422 where the key was used for another request, 400 for an unusable key.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        return work()
    if len(key) > LONGEST_KEY or not key.isprintable():
        sentence = _("A key has at most 100 printable characters.")
        raise bad_request("bad_key", sentence, field=HEADER)
    digest = _digest(request, body)
    with transaction.atomic():
        made = _reserve(caller, key, digest)
        if made is None:
            return _again(caller, key, digest)
        answer = work()
        made.status, made.body = answer.status_code, seal(answer.content.decode())
        made.headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
        made.save(update_fields=("status", "body", "headers"))
    return answer


def _digest(request: HttpRequest, body: Any) -> str:
    said = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {said}".encode()).hexdigest()


def _reserve(caller: Caller, key: str, digest: str) -> KeptAnswer | None:
    """The new row, or None where this person has used the key already."""
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                person_id=caller.actor.person_id, key=key, request=digest
            )
    except IntegrityError:
        return None


def _again(caller: Caller, key: str, digest: str) -> HttpResponse:
    kept = KeptAnswer.objects.get(person_id=caller.actor.person_id, key=key)
    if kept.request != digest:
        sentence = _("This key was used for another request.")
        errors = [{"field": HEADER, "code": "key_reused", "message": sentence}]
        raise Problem(422, "key_reused", sentence, errors=errors)
    answer = HttpResponse(Sealed(kept.body).open(), status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotent-Replayed"] = "true"
    return answer
