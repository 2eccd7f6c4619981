"""What broke on our side is told on a page that needs nothing of what may have broken."""

import pytest
from django.db import OperationalError
from django.test import Client

from guanxi.testing.people import Company, browser

pytestmark = pytest.mark.django_db


def _fail(*_given, **_named):
    raise OperationalError("no database")


@pytest.mark.parametrize("where", ["people.signin.person_of_user", "pages.lists.listing"])
def test_without_a_database_a_person_reads_a_code_for_support(monkeypatch, caplog, where):
    client = browser(Company().boss)
    client.raise_request_exception = False
    monkeypatch.setattr(f"guanxi.{where}", _fail)
    page = client.get("/customers/")
    assert page.status_code == 500
    text = page.content.decode()
    assert "系统出了点问题" in text
    code = text.partition('data-copy="')[2].partition('"')[0]
    assert code and any(code in line.getMessage() for line in caplog.records)


def test_a_stranger_is_told_as_calmly(monkeypatch):
    monkeypatch.setattr("guanxi.people.middleware.known", _fail)
    client = Client(raise_request_exception=False)
    assert client.get("/accounts/login/").status_code == 500
