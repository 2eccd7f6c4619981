"""What can be wrong with a request, and what protects the data from it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import validate

from guanxi.api.caller import FAILURES
from guanxi.kernel import registry
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.registry import spec
from guanxi.people.accounts import close_signin
from guanxi.people.models import ApiToken
from guanxi.people.tokens import open_token
from guanxi.testing.people import SYSTEM, actor, api_client, browser
from guanxi.testing.samples import make

CUSTOMERS = "/api/v1/customers"
CUSTOMER = spec("customers.customer")
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(company):
    return api_client(company.boss, language="en")


def post(client, body, url=CUSTOMERS, **headers):
    return client.post(url, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    "query, field",
    [
        ("foo=1", "foo"),
        ("q=%00", "q"),
        (f"q={'x' * 201}", "q"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=9999999999999999999999", "page"),
        ("page=2&after=xx", "page"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=10&page_size=20", "page_size"),
        ("after=xx", "after"),
        ("after=W3sidCI6MX0sMV0", "after"),
        ("order=nothing", "order"),
        ("order=name,name,name,name,name", "order"),
        ("fields=nothing", "fields"),
        ("fields=channels.value", "fields"),
        ("fields=" + ",".join(["name"] * 81), "fields"),
        ("total=yes", "total"),
        ("void=maybe", "void"),
        ("filter={", "filter"),
        ("filter=" + "[" * 5000, "filter"),
        ('filter=["name"]', "filter"),
        ('filter=["nothing","is",1]', "filter"),
        ('filter=["name","sounds like","x"]', "filter"),
        ('filter=["name","is","\\u0000"]', "filter"),
        ('filter=["channels.value","contains","\\ud800"]', "filter"),
        ('filter=["headcount","ge","1e999999999"]', "filter"),
        ('filter=["headcount","ge",{"a":1}]', "filter"),
        ('filter=["level","in",["x"]]', "filter"),
        ('filter=["owner.password","filled"]', "filter"),
        ('filter={"and":1}', "filter"),
    ],
)
def test_addresses_that_ask_for_nothing_known(api, query, field):
    answer = api.get(f"{CUSTOMERS}?{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "body, status",
    [
        ("{", 400),
        ("[1]", 400),
        ("\ufeff{}", 400),
        ('{"headcount": NaN}', 400),
        ('{"a":' * 3000, 400),
        ('{"headcount": ' + "9" * 5000 + "}", 400),
        ('{"headcount": 1e999999999}', 422),
        ('{"headcount": 1.5}', 422),
        ('{"headcount": true}', 422),
        ('{"name": 7}', 422),
        ('{"name": {"a": 1}}', 422),
        ('{"name": "a\\u0000b"}', 422),
        ('{"name": "\\ud800"}', 422),
        ('{"tags": [1]}', 422),
        ('{"tags": {"a": 1}}', 422),
        ('{"nature": 5}', 422),
        ('{"owner": [1]}', 422),
        ('{"owner": -1}', 422),
        ('{"owner": {"id": 1e3}}', 422),
        ('{"revenue_currency": "XYZ"}', 422),
        ('{"revenue_currency": 1}', 422),
        ('{"photo": {"id": 999999}}', 422),
        ('{"channels": {}}', 422),
        ('{"channels": [1]}', 422),
        ('{"channels": [{}]}', 422),
        ('{"channels": [{"id": "x", "value": "1"}]}', 422),
        ('{"channels": [{"id": 999999, "value": "13800138000"}]}', 422),
        ('{"channels": [{"value": "13800138000", "digits": "1"}]}', 422),
        ('{"channels": [' + ",".join(['{"value": "13800138000"}'] * 51) + "]}", 422),
        ('{"created_at": "2020-01-01", "extra": {}}', 422),
    ],
)
def test_bodies_that_can_not_be_taken(api, body, status):
    answer = api.generic("POST", CUSTOMERS, body, content_type="application/json")
    assert answer.status_code == status, answer.content
    problem = answer.json()
    assert problem["detail"]
    assert status == 400 or all(error["message"] for error in problem["errors"])


def test_a_body_too_large_or_of_another_kind(api):
    large = json.dumps({"remark": "字" * 600_000})
    assert api.generic("POST", CUSTOMERS, large, content_type="application/json").status_code == 413
    assert api.post(CUSTOMERS, "name=x", content_type="text/plain").status_code == 415
    assert api.post("/api/v1/uploads", "{}", content_type="application/json").status_code == 415
    assert api.put(CUSTOMERS, {}).status_code == 405
    assert api.put(CUSTOMERS, {})["Allow"] == "GET, POST"
    for url in (
        "/api/v1/nothing",
        "/api/v1/customers/",
        "/api/v1/customers/1/nothing",
        "/api/v1/x/y/z",
    ):
        answer = api.post(url)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_values_round_trip_and_null_empties(company, api):
    company.uses("USD")
    row = make(CUSTOMER, actor(company.boss), 0)
    url = f"{CUSTOMERS}/{row.pk}"
    shown = api.get(url).json()
    assert (shown["headcount"], shown["revenue_currency"]) == (row.headcount, "CNY")
    sent = {
        "headcount": None,
        "revenue": 1234567.25,
        "revenue_currency": "USD",
        "tags": [],
        "level": None,
    }
    after = api.patch(url, sent, content_type="application/json").json()
    assert {name: after[name] for name in sent} == sent | {"revenue": "1234567.25"}
    text = api.patch(
        url, {"headcount": "1,200", "level": shown["level"]}, content_type="application/json"
    )
    assert (text.json()["headcount"], text.json()["level"]) == (1200, shown["level"])


def test_who_has_no_valid_token(company, api):
    nobody = Client()
    answer = nobody.get(CUSTOMERS)
    assert (answer.status_code, answer.json()["code"]) == (401, "no_token")
    assert answer.json()["detail"].startswith("请带上令牌")
    for header in ("Bearer", "Bearer x", "Basic eDp5", f"Bearer {'x' * 9000}", "Bearer 令牌"):
        told = nobody.get(CUSTOMERS, headers={"Authorization": header.encode().decode("latin-1")})
        assert told.status_code == 401, header
    assert browser(company.boss).get(CUSTOMERS).status_code == 401, "a session is no token"
    assert browser(company.boss).post(CUSTOMERS).status_code == 401


def test_tokens_stop_with_time_and_person(company, token_of):
    text = token_of(company.anna)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get(CUSTOMERS).status_code == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(CUSTOMERS).status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(CUSTOMERS).status_code == 200
    anna = registry.spec("people.person").model.rows(SYSTEM).get(pk=company.anna.pk)
    close_signin(SYSTEM, anna)
    assert client.get(CUSTOMERS).status_code == 401
    text = token_of(company.ben)
    ben = registry.spec("people.person").model.rows(SYSTEM).get(pk=company.ben.pk)
    invalidate_record(SYSTEM, ben)
    assert open_token(text) is None


def test_only_the_digest_of_a_token_is_kept(company, token_of):
    text = token_of(company.anna)
    row = ApiToken.objects.get()
    assert text.startswith(row.prefix)
    assert text not in json.dumps({name: str(value) for name, value in vars(row).items()})
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert row.last_used_at is None
    client.get(CUSTOMERS)
    first = ApiToken.objects.get().last_used_at
    client.get(CUSTOMERS)
    assert ApiToken.objects.get().last_used_at == first is not None


def test_wrong_tokens_are_throttled_right_ones_are_not(company, api):
    wrong = Client(headers={"Authorization": "Bearer gx_guess"})
    answers = [wrong.get("/api/v1/me") for _try in range(FAILURES + 2)]
    assert [one.status_code for one in answers[:FAILURES]] == [401] * FAILURES
    assert answers[-1].status_code in (401, 429), "the minute may just have turned"
    assert any(
        one.status_code == 429 and int(one["Retry-After"]) <= 60 for one in answers[-2:]
    ) or (answers[-1].status_code == 401)
    assert api.get("/api/v1/me").status_code == 200


def test_what_the_description_says_is_valid(company):
    for person in (company.boss, company.anna, company.nobody):
        for language in ("en", "zh-hans"):
            document = api_client(person, language=language).get("/api/v1/openapi.json").json()
            validate(document)
    boss = api_client(company.boss).get("/api/v1/openapi.json").json()
    paths = boss["paths"]
    assert paths["/api/v1/opportunities/{id}/win"]["post"]["summary"] == "赢单"
    assert "requestBody" in paths["/api/v1/opportunities/{id}/lose"]["post"]
    assert boss["components"]["schemas"]["Customer"]["properties"]["name"]["title"] == "客户名称"
    looker = api_client(company.looker).get("/api/v1/openapi.json").json()
    assert "post" not in looker["paths"]["/api/v1/customers"]
    by_session = browser(company.boss).get("/api/v1/openapi.json").json()
    assert set(by_session["paths"]) == set(paths)


def test_the_pages_that_describe_it(company):
    for language, word in (("zh-hans", "开放接口"), ("en", "Programming interface")):
        client = browser(company.boss, language=language)
        assert word in client.get("/api/docs/").content.decode()
        page = client.get("/api/docs/opportunities/").content.decode()
        assert "/api/v1/opportunities/{id}/win" in page
    assert browser(company.nobody).get("/api/docs/customers/").status_code == 404


def test_no_object_hides_an_address_of_the_api():
    taken = {known.path for known in registry.specs()}
    assert not taken & {"me", "uploads", "docs", "openapi"}
    names = {"files", "invalidate", "restore", "transfer"}
    for known in registry.specs():
        assert not names & {function.info.name for function in known.actions}, known.key


def test_conditions_on_versions(company, api):
    row = make(CUSTOMER, actor(company.boss), 0)
    url = f"{CUSTOMERS}/{row.pk}"

    def patch(**headers):
        return api.patch(url, {"remark": "x"}, content_type="application/json", headers=headers)

    for header in ("nonsense", '"abc"', "3"):
        assert patch(**{"If-Match": header}).status_code == 400, header
    for header in ('W/"1-abc"', '"7", "1"', "*"):
        assert patch(**{"If-Match": header}).status_code in (200, 412), header
    assert patch().status_code == 200, "plain fields may be written without a condition"
    tag = api.get(url)["ETag"]
    assert api.get(url, headers={"If-None-Match": tag}).status_code == 304
    chinese = api.get(url, headers={"If-None-Match": tag, "Accept-Language": "zh-hans"})
    assert chinese.status_code == 200, "titles read differently in another language"
    head = api.head(url)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", tag)
    assert api.delete(url, headers={"If-Match": '"99"'}).status_code == 412
