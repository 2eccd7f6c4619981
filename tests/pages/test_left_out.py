"""What a list address asks of fields that are closed to the reader is left out and said, in words
that tell no more than was typed."""

import json

import pytest

from guanxi.custom.rules import enable_field
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.testing.people import LOOK, SYSTEM, Company, api_client, browser
from guanxi.testing.samples import make_rows

pytestmark = pytest.mark.django_db
OPPORTUNITY, CUSTOMER = spec("sales.opportunity"), spec("customers.customer")
TREE = json.dumps(["amount", "ge", "1"])


@pytest.fixture
def company():
    company = Company()
    make_rows(OPPORTUNITY, SYSTEM, 3)
    return company


def reader(company, policy, field="amount", known=OPPORTUNITY):
    rules = [(known.key, field, policy, policy)]
    return company.person(f"{policy}的人", LOOK, rules=rules)


def notes(page):
    return list(page.context["errors"].values())


@pytest.mark.parametrize("path", ["", "board/", "statistics/"])
def test_a_closed_condition_is_named_as_far_as_it_is_known(company, path):
    url = f"/opportunities/{path}"
    asked = {"amount_from": "1", "amount_to": "5"}
    page = browser(reader(company, "hidden")).get(url, asked)
    assert notes(page) == ["条件“amount_from=1 amount_to=5”没有用上：不能按它查询。"]
    assert notes(page)[0] in page.text
    assert "金额" not in page.text
    page = browser(reader(company, "masked"), language="en").get(url, asked)
    assert notes(page) == ["The condition “Amount” was left out: you can't search by it."]
    assert notes(browser(reader(company, "readonly")).get(url, asked)) == []


def test_every_row_stays_and_nothing_is_filtered(company):
    page = browser(reader(company, "hidden")).get("/opportunities/", {"amount_from": "9" * 9})
    assert len(page.context["table"]["rows"]) == 3
    assert page.context["conditions"]["active"] == []


def test_hidden_is_as_good_as_not_there(company):
    client, api = browser(reader(company, "hidden")), api_client(reader(company, "masked"))
    hidden = notes(client.get("/opportunities/", {"where": TREE}))
    nothing = notes(client.get("/opportunities/", {"where": TREE.replace("amount", "amuont")}))
    assert [text.replace("amount", "amuont") for text in hidden] == nothing != []
    assert "金额" not in hidden[0]
    answer = api.get("/api/v1/opportunities", {"filter": TREE})
    assert (answer.status_code, "金额" in answer.text) == (400, True)


def test_an_order_that_is_not_kept_is_said(company):
    client = browser(reader(company, "hidden"))
    for order in ("amount", "-amount", "nothing"):
        page = client.get("/opportunities/", {"sort": order})
        assert notes(page) == [f"列表按平常的顺序排列：不能按“{order}”排序。"]
        assert "金额" not in page.text
    page = browser(reader(company, "masked")).get("/opportunities/", {"sort": "-amount"})
    assert notes(page) == ["列表按平常的顺序排列：不能按“金额”排序。"]
    assert notes(browser(company.boss).get("/opportunities/", {"sort": "-amount"})) == []


def test_a_hidden_custom_field_answers_like_one_that_is_not_there(company):
    words = {"object": CUSTOMER.key, "name": "底价", "kind": "integer", "asked": "1"}
    field = create_record(SYSTEM, spec("custom.customfield"), words)
    enable_field(SYSTEM, field)
    client = browser(reader(company, "hidden", f"f{field.pk}", CUSTOMER))
    for path in (f"f{field.pk}", "f999999"):
        page = client.get("/customers/", {f"{path}_from": "1"})
        assert notes(page) == [f"条件“{path}_from=1”没有用上：不能按它查询。"]
        assert "底价" not in page.text


def test_an_export_does_not_hold_more_than_was_asked_for(company):
    person = company.person(
        "带走的人",
        LOOK | {("*", "export"): "all"},
        rules=[(OPPORTUNITY.key, "amount", "hidden", "hidden")],
    )
    answer = browser(person).get("/export/opportunities/", {"amount_from": "1"})
    assert answer.status_code == 409
    assert "amount_from=1" in answer.text


def test_other_words_of_an_address_are_let_be(company):
    page = browser(company.boss).get("/opportunities/", {"from": "singlemessage", "utm": "x"})
    assert notes(page) == []
