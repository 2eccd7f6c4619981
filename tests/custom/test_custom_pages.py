"""From the page of definitions to form, list, query, statistics and timeline of the object."""

import pytest
from django.test import Client

from guanxi.kernel import registry
from guanxi.people.models import FieldRule
from guanxi.testing.html import Reader

pytestmark = pytest.mark.django_db

DEFINITIONS = "/custom-fields/"


@pytest.fixture
def visit(person):
    """visit(rules=...) is a browser of somebody who administers."""

    def visit(name="管理员", rules=()):
        client = Client()
        client.force_login(person(name, rules=rules).user)
        return client

    return visit


def words(response):
    return Reader(response.content.decode()).text()


def add_field(client, **words):
    raw = {"object": "customers.customer", "asked": "1"} | words
    options = raw.pop("options", ())
    response = client.post(f"{DEFINITIONS}new/", raw)
    assert response.status_code == 303, words
    url = response.headers["Location"]
    number = url.strip("/").split("/")[-1]
    for name in options:
        made = client.post("/custom-options/new/", {"field": number, "name": name})
        assert made.status_code == 303, name
    if options:
        assert client.post(f"{url}enable/").status_code == 303
    return f"f{number}"


@pytest.fixture
def choice():
    return {"kind": "choice", "name": "合作意愿", "options": ("强", "弱")}


def new_customer(client, **raw):
    response = client.post("/customers/new/", {"name": "甲公司"} | raw)
    assert response.status_code == 303
    return response.headers["Location"]


def test_a_new_field_is_everywhere_at_once(visit, terms, choice):
    client = visit()
    number = add_field(client, name="年采购量", kind="integer", section="采购")
    intent = add_field(client, **choice)
    form = client.get("/customers/new/")
    assert {"采购", "补充信息", "年采购量", "合作意愿"} <= set(words(form).split())
    url = new_customer(client, **{number: "1,200", intent: "o002"})
    assert "1,200" in words(client.get(url))
    assert f"{url}field/{number}/" in client.get(url).content.decode()
    assert client.post(f"{url}field/{number}/", {number: "1300"}).status_code == 303
    assert "1,300" in words(client.get(f"{url}timeline/"))
    client.post("/customers/columns/", {"column": ["name", number, intent]})
    assert {"年采购量", "1,300", "弱"} <= set(words(client.get("/customers/")).split())


@pytest.mark.parametrize(
    ("query", "found"),
    [("{n}_from=1000", True), ("{n}_to=1000", False), ("{c}=o002", True), ("{c}=o001", False)],
)
def test_query_conditions(visit, terms, choice, query, found):
    client = visit()
    number = add_field(client, name="年采购量", kind="integer")
    intent = add_field(client, **choice)
    client.get(new_customer(client, **{number: "1200", intent: "o002"}))
    page = client.get(f"/customers/?{query.format(n=number, c=intent)}")
    assert ("甲公司" in words(page)) is found
    assert "年采购量" in words(page)


def test_only_those_marked_are_query_conditions(visit, terms):
    client = visit()
    path = add_field(client, name="备注2", kind="text", asked="")
    assert f'name="{path}"' not in client.get("/customers/").content.decode()
    assert f'name="{path}"' in client.get("/customers/new/").content.decode()


def test_statistics_group_and_sum(visit, terms, choice):
    client = visit()
    number = add_field(client, name="年采购量", kind="integer")
    intent = add_field(client, **choice)
    for amount in ("100", "250"):
        new_customer(client, **{number: amount, intent: "o001", "name": f"客户{amount}"})
    page = client.get(f"/customers/statistics/?measure={number}&by={intent}")
    assert {"强", "350"} <= set(words(page).split())


def test_what_somebody_may_not_see_is_on_no_page(visit, terms):
    path = add_field(visit(), name="年采购量", kind="integer")
    url = new_customer(visit("另一位"), **{path: "1200"})
    rules = [FieldRule(object="customers.customer", field=path, mine="hidden", others="hidden")]
    client = visit("看不到的", rules=rules)
    addresses = ["/customers/", "/customers/new/", url, f"{url}edit/", f"{url}timeline/"]
    addresses += [f"/customers/?sort={path}", "/customers/columns/", "/customers/statistics/"]
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        assert "年采购量" not in words(page), address
        assert "1,200" not in words(page), address
    assert client.get(f"{url}field/{path}/").status_code == 403
    assert client.get(f"/customers/statistics/?by={path}").status_code == 200


def test_type_is_shown_but_not_asked_again(visit, terms):
    client = visit()
    path = add_field(client, name="备注2", kind="text")
    page = client.get(f"{DEFINITIONS}{path[1:]}/edit/").content.decode()
    assert 'name="kind"' not in page
    assert client.get(f"{DEFINITIONS}{path[1:]}/field/kind/").status_code == 404
    again = client.post(
        f"{DEFINITIONS}{path[1:]}/edit/", {"version": "1", "name": "备注三", "asked": "1"}
    )
    assert again.status_code == 303
    assert "备注三" in words(client.get("/customers/new/"))


def test_wrong_values_keep_what_was_typed(visit, terms):
    client = visit()
    path = add_field(client, name="年采购量", kind="integer")
    page = client.post("/customers/new/", {"name": "甲公司", path: "很多"})
    assert page.status_code == 422
    assert 'value="很多"' in page.content.decode()
    assert registry.spec("customers.customer").model._all.count() == 0


def test_copying_takes_the_values_along(visit, terms):
    client = visit()
    path = add_field(client, name="备注2", kind="text")
    url = new_customer(client, **{path: "照抄"})
    form = client.get(f"/customers/new/?copy={url.strip('/').split('/')[1]}")
    assert 'value="照抄"' in form.content.decode()
