"""A sales organisation of any size: regions, teams, people, and one person of every reach."""

import random
from dataclasses import dataclass, field

from guanxi.kernel.actor import Actor, Reach, Rights
from guanxi.kernel.bulk import insert_records
from guanxi.kernel.check import derive
from guanxi.kernel.record import Record
from guanxi.people.models import Department, Person
from guanxi.people.organisation import touch
from guanxi.testing import invent

VERBS = ("view", "create", "edit")
OBJECTS = ("customers.customer", "sales.opportunity")


@dataclass
class Staff:
    """`ids` are all persons, team by team, so that neighbours belong together."""

    ids: list[int] = field(default_factory=list)
    team: int = 20


def insert(records: list[Record], now) -> None:
    """Past the door, and so past journal and rights: for invented masses only."""
    for record in records:
        derive(record, None)
        record.created_at = record.created_at or now
        record.updated_at = record.updated_at or now
    insert_records(records)


def make_staff(
    rng: random.Random, count: int, now, *, team: int = 20, distinct: bool = False
) -> Staff:
    """Teams of `team` people below one sales department."""
    root = Department(name="销售中心")
    insert([root], now)
    places = [Department(name=f"{n:03d} 组", parent_id=root.pk) for n in range(-(-count // team))]
    insert(places, now)
    people = [
        Person(name=name, number=f"B{n:05d}", department_id=places[n // team].pk)
        for n, name in enumerate(_names(rng, count, distinct=distinct))
    ]
    insert(people, now)
    touch()
    return Staff([person.pk for person in people], team)


def _names(rng: random.Random, count: int, *, distinct: bool) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        name = invent.person_name(rng)
        if not distinct or name not in found:
            found.append(name)
    return found


def reaches(staff: Staff) -> dict[str, Actor]:
    """One actor for every size of reach, without roles in the database."""
    ids = staff.ids
    sizes = {"one owner": 1, "team of 20": 20, "team of 200": 200, "department of 1,000": 1000}
    middle = len(ids) // 2
    found = {
        name: _actor(ids[middle : middle + size])
        for name, size in sizes.items()
        if size <= len(ids) // 2 or size == 1
    }
    return found | {"all": Actor(ids[0], "all", Rights(everything=True))}


def _actor(owners: list[int]) -> Actor:
    reach = Reach.OWN if len(owners) == 1 else Reach.OWN_AND_BELOW
    grants = {(key, verb): frozenset({reach}) for key in OBJECTS for verb in VERBS}
    for key in ("people.person", "catalog.product", "customers.customerstatus", "sales.stage"):
        grants[key, "view"] = frozenset({Reach.ALL})
    return Actor(owners[0], "one", Rights(grants=grants, owners={reach: tuple(owners)}))
