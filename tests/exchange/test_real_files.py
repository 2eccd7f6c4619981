"""The main job: a sales team's real files are in, and everyone sees their own."""

import csv
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from guanxi.exchange.models import Stage
from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.measure import measure
from guanxi.kernel.models import Change
from guanxi.kernel.spec import Sum
from guanxi.modules.catalog.models import Product
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity
from guanxi.people.models import Department, Person, PersonRole, Role, User
from guanxi.testing.html import read
from guanxi.testing.imports import carry_out, try_as_proposed, upload, work_off_jobs
from guanxi.testing.people import Company, actor, browser

SYSTEM = system_actor("tests")
FILES = (
    ("sales_teams.csv", "persons"),
    ("accounts.csv", "customers"),
    ("products.csv", "products"),
    ("sales_pipeline.csv", "opportunities"),
)


@pytest.fixture
def team(db, shared_data):
    """The four files imported through the pages, as proposed; with their rows."""
    company = Company()
    window = browser(company.boss)
    folder = shared_data / "crm-opportunities"
    imports = {}
    for name, path in FILES:
        imported = try_as_proposed(window, upload(window, company.boss, path, folder / name))
        tried = dict(imported.counts)
        imports[name] = carry_out(window, imported)
        assert imports[name].counts == tried, f"{name}: the trial foretold something else"
    with (folder / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        deals = list(csv.DictReader(file))
    with (folder / "sales_teams.csv").open(encoding="utf-8", newline="") as file:
        teams = list(csv.DictReader(file))
    return company, window, folder, imports, deals, teams


def quarter_of(deal):
    """(year, quarter) of the close, read from the day-month-year date by other means."""
    _day, month, year = deal["close_date"].split("-")
    return 2000 + int(year), (int(month) + 2) // 3


def sums_of_file(deals):
    found = defaultdict(Decimal)
    for deal in deals:
        if deal["close_value"]:
            year, quarter = quarter_of(deal)
            assert deal["close_quarter"] == f"Q{quarter} {year}"
            found[deal["sales_agent"], year, quarter] += Decimal(deal["close_value"])
    return {key: value for key, value in found.items() if value}


def sums_seen_by(reader):
    """{(agent, year, quarter): sum} as the statistics of the product show them to this person."""
    spec = registry.spec("sales.opportunity")
    figures = measure(
        reader,
        spec,
        Opportunity.rows(reader),
        Sum("amount", by="owner"),
        then=Sum("amount", by="closed_on", step="quarter"),
    )
    found = {}
    for figure in figures:
        if figure.then[0] and figure.value:
            year, month = str(figure.then[0])[:7].split("-")
            found[figure.label, int(year), (int(month) + 2) // 3] = figure.value
    return found


def test_the_team_works_with_its_data(team):
    company, window, folder, imports, deals, teams = team

    assert {name: one.counts for name, one in imports.items()} == {
        "sales_teams.csv": {"created": 35},
        "accounts.csv": {"created": 85},
        "products.csv": {"created": 7},
        "sales_pipeline.csv": {"created": 8800},
    }
    assert imports["sales_teams.csv"].extra == {"people.department": 3, "people.person": 6}
    assert Customer.rows(SYSTEM).filter(parent__isnull=False).count() == 15
    assert Product.rows(SYSTEM).get(name="GTX Pro").list_price == 4821
    everything = Opportunity.rows(SYSTEM)
    assert everything.filter(product__name="GTX Pro").count() == 1480
    assert everything.filter(customer__isnull=True).count() == 1425
    assert everything.filter(amount__isnull=True, closed_on__isnull=True).count() == 2089
    stages = Counter(deal["deal_stage"] for deal in deals)
    assert (
        everything.filter(stage__kind="won", close_reason__code="imported_won").count()
        == stages["Won"]
    )
    assert (
        everything.filter(stage__kind="lost", close_reason__name="导入").count() == stages["Lost"]
    )
    assert (
        everything.filter(stage__kind="open").count() == stages["Engaging"] + stages["Prospecting"]
    )
    first = everything.get(number="1C1I7A6R")
    assert (str(first.opened_on), str(first.closed_on)) == ("2016-10-20", "2017-03-01")
    assert first.created_at.year == 2016
    assert sums_seen_by(SYSTEM) == sums_of_file(deals)

    see_only_their_own(company, teams, deals)
    change_nothing_the_second_time(company, window, folder)
    undo_in_one_click(window, imports)


def see_only_their_own(company, teams, deals):
    """Two managers share the region East; each sees her own people's opportunities only."""
    manager = Person.rows(SYSTEM).get(name="Cara Losch")
    assert manager.department == Department.rows(SYSTEM).get(name="East")
    agents = {row["sales_agent"] for row in teams if row["manager"] == "Cara Losch"}
    rivals = {row["sales_agent"] for row in teams if row["manager"] == "Rocco Neubert"}
    assert agents and rivals
    with change(SYSTEM, manager) as edit:
        manager.user = User.objects.create(username="cara")
        manager.signs_in = True
        role = Role.rows(SYSTEM).get(code="sales_manager")
        edit.set_parts("roles", [PersonRole(role=role)])
    cara = actor(manager)
    mine = [deal for deal in deals if deal["sales_agent"] in agents]
    assert Opportunity.rows(cara).count() == len(mine)
    assert sums_seen_by(cara) == sums_of_file(mine)
    rival = Opportunity.rows(SYSTEM).filter(owner__name__in=rivals).first()
    window = browser(manager)
    assert window.get(f"/opportunities/{rival.pk}/").status_code == 404
    assert window.get("/opportunities/").status_code == 200
    agent = Person.rows(SYSTEM).get(name=sorted(agents)[0])
    number = sum(1 for deal in mine if deal["sales_agent"] == agent.name)
    page = read(window.get(f"/opportunities/?owner={agent.pk}"))
    assert str(number) in page.text().replace(",", "")


def change_nothing_the_second_time(company, window, folder):
    before = Change.objects.count()
    for name, path in FILES:
        imported = upload(window, company.boss, path, folder / name)
        imported = carry_out(window, try_as_proposed(window, imported))
        assert set(imported.counts) == {"unchanged"}, (name, imported.counts)
        assert not any(imported.extra.values())
    assert Change.objects.count() == before


def undo_in_one_click(window, imports):
    """Newest file first; the persons are in use by then and say so."""
    for name, model in (
        ("sales_pipeline.csv", Opportunity),
        ("products.csv", Product),
        ("accounts.csv", Customer),
    ):
        imported = imports[name]
        assert window.post(f"/import/{imported.pk}/undo/").status_code == 303
        work_off_jobs()
        imported.refresh_from_db()
        assert (imported.state, imported.left) == (Stage.UNDONE, 0)
        assert not model.rows(SYSTEM).exists()
