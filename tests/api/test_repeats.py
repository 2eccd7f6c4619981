"""Two requests with one key at the same moment, on both databases."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from guanxi.api.models import KeptAnswer
from guanxi.kernel.registry import spec
from guanxi.people.tokens import make_token
from guanxi.testing.people import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CUSTOMER = spec("customers.customer")
AT_ONCE = 4


def test_a_key_makes_one_record_however_many_ask_at_once(company):
    _row, token = make_token(company.boss, name="race", scope="write", days=1)
    kind = spec("customers.customerclass").model.rows(SYSTEM).first().pk
    start, answers = threading.Barrier(AT_ONCE), []

    def ask():
        client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "once"})
        start.wait()
        body = json.dumps({"name": "同时新建", "main_class": kind})
        answers.append(client.post("/api/v1/customers", body, content_type="application/json"))
        connection.close()

    threads = [threading.Thread(target=ask) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == AT_ONCE - 1
    assert CUSTOMER.model.rows(SYSTEM).filter(name="同时新建").count() == 1
    assert "同时新建" not in KeptAnswer.objects.get().body, "kept answers lie sealed"


def test_a_key_whose_request_failed_is_free_again(company):
    _row, token = make_token(company.boss, name="retry", scope="write", days=1)
    client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "again"})
    kind = spec("customers.customerclass").model.rows(SYSTEM).first().pk
    answers = [
        client.post("/api/v1/customers", json.dumps(body), content_type="application/json")
        for body in ({"name": ""}, {"name": "补好了", "main_class": kind})
    ]
    assert [answer.status_code for answer in answers] == [422, 201]
