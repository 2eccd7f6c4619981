"""The branches of a scope against a plain evaluator, over random organisations."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel import scope
from guanxi.kernel.actor import Reach, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.models import Share
from guanxi.kernel.registry import spec
from guanxi.kernel.terms import make_terms
from guanxi.modules.customers.models import Customer, CustomerClass, CustomerStatus
from guanxi.modules.sales.models import Opportunity, Pipeline, Stage
from guanxi.people.models import Department, Grant, Person, PersonRole, Role
from guanxi.people.rights import actor_of

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")
PEOPLE, PLACES, ROWS = 4, 3, 5
REACHES = [reach.name.lower() for reach in Reach]
OBJECTS = ("customers.customer", "sales.opportunity", "records", "*")

nobody_or_one = st.none() | st.integers(0, PEOPLE - 1)
grants = st.dictionaries(
    st.tuples(st.sampled_from(OBJECTS), st.sampled_from(("view", "edit"))),
    st.sampled_from(REACHES),
    max_size=4,
)
shares = st.lists(
    st.tuples(
        st.sampled_from(("customers.customer", "sales.opportunity")),
        st.integers(0, ROWS - 1),
        st.sampled_from(("read", "write")),
        st.sampled_from((None, -1, 0, 3)),
    ),
    max_size=4,
    unique_by=lambda share: share[:2],
)
worlds = st.fixed_dictionaries(
    {
        "above": st.lists(st.none() | st.integers(0, PLACES - 1), min_size=PLACES, max_size=PLACES),
        "place": st.lists(st.none() | st.integers(0, PLACES - 1), min_size=PEOPLE, max_size=PEOPLE),
        "superior": st.lists(nobody_or_one, min_size=PEOPLE, max_size=PEOPLE),
        "customer_owner": st.lists(nobody_or_one, min_size=ROWS, max_size=ROWS),
        "opportunity_owner": st.lists(nobody_or_one, min_size=ROWS, max_size=ROWS),
        "customer_of": st.lists(st.none() | st.integers(0, ROWS - 1), min_size=ROWS, max_size=ROWS),
        "roles": st.lists(grants, min_size=1, max_size=2),
        "shares": shares,
    }
)


class World:
    """A drawn organisation in the database, with what each evaluator needs to know of it."""

    def __init__(self, drawn):
        self.drawn = drawn
        self.places = self._chain(Department, "parent_id", drawn["above"])
        extra = [{"department_id": self._at(self.places, at)} for at in drawn["place"]]
        self.people = self._chain(Person, "superior_id", drawn["superior"], extra=extra)
        self._master_data()
        self.customers = [
            self._write(Customer(name=f"客户{n}", owner_id=self._at(self.people, owner)))
            for n, owner in enumerate(drawn["customer_owner"])
        ]
        self.opportunities = [
            self._write(
                Opportunity(
                    title=f"商机{n}",
                    owner_id=self._at(self.people, owner),
                    customer_id=self._at(self.customers, drawn["customer_of"][n]),
                )
            )
            for n, owner in enumerate(drawn["opportunity_owner"])
        ]
        self._roles_and_shares()

    def _chain(self, model, link, above, extra=None):
        """Rows that may only lie below earlier ones, so that no loop can be drawn."""
        rows = []
        for number, parent in enumerate(above):
            row = model(name=f"{model.__name__}{number}")
            for name, value in (extra[number] if extra else {}).items():
                setattr(row, name, value)
            if parent is not None and parent < number:
                setattr(row, link, rows[parent].pk)
            rows.append(self._write(row))
        return rows

    def _master_data(self):
        make_terms(CustomerClass, "*end|终端|End")
        make_terms(CustomerStatus, "*new|新|New")
        make_terms(Pipeline, "*one|一|One")
        pipeline = Pipeline.rows(SYSTEM).get()
        self.stage = self._write(Stage(name="开始", pipeline=pipeline))

    def _write(self, row):
        if isinstance(row, Customer):
            row.main_class = CustomerClass.rows(SYSTEM).get()
            row.status = CustomerStatus.rows(SYSTEM).get()
        if isinstance(row, Opportunity):
            row.pipeline, row.stage = self.stage.pipeline, self.stage
        with change(SYSTEM, row):
            pass
        return row

    @staticmethod
    def _at(rows, index):
        return None if index is None else rows[index].pk

    def _roles_and_shares(self):
        person = self.people[0]
        held = []
        for number, granted in enumerate(self.drawn["roles"]):
            role = Role(name=f"角色{number}")
            with change(SYSTEM, role) as edit:
                lines = [Grant(object=o, verb=v, reach=r) for (o, v), r in granted.items()]
                edit.set_parts("grants", lines)
            held.append(PersonRole(role=role))
        with change(SYSTEM, person) as edit:
            edit.set_parts("roles", held)
        today = timezone.localdate()
        for key, index, level, days in self.drawn["shares"]:
            rows = self.customers if key == "customers.customer" else self.opportunities
            until = None if days is None else today + timedelta(days=days)
            Share.objects.create(
                object=key, record_id=rows[index].pk, person_id=person.pk, level=level, until=until
            )

    def reaches(self, key, verb):
        names = (key, "records", "*")
        found = {
            role[name, verb]
            for role in self.drawn["roles"]
            for name in names
            if (name, verb) in role
        }
        return found - {"none"}

    def covered(self, reaches):
        """Indexes of the people whose rows these reaches cover; person 0 asks."""
        found = set()
        for reach in reaches:
            found |= {0}
            if reach == "own_and_below":
                found |= self._below(self.drawn["superior"], {0})
            place = self.drawn["place"][0]
            if place is not None and reach.startswith("department"):
                places = {place}
                if reach == "department_and_below":
                    places = self._below(self.drawn["above"], places)
                found |= {n for n, at in enumerate(self.drawn["place"]) if at in places}
        return found

    @staticmethod
    def _below(above, start):
        found = set(start)
        for _round in above:
            found |= {
                n
                for n, parent in enumerate(above)
                if parent is not None and parent < n and parent in found
            }
        return found

    def shared(self, key, verb):
        levels = {"view": ("read", "write"), "edit": ("write",)}[verb]
        return {
            index
            for known, index, level, days in self.drawn["shares"]
            if known == key and level in levels and (days is None or days >= 0)
        }

    def visible_customers(self, verb):
        reaches = self.reaches("customers.customer", verb)
        if not reaches:
            return set()
        if "all" in reaches:
            return set(range(ROWS))
        mine = self.covered(reaches)
        owned = {n for n, owner in enumerate(self.drawn["customer_owner"]) if owner in mine}
        return owned | self.shared("customers.customer", verb)

    def visible_opportunities(self, verb):
        reaches = self.reaches("sales.opportunity", verb)
        if not reaches:
            return set()
        if "all" in reaches:
            return set(range(ROWS))
        mine = self.covered(reaches)
        owned = {n for n, owner in enumerate(self.drawn["opportunity_owner"]) if owner in mine}
        above = self.visible_customers(verb)
        through = {n for n, one in enumerate(self.drawn["customer_of"]) if one in above}
        return owned | through | self.shared("sales.opportunity", verb)


@given(worlds)
@settings(max_examples=40)
def test_branches_reach_what_the_plain_evaluator_reaches(drawn):
    with transaction.atomic():
        world = World(drawn)
        actor = actor_of(world.people[0])
        for model, rows, visible in (
            (Customer, world.customers, world.visible_customers),
            (Opportunity, world.opportunities, world.visible_opportunities),
        ):
            for verb in ("view", "edit"):
                expected = {rows[index].pk for index in visible(verb)}
                assert set(model.rows(actor, verb).values_list("pk", flat=True)) == expected
                by_branch = set()
                for branch in scope.branches(spec(model), actor, verb):
                    by_branch |= set(model._all.filter(branch).values_list("pk", flat=True))
                assert by_branch == expected
                for row in rows:
                    assert scope.may(spec(model), actor, verb, row) == (row.pk in expected)
        hanging = {
            row.pk
            for parent in Customer.rows(actor)
            for row in scope.hanging(spec(Opportunity), actor, "customer", parent.pk)
        }
        linked = Opportunity.rows(actor).filter(customer__in=Customer.rows(actor))
        assert hanging == set(linked.values_list("pk", flat=True))
        for model, rows in ((Customer, world.customers), (Opportunity, world.opportunities)):
            seen = set(model.rows(actor).values_list("pk", flat=True))
            sight = scope.stays_in_sight(spec(model), actor, rows)
            assert sight == [row.pk in seen for row in rows]
        transaction.set_rollback(True)


def test_what_hangs_on_a_record_in_sight_wants_a_grant_of_its_own():
    alone = {("customers.customer", "view"): "all"}
    both = alone | {("sales.opportunity", "view"): "own"}
    for grants, expected in ((alone, 0), (both, 1)):
        with transaction.atomic():
            world = World(
                {
                    "above": [],
                    "place": [None],
                    "superior": [None],
                    "customer_owner": [None],
                    "opportunity_owner": [None],
                    "customer_of": [0],
                    "roles": [grants],
                    "shares": [],
                }
            )
            actor, customer = actor_of(world.people[0]), world.customers[0]
            found = scope.hanging(spec(Opportunity), actor, "customer", customer.pk)
            assert (found.count(), Opportunity.rows(actor).count()) == (expected, expected)
            transaction.set_rollback(True)
