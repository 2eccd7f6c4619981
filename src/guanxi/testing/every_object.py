"""One test class for every registered object: what each must be able to do, tested through its
pages.

`tests/test_every_object.py` takes the classes from here. A test takes `case`: the object with its
rows, the company of `testing.people`, and browsers for its people. Everything is rolled back.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.record import Record
from guanxi.kernel.spec import Capability, Spec
from guanxi.people.models import Person, User
from guanxi.testing.html import Reader, read
from guanxi.testing.people import Company, actor, browser
from guanxi.testing.samples import make, make_rows

ROWS = 9
ALL = {"per_page": "200", "void": "all"}


class Case:
    """One object under test. `rows` are made by `boss`, samples 0 to 8; the sparse ones among
    them."""

    def __init__(self, company: Company, spec: Spec) -> None:
        self.company, self.spec = company, spec
        self.boss = actor(company.boss)
        self.rows = make_rows(spec, self.boss, ROWS)
        self._cookies: dict[tuple[int, str], str] = {}

    def browser(self, person: Person | None = None, *, language: str = "zh-hans") -> Client:
        """A fresh browser of this person (the boss by default), signed in once for the whole
        class."""
        person = person or self.company.boss
        User.objects.filter(pk=person.user_id).update(language=language)
        client = Client()
        key = (person.pk, language)
        if key not in self._cookies:
            return browser(person, language=language)
        client.cookies = SimpleCookie(self._cookies[key])
        return client

    def sign_in(self, *people: Person) -> None:
        """Keeps a session for these people for all tests of the class."""
        for person in people:
            for language in ("zh-hans", "en"):
                client = browser(person, language=language)
                text = client.cookies.output(header="", sep=";")
                self._cookies[person.pk, language] = text
            User.objects.filter(pk=person.user_id).update(language="zh-hans")

    def url(self, *steps: Any) -> str:
        """`url(7, "edit")` is /customers/7/edit/."""
        return "/".join(["", self.spec.path, *map(str, steps), ""])

    def get(self, *steps: Any, client: Client | None = None, **query: Any) -> Any:
        return (client or self.browser()).get(self.url(*steps), query)

    def make(self, number: int, *, by: Actor | None = None, **overrides: Any) -> Any:
        return make(self.spec, by or self.boss, number, **overrides)

    def fresh(self, record: Record) -> Any:
        """The row as stored now, or None."""
        return self.spec.model.rows(self.boss).filter(pk=record.pk).first()

    def ids(self, response: Any) -> list[int]:
        """The rows a list page shows, in order."""
        return [row["id"] for row in response.context["table"]["rows"]]

    def count(self) -> int:
        return self.spec.model.rows(self.boss).count()

    def form(self, page: Any, *steps: Any) -> dict[str, Any]:
        """What the form on this page would send to `url(*steps)`."""
        return read(page).form(self.url(*steps)).values()


def words(response: Any) -> str:
    """Everything a person reads on the page."""
    return Reader(response.content.decode()).text()


def skip_unless(spec: Spec, capability: Capability) -> None:
    if not spec.can(capability):
        pytest.skip(f"off: {spec.off.get(capability, 'the rows have no owner')}")


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Company()
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def class_case(company: Company, request: Any) -> Iterator[Case]:
    with transaction.atomic():
        case = Case(company, request.cls.spec)
        case.sign_in(company.boss, company.looker, company.nobody, company.anna, company.ben)
        yield case
        transaction.set_rollback(True)


@pytest.fixture
def case(class_case: Case) -> Iterator[Case]:
    with transaction.atomic():
        yield class_case
        transaction.set_rollback(True)


def classes(*modules: ModuleType) -> dict[str, type]:
    """{name: class} with every function `test_...` of the modules, for every object there is."""
    tests = {
        name: function
        for module in modules
        for name, function in vars(module).items()
        if name.startswith("test_")
    }
    shared = {**tests, "pytestmark": [pytest.mark.django_db]}
    return {
        f"Test{spec.model.__name__}": type(
            f"Test{spec.model.__name__}", (), {**shared, "spec": spec}
        )
        for spec in registry.specs()
    }
