"""Which stored files a record shows a person: those its fields and child rows hold, as their rights
allow."""

from typing import Any

from guanxi.kernel import kinds, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Missing
from guanxi.kernel.models import StoredFile
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.spec import Spec


def held_file(actor: Actor, spec: Spec, record_id: int, file_id: int) -> StoredFile:
    """One file of one record; raises Missing where this person is not shown it."""
    record = get_record(actor, spec, record_id)
    found = next((one for one in _held(actor, spec, record) if one.pk == file_id), None)
    if found is None:
        raise Missing
    return found


def _held(actor: Actor, spec: Spec, record: Any) -> list[Any]:
    """The stored files this record shows this person."""
    mine = scope.is_mine(spec, actor, record)
    found = []
    for name in spec.form_fields:
        col = column(spec, name)
        if (
            isinstance(col.kind, kinds.FileKind)
            and policy(actor, col, mine=mine) >= Policy.READONLY
        ):
            found.append(getattr(record, name))
    for parts in spec.parts:
        for name in parts.fields:
            col = column(spec, f"{parts.name}.{name}")
            if (
                isinstance(col.kind, kinds.FileKind)
                and policy(actor, col, mine=mine) >= Policy.READONLY
            ):
                found += [getattr(row, name) for row in part_rows(spec, parts.name, record)]
    return [one for one in found if one is not None]
