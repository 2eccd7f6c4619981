"""A customers' list with one custom field of every type."""

from types import SimpleNamespace

import pytest

from guanxi.custom.rules import enable_field
from guanxi.custom.specs import CUSTOM_FIELD, CUSTOM_OPTION
from guanxi.kernel import registry, stamps
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.values import create_record
from guanxi.people.models import Grant, PersonRole, Role, User
from guanxi.people.organisation import make_stamp, stamp
from guanxi.people.rights import actor_of

SYSTEM = system_actor("tests")
NAMES = {
    "text": "备注2",
    "long_text": "合作背景",
    "integer": "年采购量",
    "decimal": "折扣系数",
    "date": "签约日期",
    "choice": "合作意愿",
    "boolean": "已上门",
}


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a request has noted must not outlive the rows of its test."""
    stamps.note(stamps.NONE)
    yield
    stamps.note(stamps.NONE)


@pytest.fixture
def customers():
    return registry.spec("customers.customer")


@pytest.fixture
def terms(db):
    """The entries a customer can't be without."""
    make_stamp()
    for key in ("customers.customerstatus", "customers.customerclass"):
        create_record(SYSTEM, registry.spec(key), {"name": "一般", "is_default": "on"})


@pytest.fixture
def define(terms):
    """define(kind, **words) adds a field to customers; a choice gets 强, 中, 弱."""

    def define(kind, **words):
        raw = {"object": "customers.customer", "kind": kind, "name": NAMES[kind], "asked": "1"}
        field = create_record(SYSTEM, CUSTOM_FIELD, raw | words)
        if kind == "choice":
            for name in ("强", "中", "弱"):
                create_record(SYSTEM, CUSTOM_OPTION, {"field": str(field.pk), "name": name})
            enable_field(SYSTEM, field)
        return field

    return define


@pytest.fixture
def fields(define):
    """{type: path} of one field of every type."""
    found = SimpleNamespace(**{kind: define(kind).path for kind in NAMES})
    stamp()
    return found


@pytest.fixture
def add(customers):
    """add(name, path=text, ...) makes a customer."""

    def add(name, *, actor=SYSTEM, **raw):
        return create_record(actor, customers, {"name": name, **raw})

    return add


@pytest.fixture
def person(db):
    """person(name, rules=...) is a colleague who may do everything with records and master data."""

    def person(name, *, rules=()):
        role = Role(name=name, position=1)
        with change(SYSTEM, role) as edit:
            verbs = ("view", "create", "edit", "invalidate", "restore", "delete")
            grants = [Grant(object="*", verb=verb, reach="all") for verb in verbs]
            edit.set_parts("grants", grants)
            edit.set_parts("field_rules", list(rules))
        user = User.objects.create(username=name)
        someone = registry.spec("people.person").model(name=name, user=user, signs_in=True)
        with change(SYSTEM, someone) as edit:
            edit.set_parts("roles", [PersonRole(role=role)])
        return SimpleNamespace(user=user, actor=actor_of(someone, user_id=user.pk))

    return person
