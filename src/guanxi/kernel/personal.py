"""What one person keeps for themselves: chosen columns, and which forms have been sent already."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from guanxi.kernel.actor import Actor
from guanxi.kernel.models import FormToken, ListLayout
from guanxi.kernel.spec import Spec

MAX_TOKEN = 40


def layout_of(actor: Actor, spec: Spec) -> list[str] | None:
    """The columns this person chose for the list of this object, or None."""
    found = ListLayout.objects.filter(person_id=actor.person_id or 0, object=spec.key).first()
    return found.columns if found else None


def keep_layout(actor: Actor, spec: Spec, columns: Sequence[str]) -> None:
    """Remembers the columns; none of them means: as delivered."""
    mine: dict[str, Any] = {"person_id": actor.person_id or 0, "object": spec.key}
    if not columns:
        ListLayout.objects.filter(**mine).delete()
        return
    ListLayout.objects.update_or_create(**mine, defaults={"columns": list(columns)})


def made_by_form(actor: Actor, token: str) -> int | None:
    """The id of the record this very form has made before: a double click, or the back button."""
    if not token:
        return None
    found = FormToken.objects.filter(token=token[:MAX_TOKEN], person_id=actor.person_id)
    return found.values_list("record_id", flat=True).first()


def create_once(
    actor: Actor, token: str, spec: Spec, create: Callable[[], Any]
) -> tuple[int, bool]:
    """(id of the record, whether `create` made it now) for a form that may be sent twice at once.

    The row of the token is the lock: whoever comes second waits at it until the first is done,
    and finds its record, or, where the first was refused, its own turn.
    """
    with transaction.atomic():
        made = _take_token(actor, token, spec)
        if made is not None:
            return made, False
        record = create()
        mine = FormToken.objects.filter(token=token[:MAX_TOKEN], person_id=actor.person_id)
        mine.update(record_id=record.pk)
        return record.pk, True


def _take_token(actor: Actor, token: str, spec: Spec) -> int | None:
    if not token:
        return None
    row = FormToken(token=token[:MAX_TOKEN], person_id=actor.person_id, object=spec.key)
    FormToken.objects.bulk_create([row], ignore_conflicts=True)
    return made_by_form(actor, token)
