"""Numbers on pages: per currency, cut openly, and never more than the reader may know."""

import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from guanxi.kernel import measure
from guanxi.kernel.change import change
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer, CustomerLevel
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.pages import bulk, bulk_asks, lists
from guanxi.pages import listing as listings
from guanxi.pages.listing import listed_rows
from guanxi.testing.html import read
from guanxi.testing.people import SYSTEM, Company, actor, api_client, browser

pytestmark = pytest.mark.django_db
OPPORTUNITY, CUSTOMER = spec("sales.opportunity"), spec("customers.customer")
SEES_DEALS = {("sales.opportunity", verb): "all" for verb in ("view", "export", "edit")} | {
    ("terms", "view"): "all",
    ("people", "view"): "all",
}


@pytest.fixture
def company():
    return Company()


def _customer(owner, name, **raw):
    level = CustomerLevel.rows(SYSTEM).order_by("pk")[0]
    record = create_record(SYSTEM, CUSTOMER, {"name": name, "level": str(level.pk), **raw})
    with change(SYSTEM, record):
        record.owner = owner
    return record


def _deal(owner, customer=None, *, amount="100", currency="CNY", **values):
    stage = Stage.rows(SYSTEM).filter(kind="open").order_by("position", "id")[0]
    row = Opportunity(
        title="商机", customer=customer, stage=stage, pipeline_id=stage.pipeline_id, owner=owner,
        amount=Decimal(amount), amount_currency=currency, **values,
    )  # fmt: skip
    with change(SYSTEM, row):
        pass
    return row


@pytest.fixture
def reader(company):
    """Sees every opportunity and the customers of their own."""
    grants = SEES_DEALS | {("customers.customer", "view"): "own"}
    return company.person("看商机", grants)


def test_no_address_tells_of_a_stranger_s_customer(company, reader):
    strange, own = _customer(company.ben, "甲公司"), _customer(reader, "乙公司")
    hidden, shown = _deal(company.ben, strange), _deal(reader, own)
    level = [str(strange.level_id)]
    tree = json.dumps(["customer.level", "in", level])
    client = browser(reader)
    page = client.get("/opportunities/", {"where": tree})
    assert [row["id"] for row in page.context["table"]["rows"]] == [shown.pk]
    assert client.get("/opportunities/total/", {"where": tree}).context["pager"]["total"] == 1
    rows, _columns = listed_rows(actor(reader), OPPORTUNITY, QueryDict(urlencode({"where": tree})))
    assert [row.pk for row in rows] == [shown.pk]
    rows, _columns = listed_rows(actor(reader), OPPORTUNITY, QueryDict("sort=customer.name"))
    assert [row.pk for row in rows] == [shown.pk, hidden.pk]
    board = client.get("/opportunities/board/", {"where": tree}).context["board"]["columns"]
    assert [card["id"] for one in board for card in one["cards"]] == [shown.pk]
    assert sum(one["count"] for one in board) == 1
    client.post(
        "/opportunities/bulk/edit/",
        {"all": "1", "where": tree, "confirmed": "1", "next_step": "拜访"},
    )
    assert set(Opportunity.rows(SYSTEM).filter(next_step="拜访")) <= {shown}
    stats = client.get("/opportunities/statistics/", {"by": "customer.level"}).context["stats"]
    assert sorted(cell["text"] for row in stats["rows"] for cell in row["cells"]) == ["1", "1"]
    for row in stats["rows"]:
        for cell in row["cells"]:
            opened = client.get(cell["url"]).context["table"]["rows"]
            assert f"{len(opened)}" == cell["text"]


def test_titles_are_composed_of_what_the_writer_may_read(company):
    rules = (("customers.customer", "name", "masked", "masked"),)
    writer = company.person(
        "名称不可见", {("*", verb): "all" for verb in ("view", "create", "edit")}, rules=rules
    )
    customer = _customer(company.ben, "甲公司")
    made = create_record(actor(writer), OPPORTUNITY, {"customer": str(customer.pk)})
    assert "甲" not in made.title
    made = create_record(actor(company.boss), OPPORTUNITY, {"customer": str(customer.pk)})
    assert made.title == "甲公司"


def test_board_adds_each_currency_up_by_itself(company):
    company.uses("USD")
    for amount, currency in (("100000", "CNY"), ("20000", "USD"), ("5000", "USD")):
        _deal(company.anna, amount=amount, currency=currency)
    columns = browser(company.boss).get("/opportunities/board/").context["board"]["columns"]
    head = next(one for one in columns if one["count"])
    assert head["count"] == 3
    assert head["sum"] == "¥10万 · US$2.5万"
    assert head["sum_exact"] == "¥100,000.00 · US$25,000.00"
    assert {one["amount"] for one in head["cards"]} == {"10万", "US$2万", "US$5,000"}
    home = browser(company.boss).get("/").content.decode()
    assert "¥10万 · US$2.5万" in home


def test_what_is_closed_is_no_longer_late(company):
    past = timezone.localdate() - timedelta(days=400)
    won = _deal(company.anna, close_on=past)
    with change(SYSTEM, won):
        won.stage = Stage.rows(SYSTEM).get(kind="won", pipeline=won.pipeline_id)
    late = _deal(company.anna, close_on=past)
    columns = browser(company.boss).get("/opportunities/board/").context["board"]["columns"]
    cards = {card["id"]: card["due_late"] for column in columns for card in column["cards"]}
    assert cards == {late.pk: True, won.pk: False}


