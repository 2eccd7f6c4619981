"""Whether a person may be told of something now."""

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, system_actor
from guanxi.people.models import Person
from guanxi.people.rights import actor_of

LOOKING = system_actor("notices")


def can_see(actor: Actor, object: str, record_id: int | None) -> bool:
    if not object:
        return True
    spec = registry.find(object)
    if spec is None:
        return False
    if record_id is None:
        return actor.may(object, "view")
    return bool(spec.model.rows(actor, "view").filter(pk=record_id).exists())


def person_can_see(person_id: int | None, object: str, record_id: int | None) -> bool:
    """The same for whoever it is sent to; what is sent to nobody's inbox is about nothing."""
    if person_id is None or not object:
        return True
    person = Person.rows(LOOKING).live().filter(pk=person_id).first()
    return person is not None and can_see(actor_of(person), object, record_id)
