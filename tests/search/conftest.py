"""A small sales team: a manager, two representatives and their customers."""

from types import SimpleNamespace

import pytest

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.values import create_record
from guanxi.people.models import Grant, Role, User
from guanxi.people.rights import actor_of

SYSTEM = system_actor("tests")


@pytest.fixture
def customers():
    return registry.spec("customers.customer")


@pytest.fixture
def terms(db):
    """The entries a customer can't be without; day one's own would take seconds for each test."""
    for key in ("customers.customerstatus", "customers.customerclass"):
        create_record(SYSTEM, registry.spec(key), {"name": "一般", "is_default": "on"})


@pytest.fixture
def roles(db):
    """{code: role}: `sales` reaches own records, `lead` those of subordinates, too."""
    return {
        code: _role(code, reach) for code, reach in (("sales", "own"), ("lead", "own_and_below"))
    }


def _role(code, reach):
    role = Role(code=code, name=code)
    with change(SYSTEM, role) as edit:
        verbs = ("view", "create", "edit")
        grants = [Grant(object="records", verb=verb, reach=reach) for verb in verbs]
        grants += [Grant(object=name, verb="view", reach="all") for name in ("terms", "people")]
        edit.set_parts("grants", grants)
    return role


@pytest.fixture
def team(terms, roles):
    """lin and wang sell, chen leads both; each has a `user` to sign in and an `actor` to act."""
    chen = _person("陈静", roles["lead"])
    people = {
        "chen": chen,
        "lin": _person("林晓雯", roles["sales"], superior=chen),
        "wang": _person("王强", roles["sales"], superior=chen),
    }
    members = {name: _member(person) for name, person in people.items()}
    return SimpleNamespace(**members)


def _person(name, role, *, superior=None):
    values = {"name": name, "roles": [{"role": str(role.pk)}]}
    if superior is not None:
        values["superior"] = str(superior.pk)
    return create_record(SYSTEM, registry.spec("people.person"), values)


def _member(person):
    user = User.objects.create_user(f"u{person.pk}")
    with change(SYSTEM, person):
        person.user, person.signs_in = user, True
    return SimpleNamespace(id=person.pk, user=user, actor=actor_of(person, user_id=user.pk))


@pytest.fixture
def add(customers):
    """add(owner_id, name, channel, ...) makes a customer."""

    def make(owner_id, name, *channels, **values):
        lines = [{"kind": _kind(text), "value": text} for text in channels]
        given = {"name": name, "owner": str(owner_id), "channels": lines, **values}
        return create_record(SYSTEM, customers, given)

    return make


def _kind(text):
    if "@" in text:
        return "email"
    return "mobile" if text[-1].isdigit() else "wechat"
