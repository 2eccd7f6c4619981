"""The small company of the tests: people with every kind of right, and a browser for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.test import Client

from guanxi.kernel import registry
from guanxi.kernel.actor import VERBS, Actor, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.company import own_company
from guanxi.people.models import (
    Department,
    FieldRule,
    Grant,
    Person,
    PersonRole,
    Role,
    Standing,
    Tree,
    User,
)
from guanxi.people.organisation import touch
from guanxi.people.rights import actor_of
from guanxi.people.tokens import make_token
from guanxi.testing.beginning import begin_with

SYSTEM = system_actor("tests")
EVERYTHING = {("*", verb): "all" for verb in VERBS}
LOOK = {("*", "view"): "all"}
#: Two who sell: their own rows only; what everybody needs to see beside.
SELL = {("records", verb): "own" for verb in VERBS} | {
    ("terms", "view"): "all",
    ("people", "view"): "all",
}


def make_day_one() -> None:
    for module in registry.modules():
        if module.day_one:
            module.day_one()


def guarded_free() -> list[tuple[str, str, str, str]]:
    """Rules that let somebody read what everybody else sees masked."""
    return [
        (spec.key, field.name, "free", "free")
        for spec in registry.specs()
        for field in spec.model._meta.fields
        if getattr(getattr(field, "kind", None), "guarded", False)
    ]


class Company:
    """Master data of the first day, one department, and people made on demand by name.

    `boss` may do everything, `looker` only see everything, `nobody` nothing; `anna` and `ben` sell
    beside each other and own what they make.
    """

    def __init__(self) -> None:
        vars(self).update(begin_with(Company._made))

    @classmethod
    def _made(cls) -> dict[str, Any]:
        company = object.__new__(cls)
        company._make()
        return vars(company)

    def _make(self) -> None:
        make_day_one()
        self.department = Department(name="华东销售部")
        with change(SYSTEM, self.department):
            pass
        self.boss = self.person("总管", EVERYTHING, rules=guarded_free())
        self.looker = self.person("旁观", LOOK)
        self.nobody = self.person("无权", {})
        self.anna = self.person("安娜", SELL)
        self.ben = self.person("本杰明", SELL)

    def person(
        self,
        name: str,
        grants: Mapping[tuple[str, str], str],
        *,
        rules: Iterable[tuple[str, str, str, str]] = (),
        superior: Person | None = None,
        department: Department | None = None,
        through: Tree | None = None,
    ) -> Person:
        """A person with a role of their own. rules: (object, field, on my rows, on others'
        rows); through: the hierarchy the grants count in, the line where there is none."""
        user = User.objects.create(username=f"user-{name}")
        person = Person(name=name, user=user, signs_in=True, superior=superior)
        person.department = department or self.department
        with change(SYSTEM, person) as edit:
            if grants or rules:
                role = self.role(name, grants, rules=rules, through=through)
                edit.set_parts("roles", [PersonRole(role=role)])
        return person

    def uses(self, *currencies: str) -> None:
        """Switches these on beside the currency of the house."""
        row = own_company()
        row.currencies = list(currencies)
        row.save()
        touch()

    def role(
        self,
        name: str,
        grants: Mapping[tuple[str, str], str],
        *,
        rules: Iterable[tuple[str, str, str, str]] = (),
        through: Tree | None = None,
    ) -> Role:
        role = Role(name=f"角色 {name}", position=100)
        with change(SYSTEM, role) as edit:
            edit.set_parts(
                "grants",
                [Grant(object=o, verb=v, reach=r, tree=through) for (o, v), r in grants.items()],
            )
            edit.set_parts(
                "field_rules",
                [FieldRule(object=o, field=f, mine=m, others=x) for o, f, m, x in rules],
            )
        return role


def hierarchy(name: str, below: Mapping[Person, Person]) -> Tree:
    """A further hierarchy; `below` says who stands below whom."""
    tree = Tree(name=name)
    with change(SYSTEM, tree):
        pass
    for person, superior in below.items():
        with change(SYSTEM, Person.rows(SYSTEM).get(pk=person.pk)) as edit:
            edit.set_parts("standings", [Standing(tree=tree, superior=superior)])
    return tree


def actor(person: Person) -> Actor:
    return actor_of(person, user_id=person.user_id)


def api_client(person: Person, *, scope: str = "write", language: str = "zh-hans") -> Client:
    """A program with a fresh token of this person."""
    _made, token = make_token(person, name="tests", scope=scope, days=1)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": language})


def browser(person: Person, *, language: str = "zh-hans") -> Client:
    """A signed-in browser without a script, in this language."""
    User.objects.filter(pk=person.user_id).update(language=language)
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client
