"""What a program is told when the record it makes looks like one that is here."""

import json

import pytest
from openapi_spec_validator import validate

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.testing.imports import bring, reasons
from guanxi.testing.people import actor, api_client, browser

CUSTOMERS = "/api/v1/customers"
CUSTOMER = registry.spec("customers.customer")
MOBILE = {"kind": "mobile", "value": "13800138000"}
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def known(company):
    """A customer of Anna's, whom Ben does not see."""
    raw = {"name": "远山精密有限公司", "channels": [MOBILE]}
    return create_record(actor(company.anna), CUSTOMER, raw)


def post(person, body, address=CUSTOMERS, **headers):
    client = api_client(person)
    return client.post(address, body, content_type="application/json", headers=headers)


def count(company):
    return CUSTOMER.model.rows(actor(company.boss)).count()


def test_who_sees_the_other_is_told_which_and_by_what(company, known):
    answer = post(company.anna, {"name": "远山精密 有限责任公司", "channels": [MOBILE]})
    assert answer.status_code == 409
    told = answer.json()
    assert told["code"] == "possible_duplicates"
    why = "客户名称相同或相近、电话号码相同"
    assert told["alike"] == [{"id": known.pk, "title": "远山精密有限公司", "why": why}]
    assert count(company) == 1


def test_who_does_not_see_it_learns_neither_name_nor_id(company, known):
    answer = post(company.ben, {"name": "另一家", "channels": [MOBILE]})
    assert answer.status_code == 409
    assert answer.json()["alike"] == [{"id": None, "title": None, "why": "电话号码相同"}]
    assert "远山" not in answer.content.decode()


def test_it_is_made_where_the_program_says_it_is_another(company, known):
    body = {"name": "远山精密有限公司", "channels": [MOBILE]}
    key = {"Idempotency-Key": "erp-1"}
    assert post(company.boss, body, **key).status_code == 409
    assert post(company.boss, body, f"{CUSTOMERS}?not_alike=1", **key).status_code == 201
    assert count(company) == 2


def test_objects_without_duplicates_do_not_know_the_word(company):
    answer = post(company.boss, {"name": "展会"}, "/api/v1/customer-sources?not_alike=1")
    assert answer.status_code == 400


def test_the_description_knows_parameter_and_answer(company):
    described = api_client(company.boss).get("/api/v1/openapi.json").json()
    validate(described)
    made = described["paths"][CUSTOMERS]["post"]
    assert {"$ref": "#/components/parameters/NotAlike"} in made["parameters"]
    assert "409" in made["responses"]
    other = described["paths"]["/api/v1/customer-sources"]["post"]
    assert "NotAlike" not in json.dumps(other)


def test_form_and_file_say_by_what_rows_are_alike(company, known):
    sent = {
        "name": "另一家",
        "channels-TOTAL": 1,
        "channels-0-kind": "mobile",
        "channels-0-value": "138 0013 8000",
        "form_token": "x" * 24,
    }
    for person, named in ((company.anna, True), (company.ben, False)):
        page = browser(person).post("/customers/new/", sent).content.decode()
        assert "电话号码相同" in page
        assert ("远山" in page) is named
    table = "客户名称,手机\n甲方电子,13800138000\n乙方机械,13900139000\n丙方,13900139000\n"
    told = reasons(bring(company.boss, CUSTOMER.key, table))
    assert told == {
        2: "与已有的“远山精密有限公司”疑似重复：电话号码相同。",
        4: "与本文件第 3 行疑似重复：电话号码相同。",
    }
