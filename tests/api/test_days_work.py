"""A partner's program at work, over real HTTP: it knows the addresses and nothing of our code."""

import json

import pytest

from guanxi.people.tokens import revoke_token
from guanxi.testing.people import SELL
from guanxi.testing.samples import DOT

pytestmark = pytest.mark.django_db(transaction=True)


def first_id(api, path):
    return api.get(f"/{path}", params={"page_size": 1, "fields": "id"}).json()["items"][0]["id"]


def test_a_day_at_work(partner, company):
    api = partner(company.boss)
    assert api.get("/me").json()["person"]["title"] == "总管"
    made = _made_once(api)
    _channels_corrected(api, made.headers["Location"])
    _picture_sent(api, made.headers["Location"])


def _made_once(api):
    """Is the customer known already? No: so it is made, with its channels, and only once."""
    assert api.get("/customers", params={"q": "远山精密"}).json()["items"] == []
    new = {
        "name": "远山精密机械有限公司",
        "main_class": first_id(api, "customer-classes"),
        "headcount": 120,
        "revenue": 12500000.5,
        "tags": ["展会", "重点"],
        "channels": [
            {"kind": "mobile", "value": "13800138000", "remark": "王工"},
            {"kind": "email", "value": "wang@example.com"},
        ],
    }
    key = {"Idempotency-Key": "crm-sync-4711"}
    made = api.post("/customers", json=new, headers=key)
    assert made.status_code == 201, made.text
    again = api.post("/customers", json=new, headers=key)
    assert (again.status_code, again.json()) == (201, made.json())
    assert again.headers["ETag"] == made.headers["ETag"]
    assert api.post("/customers", json=new | {"name": "别的"}, headers=key).status_code == 422
    found = api.get("/customers", params={"q": "ysjm", "total": 1}).json()
    assert (found["total"], found["items"][0]["id"]) == (1, made.json()["id"])
    return made


def _channels_corrected(api, url):
    """The phone is corrected, with the version that was read; a second writer comes too late."""
    customer = api.get(url)
    assert customer.json()["revenue"] == "12500000.50"
    assert api.get(url, headers={"If-None-Match": customer.headers["ETag"]}).status_code == 304
    channels = customer.json()["channels"]
    channels[0]["value"] = "13900139000"
    seen = {"If-Match": customer.headers["ETag"]}
    changed = api.patch(url, json={"channels": channels}, headers=seen)
    assert changed.status_code == 200, changed.text
    after = [(one["value"], one["remark"]) for one in changed.json()["channels"]]
    assert after == [("13900139000", "王工"), ("wang@example.com", "")]
    late = api.patch(url, json={"headcount": 130}, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert late.headers["Content-Type"] == "application/problem+json"


def _picture_sent(api, url):
    """A picture goes up first, then the record names it; it comes back as it was."""
    kept = api.post("/uploads", files={"file": ("logo.png", DOT, "image/png")}).json()
    with_photo = api.patch(url, json={"photo": kept["id"]})
    assert with_photo.status_code == 200, with_photo.text
    assert api.get(with_photo.json()["photo"]["url"].removeprefix("/api/v1")).content == DOT


def test_walking_through_all_rows_while_somebody_writes(partner, company):
    api = partner(company.boss)
    kind = first_id(api, "customer-classes")
    for number in range(23):
        row = {"name": f"客户{number:02d}", "main_class": kind, "headcount": number or None}
        assert api.post("/customers", json=row).status_code == 201
    for order in ("-updated_at", "name", "headcount", "-headcount"):
        seen, page = [], "/customers"
        params = {"page_size": 5, "order": order, "fields": "name"}
        while page:
            answer = api.get(page, params=params).json()
            seen += [row["name"] for row in answer["items"]]
            page, params = answer["next"], None
        assert sorted(seen) == [f"客户{number:02d}" for number in range(23)], order
    many = {"and": [["headcount", "between", [5, 9]], {"not": ["name", "contains", "07"]}]}
    asked = {"filter": json.dumps(many), "order": "headcount", "total": 1, "fields": "headcount"}
    answer = api.get("/customers", params=asked).json()
    assert [row["headcount"] for row in answer["items"]] == [5, 6, 8, 9]
    assert answer["total"] == 4


def test_winning_an_opportunity(partner, company):
    api = partner(company.boss)
    made = api.post("/opportunities", json={"title": "产线改造", "amount": 880000})
    assert made.status_code == 201, made.text
    url = made.headers["Location"]
    wrong = api.post(f"{url}/win", json={"closed_on": "2026-02-30", "by": "me"})
    assert wrong.status_code == 422
    assert {error["field"] for error in wrong.json()["errors"]} == {"by"}
    wrong = api.post(f"{url}/lose", json={})
    assert [error["code"] for error in wrong.json()["errors"]] == ["required"]
    won = api.post(f"{url}/win", json={"closed_on": "2099-05-06"})
    assert won.status_code == 200, won.text
    assert won.json()["closed_on"] == "2099-05-06"
    twice = api.post(f"{url}/win", json={})
    assert (twice.status_code, twice.json()["detail"]) == (
        409,
        "Only an open opportunity can be closed.",
    )
    chinese = api.post(f"{url}/win", json={}, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert chinese.json()["detail"] == "只有进行中的商机才能赢单或输单。"
    assert api.patch(url, json={"stage": None}).status_code == 422


def test_a_token_ends(partner, company, token_of):
    api = partner(company.anna)
    assert api.get("/customers").status_code == 200
    revoke_token(company.anna, token_of.row.pk)
    ended = api.get("/customers")
    assert (ended.status_code, ended.json()["code"]) == (401, "bad_token")
    assert ended.headers["WWW-Authenticate"].startswith("Bearer")


def test_rights_are_those_of_the_person(partner, company):
    owner = partner(company.anna)
    kind = first_id(owner, "customer-classes")
    url = owner.post("/customers", json={"name": "安娜的客户", "main_class": kind}).headers[
        "Location"
    ]
    rules = [("customers.customer", "headcount", "masked", "hidden")]
    stranger = partner(company.person("卡尔", SELL, rules=rules))
    assert stranger.get(url).status_code == 404
    assert stranger.patch(url, json={"name": "我的"}).status_code == 404
    assert stranger.get("/customers", params={"total": 1}).json()["total"] == 0
    mine = stranger.post("/customers", json={"name": "卡尔的客户", "main_class": kind})
    assert mine.json()["headcount"] == ""
    assert (
        owner.post("/customers", json={"name": "x"}, headers={"Cookie": "a=b"}).status_code != 401
    )
