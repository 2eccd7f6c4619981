"""Readers of every reach, and what each of them is shown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from guanxi.custom.rules import enable_field
from guanxi.custom.specs import CUSTOM_FIELD, CUSTOM_OPTION
from guanxi.kernel import kinds, stamps
from guanxi.kernel.change import change
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.models import Share
from guanxi.kernel.present import present
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer, CustomerLevel
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.people.models import Department
from guanxi.people.organisation import make_stamp
from guanxi.testing.people import SYSTEM, Company, actor

OPPORTUNITY = spec("sales.opportunity")
ROWS = 26
SEES_DEALS = {("sales.opportunity", "view"): "all", ("terms", "view"): "all"}
MASKED = (("customers.customer", "name", "free", "masked"),)
READERS = {
    "everything": ({("*", "view"): "all"}, ()),
    "own customers": (SEES_DEALS | {("customers.customer", "view"): "own"}, ()),
    "customers of the department": (
        SEES_DEALS | {("customers.customer", "view"): "department", ("people", "view"): "all"},
        (),
    ),
    "no customers, no terms": ({("sales.opportunity", "view"): "all"}, ()),
    "names of others masked": (SEES_DEALS | {("customers.customer", "view"): "all"}, MASKED),
    "own deals": ({("records", "view"): "own", ("terms", "view"): "all"}, ()),
}
CUSTOM = ("text", "integer", "decimal", "date", "choice", "boolean")


class World:
    """Opportunities of several people over customers of several people, some over none."""

    def __init__(self):
        make_stamp()
        self.company = company = Company()
        company.uses("USD")
        self.fields = {kind: self._custom(kind) for kind in CUSTOM}
        far = Department(name="华南销售部")
        with change(SYSTEM, far):
            pass
        self.stranger = company.person("远方", {}, department=far)
        self.people = (company.anna, company.ben, self.stranger, None)
        self.readers = {}
        for name, (grants, rules) in READERS.items():
            person = company.person(name, grants, rules=rules)
            self.readers[name] = person
        self.customers = [self._customer(number) for number in range(12)]
        for number in range(ROWS):
            self._opportunity(number)
        self._share()
        self.actors = {name: actor(person) for name, person in self.readers.items()}
        self.shown = {}

    def _custom(self, kind):
        raw = {"object": "customers.customer", "kind": kind, "name": f"自定义{kind}"}
        field = create_record(SYSTEM, CUSTOM_FIELD, raw | {"asked": "1"})
        if kind == "choice":
            for name in ("强", "弱"):
                create_record(SYSTEM, CUSTOM_OPTION, {"field": str(field.pk), "name": name})
            enable_field(SYSTEM, field)
        return field.path

    def _owner(self, number):
        everyone = (*self.people, *self.readers.values())
        person = everyone[number % len(everyone)]
        return person.pk if person else None

    def _customer(self, number):
        row = Customer(name=f"客户{'乙丙甲丁'[number % 4]}{number}", owner_id=self._owner(number))
        for link in ("main_class", "status"):
            target = Customer._meta.get_field(link).related_model
            setattr(row, link, target.rows(SYSTEM).order_by("pk")[0])
        levels = [None, *CustomerLevel.rows(SYSTEM).order_by("pk")[:2]]
        row.level = levels[number % 3]
        row.revenue = (None, Decimal("0.07"), Decimal(70))[number % 3]
        row.revenue_currency = ("CNY", "USD")[number % 2]
        row.headcount = (None, 3, 4)[number % 3]
        row.nature = ("", "organisation", "individual")[number % 3]
        row.founded_on = date(2024, 12, 30) + timedelta(days=40 * number) if number % 4 else None
        row.tags = ["甲", "乙"][: number % 3]
        row.works_at = "ab"[number % 2] if number % 3 else ""
        stored = {
            "text": "xy"[number % 2],
            "integer": number % 3,
            "decimal": 7000,
            "choice": "o001",
        }
        stored |= {"date": f"2025-0{number % 3 + 1}-15", "boolean": True}
        row.extra = {self.fields[kind]: value for kind, value in stored.items() if number % 4}
        with change(SYSTEM, row):
            pass
        return row

    def _opportunity(self, number):
        row = Opportunity(
            title=f"商机{number}", stage=Stage.rows(SYSTEM).order_by("pk")[number % 3]
        )
        row.pipeline_id, row.owner_id = row.stage.pipeline_id, self._owner(number // 2)
        row.customer = None if number % 7 == 0 else self.customers[number % 12]
        row.amount = Decimal(number)
        with change(SYSTEM, row):
            pass

    def _share(self):
        for person in self.readers.values():
            Share.objects.create(
                object="customers.customer", record_id=self.customers[0].pk,
                person_id=person.pk, level="read",
            )  # fmt: skip

    def paths(self):
        native = (
            "name level revenue headcount nature founded_on tags works_at owner created_at parent"
        )
        found = [f"customer.{name}" for name in [*native.split(), *self.fields.values()]]
        return [*found, "owner.department", "owner.signs_in", "stage.kind", "amount", "customer"]

    def values(self, name):
        """{id: {path: what the reader is shown}}, None for nothing; ids for links."""
        if name not in self.shown:
            reader = self.actors[name]
            open_paths = [p for p in self.paths() if is_open(reader, column(OPPORTUNITY, p))]
            rows = list(Opportunity.rows(reader).select_related("customer", "owner", "stage"))
            self.shown[name] = {
                row.id: {value.column.path: _plain(value.raw) for value in row.values}
                for row in present(reader, OPPORTUNITY, rows, open_paths)
            }
        return self.shown[name]

    def __repr__(self):
        return "the world"


def _plain(raw):
    return raw.id if isinstance(raw, kinds.Linked) else raw


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        stamps.note(stamps.NONE)
        yield World()
        transaction.set_rollback(True)
    stamps.note(stamps.NONE)


@pytest.fixture(params=sorted(READERS))
def name(request):
    """Of one reader after the other."""
    return request.param
