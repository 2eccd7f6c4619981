"""What stands beside a record: comments, attachments, and with whom it is shared."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.api.asking import MAX_SIZE, SIZE, number_of, parameters
from guanxi.api.bodies import arguments
from guanxi.api.catalogue import record_address
from guanxi.api.door import Call, answer
from guanxi.api.lists import public_address
from guanxi.api.records import sent_file
from guanxi.api.repeats import once
from guanxi.kernel import acts, kinds, registry
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Invalid, Missing, Wrong
from guanxi.kernel.models import Share
from guanxi.kernel.spec import Capability, Spec
from guanxi.talk import entries
from guanxi.talk.models import Entry
from guanxi.ui.files import hand_out

PERSON = kinds.LinkKind(to="people.person")
LEVEL = kinds.ChoiceKind(choices={"read": "read", "write": "write"})
UNTIL = kinds.DateKind()


def list_comments(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    return _listed(call, spec, record_id, "comments")


def list_attachments(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    return _listed(call, spec, record_id, "attachments")


def _listed(call: Call, spec: Spec, record_id: int, name: str) -> HttpResponse:
    """Newest first; `before` is the id behind which the next page begins."""
    given = parameters(call.request.GET, ("page_size", "before"))
    size = number_of(given, "page_size", low=1, high=MAX_SIZE, default=SIZE)
    before = number_of(given, "before", low=1, high=2**63 - 1, default=0)
    record = get_record(call.actor, spec, record_id)
    found = entries.entries_of(spec, record).filter(file__isnull=name == "comments")
    rows = list((found.filter(pk__lt=before) if before else found)[: size + 1])
    more = None
    if len(rows) > size:
        address = f"{record_address(spec, record.pk)}/{name}"
        query = f"page_size={size}&before={rows[size - 1].pk}"
        more = public_address(call.request, f"{address}?{query}")
    return answer({"items": [_entry(spec, record, one) for one in rows[:size]], "next": more})


def _entry(spec: Spec, record: Any, entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "author": {"id": entry.person_id, "title": entry.author},
    }
    if entry.file is not None:
        url = f"{record_address(spec, record.pk)}/attachments/{entry.pk}"
        stored = entry.file
        kind = {"size": stored.size, "content_type": stored.content_type}
        return found | {"name": stored.name, "url": url, **kind}
    called = [{"id": person, "title": words} for person, words in entry.mentions]
    edited = entry.edited_at.isoformat() if entry.edited_at else None
    return found | {"text": entry.text, "mentions": called, "edited_at": edited}


def write_comment(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    record = get_record(call.actor, spec, record_id)

    def work() -> HttpResponse:
        entry = _said(call, lambda text: entries.write_comment(call.actor, record, text))
        return _made(call, spec, record, entry, "comments")

    return once(call.request, call.caller, call.body, work)


def edit_comment(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    record, entry = _one(call, spec, record_id, entry_id, is_file=False)
    entries.check_editable(call.actor, spec, record, entry)
    _said(call, lambda text: entries.edit_comment(call.actor, record, entry, text))
    return answer(_entry(spec, record, entry))


def _said(call: Call, write: Any) -> Any:
    try:
        return write(arguments(call.body, {"text": entries.TEXT})["text"] or "")
    except Wrong as wrong:
        raise Invalid({"text": [wrong.message]}) from None


def show_comment(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    record, entry = _one(call, spec, record_id, entry_id, is_file=False)
    return answer(_entry(spec, record, entry))


def remove_comment(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    return _removed(call, spec, record_id, entry_id, is_file=False)


def remove_attachment(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    return _removed(call, spec, record_id, entry_id, is_file=True)


def _removed(
    call: Call, spec: Spec, record_id: int, entry_id: int, *, is_file: bool
) -> HttpResponse:
    parameters(call.request.GET, ())
    record, entry = _one(call, spec, record_id, entry_id, is_file=is_file)
    entries.remove_entry(call.actor, record, entry)
    return HttpResponse(status=204)


def bring_back(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponse:
    """Undoes a removal of one's own."""
    parameters(call.request.GET, ())
    arguments(call.body, {})
    record = get_record(call.actor, spec, record_id)
    return answer(_entry(spec, record, entries.bring_back(call.actor, record, entry_id)))


