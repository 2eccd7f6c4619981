"""One record: made, read, changed, and everything that can be done to it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.api.alike import refuse_alike
from guanxi.api.asking import asked_fields, parameters
from guanxi.api.bodies import arguments, raw_value, raw_values, unknown_field
from guanxi.api.catalogue import record_address
from guanxi.api.door import Call, answer
from guanxi.api.etags import check_condition, require_condition
from guanxi.api.lists import all_paths, public_address, shown
from guanxi.api.problems import Problem
from guanxi.api.repeats import once
from guanxi.kernel import acts, kinds, scope
from guanxi.kernel.acts import get_record
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Wrong
from guanxi.kernel.files import keep_file
from guanxi.kernel.held import held_file
from guanxi.kernel.present import for_present
from guanxi.kernel.record import Record
from guanxi.kernel.rule import info_of, opens, rule_named
from guanxi.kernel.same import rules_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.values import create_record, edit_record, rule_arguments
from guanxi.ui.files import hand_out

REASON = kinds.TextKind(max=200)
OWNER = kinds.LinkKind(to="people.person")
Arguments = Mapping[str, Any]


def create(call: Call, spec: Spec) -> HttpResponse:
    known = ("not_alike",) if rules_of(spec) else ()
    asked = parameters(call.request.GET, known).get("not_alike") != "1"
    actor = call.actor
    if not actor.may(spec.key, "view"):
        raise Missing
    if not actor.may(spec.key, "create"):
        raise NotAllowed(_("You may not create this."))

    def work() -> HttpResponse:
        raw = raw_values(actor, spec, call.body)
        if asked:
            refuse_alike(actor, spec, raw)
        record = create_record(actor, spec, raw)
        address = public_address(call.request, record_address(spec, record.pk))
        return _told(call, spec, record.pk, status=201, headers={"Location": address})

    return once(call.request, call.caller, call.body, work)


def show(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    given = parameters(call.request.GET, ("fields",))
    paths = asked_fields(call.actor, spec, given, parts=True)
    return _told(call, spec, record_id, paths=paths)


def _told(
    call: Call,
    spec: Spec,
    record_id: int,
    *,
    paths: tuple[str, ...] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The record as stored now; raises Missing."""
    actor = call.actor
    paths = all_paths(actor, spec) if paths is None else paths
    fields = [path for path in paths if spec.part(path) is None]
    rows = for_present(spec.model.rows(actor, "view"), spec, fields)
    record = rows.filter(pk=record_id).first()
    if record is None:
        raise Missing
    data = shown(actor, spec, [record], paths)[0]
    return answer(data, status=status, version=record.version, headers=headers)


def patch(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    """Changes the fields that are sent. Lists of child rows are replaced, so they need If-Match."""
    parameters(call.request.GET, ())
    record = _conditioned(call, spec, record_id, "edit")
    raw = raw_values(call.actor, spec, call.body)
    if any(spec.part(name) for name in raw):
        require_condition(call.request)
    edit_record(call.actor, record, raw)
    return _afterwards(call, spec, record)


def remove(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    parameters(call.request.GET, ())
    change = acts.delete_record(call.actor, _conditioned(call, spec, record_id, "delete"))
    path = f"{record_address(spec, record_id)}/changes/{change.pk}/undo"
    return HttpResponse(status=204, headers={"Undo": public_address(call.request, path)})


def _conditioned(call: Call, spec: Spec, record_id: int, verb: str, *, opens: bool = False) -> Any:
    """The record for this verb, as long as it is the version If-Match names."""
    record = get_record(call.actor, spec, record_id, verb, opens=opens)
    check_condition(call.request, record)
    return record


def _afterwards(call: Call, spec: Spec, record: Record) -> HttpResponse:
    """The record as it is now, or nothing where it has left the reach of its author."""
    if not scope.may(spec, call.actor, "view", record):
        return HttpResponse(status=204)
    return _told(call, spec, record.pk)


def as_it_is(call: Call, spec: Spec, record_id: int) -> HttpResponse:
    """The record this person may see under this id now, or nothing."""
    try:
        return _told(call, spec, record_id)
    except Missing:
        return HttpResponse(status=204)


def act(call: Call, spec: Spec, record_id: int, name: str) -> HttpResponse:
    """A rule of the object (/opportunities/7/win), or one of the acts every object has."""
    parameters(call.request.GET, ())
    verb, do = _act(call, spec, name)
    record = _conditioned(call, spec, record_id, verb, opens=opens(spec, name))

    def work() -> HttpResponse:
        with transaction.atomic():
            do(record, call.body)
            return _afterwards(call, spec, record)

    return once(call.request, call.caller, call.body, work)


def _act(call: Call, spec: Spec, name: str) -> tuple[str, Callable[[Any, Arguments], None]]:
    """(right it takes, what it does); raises Missing for an act the object does not have."""
    actor = call.actor
    rule = rule_named(spec, name)
    if rule is not None:
        info = info_of(rule)

        def follow(record: Any, sent: Arguments) -> None:
            rule(actor, record, **_rule_arguments(call, spec, record, info, sent))

        return info.verb, follow
    common: dict[str, Callable[[Any, Arguments], None]] = {
        "invalidate": lambda record, sent: acts.invalidate_record(
            actor, record, reason=arguments(sent, {"reason": REASON})["reason"] or ""
        ),
        "restore": lambda record, sent: acts.restore_record(actor, record, **arguments(sent, {})),
    }
    if spec.scope.has_owner:
        common["transfer"] = lambda record, sent: acts.transfer_record(
            actor, record, owner_id=_owner(sent)
        )
    if name not in common:
        raise Missing
    return name, common[name]


def _rule_arguments(
    call: Call, spec: Spec, record: Record, info: Any, sent: Arguments
) -> dict[str, Any]:
    raw, errors = {}, {}
    for name, value in sent.items():
        try:
            if name not in info.asks:
                raise unknown_field(name)
            raw[name] = raw_value(column(spec, name).kind, value)
        except Wrong as wrong:
            errors[name[:80]] = [wrong.message]
    if errors:
        raise Invalid(errors)
    return rule_arguments(call.actor, spec, record, info, raw)


def _owner(sent: Arguments) -> int:
    owner = arguments(sent, {"owner": OWNER})["owner"]
    if owner is None:
        raise Invalid({"owner": [_("Choose who takes over.")]})
    return int(owner)


def sent_file(call: Call) -> UploadedFile:
    """The one file of a multipart request; raises Problem 415, Invalid."""
    if call.request.content_type != "multipart/form-data":
        raise Problem(
            415, "not_multipart", _("Send the file as multipart/form-data, named “file”.")
        )
    found = call.request.FILES.getlist("file")
    if len(found) != 1:
        raise Invalid({"file": [_("Send one file, named “file”.")]})
    return found[0]


def upload(call: Call) -> HttpResponse:
    """Keeps a file for its sender; it counts once a record of theirs names its id."""
    parameters(call.request.GET, ())
    kept = _keep(call, sent_file(call))
    data = {"id": kept.pk, "name": kept.name, "size": kept.size, "content_type": kept.content_type}
    return answer(data, status=201)


def _keep(call: Call, sent: UploadedFile) -> Any:
    try:
        return keep_file(call.actor, sent, max_bytes=kinds.FileKind().max_bytes)
    except Wrong as wrong:
        raise Invalid({"file": [wrong.message]}) from None


def download(call: Call, spec: Spec, record_id: int, file_id: int) -> HttpResponseBase:
    parameters(call.request.GET, ())
    return hand_out(held_file(call.actor, spec, record_id, file_id))
