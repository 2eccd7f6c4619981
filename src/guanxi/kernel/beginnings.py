"""What a new record begins with: the defaults of its object, as far as this person may follow."""

from collections.abc import Container
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Spec


def starting_values(
    actor: Actor,
    spec: Spec,
    record: Any,
    *,
    given: Container[str] = (),
    errors: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    """{attribute: value} of what was not given, without links to rows out of sight: what nobody may
    choose by hand can't come by default either. `errors` gets a sentence for each link that the
    record can't do without."""
    if spec.defaults is None:
        return {}
    proposed = spec.defaults(actor, record)
    found = {name: value for name, value in proposed.items() if name not in given}
    for attribute in [it for it in found if _is_unseen(actor, record, it, found[it])]:
        del found[attribute]
        field: Any = record._meta.get_field(attribute)
        if errors is not None and not field.null:
            errors.setdefault(field.name, []).append(unseen_message())
    return found


def _is_unseen(actor: Actor, record: Any, attribute: str, value: Any) -> bool:
    kind = getattr(record._meta.get_field(attribute), "kind", None)
    if not isinstance(kind, kinds.LinkKind) or value in (None, getattr(record, attribute)):
        return False
    target = registry.spec(kind.to)
    # The words of short lists are nobody's, and everybody knows themselves.
    if target.small or (kind.name == "person" and value == actor.person_id):
        return False
    return not target.model.rows(actor, "view").filter(pk=value).exists()


def unseen_message() -> str:
    return _("What belongs here lies beyond your reach. Ask its owner to share it with you.")