def attach(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    record = get_record(call.actor, spec, record_id, "edit")
    sent = sent_file(call)

    def work() -> HttpResponse:
        try:
            entry = entries.attach_file(call.actor, record, sent)
        except Wrong as wrong:
            raise Invalid({"file": [wrong.message]}) from None
        return _made(call, spec, record, entry, "attachments")

    return once(call.request, call.caller, _digest(sent), work)


def _digest(sent: UploadedFile) -> dict[str, str]:
    """What makes a repeated upload the same request."""
    digest = hashlib.sha256()
    for piece in sent.chunks():
        digest.update(piece)
    sent.seek(0)
    return {"name": sent.name or "", "sha256": digest.hexdigest()}


def download(call: Call, spec: Spec, record_id: int, entry_id: int) -> HttpResponseBase:
    parameters(call.request.GET, ())
    _record, entry = _one(call, spec, record_id, entry_id, is_file=True)
    assert entry.file is not None
    return hand_out(entry.file, save=True)


def _one(
    call: Call, spec: Spec, record_id: int, entry_id: int, *, is_file: bool
) -> tuple[Any, Entry]:
    record = get_record(call.actor, spec, record_id)
    entry = entries.get_entry(spec, record, entry_id)
    if (entry.file is not None) is not is_file:
        raise Missing
    return record, entry


def _made(call: Call, spec: Spec, record: Any, entry: Entry, name: str) -> HttpResponse:
    address = f"{record_address(spec, record.pk)}/{name}/{entry.pk}"
    headers = {"Location": public_address(call.request, address)}
    return answer(_entry(spec, record, entry), status=201, headers=headers)


def list_shares(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    """With whom it is shared: for those who may share it themselves."""
    parameters(call.request.GET, ())
    return answer({"items": _shares(call, _sharable(call, spec, record_id))})


def share(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    """Shares with one person; shared already, the right and the last day are set anew."""
    parameters(call.request.GET, ())
    record = _sharable(call, spec, record_id)

    def work() -> HttpResponse:
        asked = _share_arguments(call.body)
        acts.share_record(call.actor, record, **asked)
        shares = _shares(call, record)
        return answer(next(one for one in shares if one["person"]["id"] == asked["person_id"]))

    return once(call.request, call.caller, call.body, work)


def unshare(call: Call, spec: Spec, record_id: int, person_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    record = _sharable(call, spec, record_id)
    if not any(one.person_id == person_id for one in acts.shares_of(record)):
        raise Missing
    acts.unshare_record(call.actor, record, person_id=person_id)
    return HttpResponse(status=204)


def _sharable(call: Call, spec: Spec, record_id: int) -> Any:
    if not spec.can(Capability.SHARE):
        raise Missing
    return get_record(call.actor, spec, record_id, "share")


def _share_arguments(body: Mapping[str, Any]) -> dict[str, Any]:
    sent = arguments(body, {"person": PERSON, "level": LEVEL, "until": UNTIL})
    if sent["person"] is None:
        raise Invalid({"person": [_("Choose a colleague.")]})
    try:
        acts.check_last_day(sent["until"])
    except Wrong as wrong:
        raise Invalid({"until": [wrong.message]}) from None
    return {
        "person_id": int(sent["person"]),
        "level": sent["level"] or "read",
        "until": sent["until"],
    }


def _shares(call: Call, record: Any) -> list[dict[str, Any]]:
    found: list[Share] = acts.shares_of(record)
    people = registry.spec("people.person").model.rows(call.actor, "view")
    names = people.in_bulk([one.person_id for one in found])
    return [
        {
            "person": {
                "id": one.person_id,
                "title": names[one.person_id].name if one.person_id in names else "",
            },
            "level": one.level,
            "until": one.until.isoformat() if one.until else None,
        }
        for one in found
    ]
