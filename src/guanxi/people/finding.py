"""From what an administrator types to a person, a record, an object."""

import re
from typing import Any

from django.db.models import CharField, Q
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.people.models import Person
from guanxi.people.signin import user_by_any_name

STEP = re.compile("[/:]")


def find_person(text: str) -> Person:
    """A person by id, staff number, name, user name, mobile or e-mail; raises Wrong."""
    people = Person.rows(system_actor("look-up", surface="command"))
    if text.isascii() and text.isdecimal() and len(text) < 10:
        wanted = Q(number=text) | Q(pk=int(text))
    else:
        user = user_by_any_name(text)
        wanted = Q(number=text) | Q(name=text)
        wanted |= Q(user_id=user.pk) if user else Q(pk__in=[])
    found = list(people.filter(wanted).order_by("pk")[:10])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Wrong(_("Nobody is called “%(text)s”.") % {"text": text})
    listing = _(", ").join(f"{person.name} ({person.pk})" for person in found)
    raise Wrong(_("Several persons are meant, use the number: %(listing)s") % {"listing": listing})


def find_object(text: str) -> Spec:
    """An object by key (customers.customer) or address (customers); raises Wrong."""
    spec = registry.find(text) or registry.by_path(text.strip("/"))
    if spec is None:
        known = _(", ").join(sorted(known.key for known in registry.specs()))
        raise Wrong(
            _("There is no object “%(text)s”. There are: %(known)s")
            % {"text": text, "known": known}
        )
    return spec


def find_record(text: str) -> Any:
    """A record by /customers/17/, customers.customer:17 or a name of it, as in customers/华为;
    raises Wrong."""
    name, number = (STEP.split(text.strip("/"), maxsplit=1) + [""])[:2]
    spec = find_object(name)
    if not number:
        raise Wrong(_("Name one record, such as %(key)s:17.") % {"key": spec.key})
    rows = spec.model.rows(system_actor("look-up", surface="command"))
    record = rows.filter(pk=whole_number(number)).first()
    if record is not None:
        return record
    wanted = Q(pk__in=[])
    for field in _names(spec):
        wanted |= Q(**{field: number})
    found = list(rows.filter(wanted).order_by("pk")[:10])
    if len(found) == 1:
        return found[0]
    if not found:
        said = {"object": spec.name, "text": number}
        raise Wrong(_("There is no %(object)s “%(text)s”.") % said)
    listing = _(", ").join(f"{record} {address(spec, record.pk)}" for record in found)
    raise Wrong(_("Several are meant, use the address: %(listing)s") % {"listing": listing})


def _names(spec: Spec) -> list[str]:
    """The texts by which people call a row of this object."""
    texts = {field.name for field in spec.model._meta.fields if isinstance(field, CharField)}
    return [name for name in dict.fromkeys((spec.title, *spec.import_key)) if name in texts]
