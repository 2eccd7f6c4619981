"""What happened to a record, and taking a change back."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse

from guanxi.api.asking import MAX_SIZE, SIZE, number_of, parameters
from guanxi.api.bodies import arguments
from guanxi.api.catalogue import record_address
from guanxi.api.door import Call, answer
from guanxi.api.lists import public_address
from guanxi.api.records import as_it_is
from guanxi.api.repeats import once
from guanxi.kernel import scope
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.history import Difference, differences
from guanxi.kernel.journal import NOTES, changes_of, get_change
from guanxi.kernel.models import Change
from guanxi.kernel.spec import Spec
from guanxi.kernel.undo import may_undo, undo_change


def list_changes(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    """The journal of a record, newest first, its differences in words this person may read."""
    given = parameters(call.request.GET, ("page_size", "before"))
    size = number_of(given, "page_size", low=1, high=MAX_SIZE, default=SIZE)
    before = number_of(given, "before", low=1, high=2**63 - 1, default=0)
    actor = call.actor
    record = get_record(actor, spec, record_id)
    changes = list(changes_of(spec, record, before=before or None)[: size + 1])
    shown = changes[:size]
    may_edit = scope.may(spec, actor, "edit", record)
    told = differences(actor, spec, record, shown)
    more = None
    if len(changes) > size:
        query = f"changes?page_size={size}&before={shown[-1].pk}"
        more = public_address(call.request, f"{record_address(spec, record.pk)}/{query}")
    items = [
        _change(one, lines, mine=may_edit or _own(call, one))
        for one, lines in zip(shown, told, strict=True)
    ]
    return answer({"items": items, "next": more})


def _own(call: Call, change: Change) -> bool:
    return change.person_id is not None and change.person_id == call.actor.person_id


def _change(change: Change, lines: list[Difference], *, mine: bool) -> dict[str, Any]:
    return {
        "id": change.pk,
        "at": change.at.isoformat(),
        "author": {"id": change.person_id, "title": change.actor},
        "surface": change.surface,
        "verb": change.verb,
        "version": change.version,
        "may_undo": mine and change.verb not in NOTES,
        "fields": [
            {"field": one.field, "label": one.label, "old": one.old, "new": one.new}
            for one in lines
        ],
    }


def undo(call: Call, spec: Spec, record_id: int, change_id: int) -> HttpResponse:
    """Takes one change back, as long as nothing later touched the record; a deletion, too.

    The answer is the record as it is now, or nothing where the undo took it away.
    """
    parameters(call.request.GET, ())
    arguments(call.body, {})
    actor = call.actor
    change = get_change(actor, change_id)
    if change is None or (change.object, change.record_id) != (spec.key, record_id):
        raise Missing
    if not may_undo(actor, change):
        get_record(actor, spec, record_id, "edit")
        raise Missing

    def work() -> HttpResponse:
        with transaction.atomic():
            undo_change(actor, change)
            return as_it_is(call, spec, record_id)

    return once(call.request, call.caller, call.body, work)
