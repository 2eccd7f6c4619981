import json

import pytest

from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.testing.people import SYSTEM, actor, api_client
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db


def test_custom_values_are_used_like_native_ones(company):
    values = {"object": "customers.customer", "name": "合同数", "kind": "integer"}
    path = f"f{create_record(SYSTEM, spec('custom.customfield'), values).pk}"
    rows = [make(spec("customers.customer"), actor(company.boss), number) for number in (0, 1)]
    api = api_client(company.boss)
    for row, count in zip(rows, (7, 3), strict=True):
        url = f"/api/v1/customers/{row.pk}"
        answer = api.patch(url, {path: count}, content_type="application/json")
        assert (answer.status_code, answer.json()[path]) == (200, count)
        wrong = api.patch(url, {path: "many"}, content_type="application/json")
        assert wrong.json()["errors"][0]["field"] == path
    asked = {"filter": json.dumps([path, "filled"]), "order": path, "fields": path}
    listed = api.get("/api/v1/customers", asked).json()["items"]
    assert [row[path] for row in listed] == [3, 7]
    described = api.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert described["Customer"]["properties"][path]["title"] == "合同数"
    assert path in described["CustomerInput"]["properties"]
