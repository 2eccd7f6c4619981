from collections.abc import Iterable, Mapping

import pytest
from django.core.cache import cache

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import CustomerClass, CustomerStatus
from guanxi.people.accounts import give_signin
from guanxi.people.models import Department, FieldRule, Grant, Person, PersonRole, Role
from guanxi.people.rights import actor_of

SYSTEM = system_actor("tests")
ADMINISTER = {("people", "view"): "all", ("people", "edit"): "all", ("people", "create"): "all"}
LONG_ENOUGH = "Kaixin-2026-tian"


class Firm:
    """Makes departments, roles, persons and customers the way pages do, through the kernel."""

    def department(self, name: str, parent: Department | None = None) -> Department:
        made = Department(name=name, parent=parent)
        with change(SYSTEM, made):
            pass
        return made

    def role(
        self,
        name: str,
        grants: Mapping[tuple[str, str], str],
        rules: Iterable[tuple[str, str, str, str]] = (),
    ) -> Role:
        made = Role(name=name, code=name)
        with change(SYSTEM, made) as edit:
            pairs = [Grant(object=o, verb=v, reach=r) for (o, v), r in grants.items()]
            edit.set_parts("grants", pairs)
            fields = [FieldRule(object=o, field=f, mine=m, others=x) for o, f, m, x in rules]
            edit.set_parts("field_rules", fields)
        return made

    def person(self, name: str, *roles: Role, **values) -> Person:
        made = Person(name=name, **values)
        with change(SYSTEM, made) as edit:
            edit.set_parts("roles", [PersonRole(role=role) for role in roles])
        return made

    def signs_in(self, person: Person, username: str, *, password: str = LONG_ENOUGH) -> Person:
        """With a password the person has chosen already."""
        give_signin(SYSTEM, person, username=username, password=password)
        person.user.must_change_password = False
        person.user.save()
        return person

    def administrator(self, name: str = "管理员", username: str = "guanli") -> Person:
        person = self.person(name, self.role(f"{name}的角色", ADMINISTER))
        return self.signs_in(person, username)

    def customer(self, name: str, owner: Person):
        for model in (CustomerClass, CustomerStatus):
            if not model.rows(SYSTEM).exists():
                with change(SYSTEM, model(name="一般", is_default=True)):
                    pass
        spec = registry.spec("customers.customer")
        return create_record(SYSTEM, spec, {"name": name, "owner": str(owner.pk)})

    def actor(self, person: Person):
        return actor_of(person, user_id=person.user_id)


@pytest.fixture
def firm(db):
    cache.clear()
    return Firm()