def test_a_sum_opens_the_rows_of_its_currency(company):
    company.uses("USD")
    dollars = [_deal(company.anna, amount=amount, currency="USD") for amount in ("20000", "5000")]
    yuan = _deal(company.anna, amount="100000")
    client = browser(company.boss)
    query = {"measure": "amount", "by": "stage"}
    stats = client.get("/opportunities/statistics/", query).context["stats"]
    cells = {cell["text"]: cell["url"] for cell in stats["rows"][0]["cells"]}
    for text, rows in (("US$25,000.00", dollars), ("100,000.00", [yuan])):
        page = client.get(cells[text])
        assert {row["id"] for row in page.context["table"]["rows"]} == {row.pk for row in rows}
        assert len(page.context["conditions"]["active"]) == 1
    for row in dollars:
        with change(SYSTEM, row):
            row.amount_currency = "CNY"
    stats = client.get("/opportunities/statistics/", query).context["stats"]
    assert "amount_currency" not in stats["rows"][0]["cells"][0]["url"]


def test_many_amounts_take_their_currency_along(company, monkeypatch):
    company.uses("USD")
    for module in (bulk, bulk_asks):
        monkeypatch.setattr(module, "bulk_paths", lambda spec, book: ("amount",))
    rows = [_deal(company.anna, currency=currency) for currency in ("CNY", "USD")]
    window, url = browser(company.boss), "/opportunities/bulk/edit/"
    sent = {"tick": [row.pk for row in rows]}
    assert read(window.post(url, sent)).form(url).values()["amount_currency"] == ""
    for amount, chosen, currencies in (("5", "", ["CNY", "USD"]), ("6", "USD", ["USD", "USD"])):
        typed = {"confirmed": "1", "amount": amount, "amount_currency": chosen}
        assert window.post(url, sent | typed).status_code == 303
        stored = [Opportunity.rows(SYSTEM).get(pk=row.pk) for row in rows]
        assert {one.amount for one in stored} == {Decimal(amount)}
        assert [one.amount_currency for one in stored] == currencies


def test_a_currency_is_a_condition_everywhere(company, reader):
    company.uses("USD")
    dollars = _deal(company.anna, amount="1", currency="USD")
    _deal(company.anna, amount="1")
    page = browser(company.boss).get("/opportunities/", {"amount_currency": "USD"})
    assert [row["id"] for row in page.context["table"]["rows"]] == [dollars.pk]
    assert [chip["label"] for chip in page.context["conditions"]["active"]] == [
        "金额币种 属于 美元"
    ]
    asked = {"filter": '["amount_currency", "in", ["USD"]]'}
    told = api_client(company.boss).get("/api/v1/opportunities", asked).json()
    assert [row["id"] for row in told["items"]] == [dollars.pk]
    # Whoever may not read the amount may not ask for its currency either.
    rules = [("sales.opportunity", "amount", "masked", "masked")]
    blind = company.person("看不到金额", SEES_DEALS, rules=rules)
    answer = api_client(blind).get("/api/v1/opportunities", asked)
    assert answer.status_code == 400
    page = browser(blind).get("/opportunities/", {"amount_currency": "USD"})
    assert len(page.context["table"]["rows"]) == 2


def test_board_weighs_only_by_what_may_be_read(company):
    _deal(company.anna)
    grants = {("sales.opportunity", "view"): "all", ("terms", "view"): "all"}
    rules = (("sales.stage", "win_rate", "hidden", "hidden"),)
    for person, weighs in (
        (company.looker, True),
        (company.person("无赢率", grants, rules=rules), False),
    ):
        columns = browser(person).get("/opportunities/board/").context["board"]["columns"]
        assert bool(next(one for one in columns if one["count"])["weighted"]) is weighs


def test_a_long_table_says_that_it_is_cut(company, monkeypatch):
    monkeypatch.setattr(measure, "MAX_GROUPS", 2)
    people = [company.person(f"销售{number}", {}) for number in range(4)]
    for number, person in enumerate(people):
        for _time in range(number + 1):
            _deal(person)
    client = browser(company.boss, language="en")
    stats = client.get("/opportunities/statistics/", {"by": "owner"}).context["stats"]
    assert [row["cells"][0]["text"] for row in stats["rows"]] == ["4", "3"]
    assert stats["note"] == "The 2 largest of 4 figures. The totals count all of them."
    assert stats["total"]["cells"][0]["text"] == "10"
    asked = {"by": "owner", "measure": "amount"}
    stats = client.get("/opportunities/statistics/", asked).context["stats"]
    assert stats["total"]["cells"][0]["text"] == "1,000.00"
    monkeypatch.setattr(measure, "MAX_GROUPS", 4)
    assert not client.get("/opportunities/statistics/", {"by": "owner"}).context["stats"]["note"]


def test_searches_are_counted_up_to_a_limit(company, monkeypatch):
    for module in (listings, lists):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)
    for number in range(4):
        _customer(company.anna, f"江南机械{number}")
    client = browser(company.boss, language="en")
    pager = client.get("/customers/", {"q": "江南"}).context["pager"]
    assert (pager["total"], pager["more"], pager["pages"]) == (2, True, None)
    assert "more than 2 records" in client.get("/customers/total/", {"q": "江南"}).content.decode()
    pager = client.get("/customers/", {"q": "江南机械3"}).context["pager"]
    assert (pager["total"], pager["more"], pager["pages"]) == (1, False, 1)
    assert (
        client.get("/customers/").context["pager"]["total"] == Customer.rows(SYSTEM).live().count()
    )
