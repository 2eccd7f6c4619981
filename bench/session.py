"""One run of the bench, once Django is ready: load, import, measure, keep the results."""

import argparse
import json
import os
import random
import time
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import importing, masses, organisation, pages, report, site
from bench.browser import Browser
from bench.organisation import Staff
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.modules.customers.models import Customer
from guanxi.people.models import Person, PersonRole, Role
from guanxi.people.users import make_user

TEAM, TEAMS = 20, 3


def run(options: argparse.Namespace, folder: Path) -> int:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    result = {"database": connection.vendor, "rows": options.rows, "at": time.strftime("%F %T")}
    if not _is_loaded():
        owners = _make_staff()
        if options.skip_import:
            _load_directly(options.rows)
        else:
            result["import"] = importing.import_customers(
                options.rows, folder, owners, xlsx=options.xlsx
            )
        _load_opportunities(options.rows // 10)
    report.say(f"{options.rows:,} customers on {connection.vendor}")
    result["pages"] = [asdict(one) for one in _measure_pages(options)]
    options.results.mkdir(exist_ok=True)
    path = options.results / f"pages-{connection.vendor}-{options.rows}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    report.say(f"-> {path}")
    return 0


def _is_loaded() -> bool:
    return Customer._all.exists()


def _load_directly(rows: int) -> None:
    staff = Staff(list(Person._all.order_by("id").values_list("pk", flat=True)))
    masses.load_customers(random.Random(7), rows, staff, report.say)


def _load_opportunities(count: int) -> None:
    staff = Staff(list(Person._all.order_by("id").values_list("pk", flat=True)))
    masses.load_opportunities(random.Random(8), count, staff, report.say)
    masses.settle()


def _measure_pages(options: argparse.Namespace) -> list[report.Measured]:
    port, found = int(os.environ["GUANXI_PORT"]), []
    with site.server(port):
        chief, sales = Browser("127.0.0.1", port), Browser("127.0.0.1", port)
        chief.sign_in(site.CHIEF, site.PASSWORD)
        sales.sign_in(site.SALES, site.PASSWORD)
        report.say(report.HEAD)
        asked = pages.questions(random.Random(5), postgres=connection.vendor == "postgresql")
        for question in asked:
            if options.only in question.name:
                browser = chief if question.chief else sales
                one = report.measure(question, browser, times=options.times)
                found.append(one)
                report.say(one.line())
    return found


def _make_staff() -> list[str]:
    """Three teams of twenty with distinct names; a rep and a chief who sign in. Returns the
    names."""
    masses.make_terms()
    rng, actor = random.Random(11), system_actor("bench", surface="command")
    staff = organisation.make_staff(rng, TEAM * TEAMS, timezone.now(), team=TEAM, distinct=True)
    people = list(Person._all.filter(pk__in=staff.ids).order_by("id"))
    secret = make_password(site.PASSWORD)
    for person, name, role in (
        (people[0], site.CHIEF, "administrator"),
        (people[TEAM], site.SALES, "sales"),
    ):
        with change(actor, person) as edit:
            person.user, person.signs_in = make_user(name, password_hash=secret), True
            edit.set_parts("roles", [PersonRole(role=Role._all.get(code=role))])
    return [person.name for person in people]
