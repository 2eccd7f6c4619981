"""Exports: what the list shows to this person, no more."""

import csv
from io import StringIO

import pytest

from guanxi.exchange import exports
from guanxi.exchange.models import Export
from guanxi.exchange.reading import open_table
from guanxi.testing.html import links_to, read
from guanxi.testing.imports import bring, work_off_jobs
from guanxi.testing.people import Company, browser

TABLE = "客户名称,人数,手机\n甲公司,12,13812567790\n=乙公司,30,\n"


@pytest.fixture
def company(db):
    company = Company()
    bring(company.boss, "customers.customer", TABLE)
    return company


def table_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_list_becomes_a_table(company, tmp_path):
    window = browser(company.boss)
    assert list(links_to(window.get("/customers/"), "/export/customers/"))
    page = read(window.get("/export/customers/")).text()
    assert "共 2 行" in page
    rows = table_of(window.post("/export/customers/", {"format": "csv"}))
    assert rows[0][0] == "客户名称"
    assert {row[0] for row in rows[1:]} == {"甲公司", "'=乙公司"}
    response = window.post("/export/customers/", {"format": "xlsx"})
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"".join(response.streaming_content))
    assert [row.cells[0] for row in open_table(path).rows()] == ["=乙公司", "甲公司"]


def test_conditions_and_order_of_the_list_count(company):
    window = browser(company.boss)
    rows = table_of(window.post("/export/customers/?q=甲", {"format": "csv"}))
    assert [row[0] for row in rows[1:]] == ["甲公司"]


def test_only_rows_within_reach_and_only_with_the_right(company):
    grants = {("records", verb): "own" for verb in ("view", "export")} | {("terms", "view"): "all"}
    stranger = browser(company.person("外人", grants))
    assert len(table_of(stranger.post("/export/customers/", {"format": "csv"}))) == 1
    looker = browser(company.looker)
    assert looker.get("/export/customers/").status_code == 404
    assert looker.post("/export/customers/", {"format": "csv"}).status_code == 404
    assert browser(company.boss).get("/export/no-such-thing/").status_code == 404


def test_masked_values_stay_masked(company):
    rules = [("customers.customer", "channels", "masked", "masked")]
    grants = {("records", verb): "all" for verb in ("view", "export")} | {("terms", "view"): "all"}
    window = browser(company.person("掩码", grants, rules=rules))
    rows = table_of(window.post("/export/customers/", {"format": "csv"}))
    text = "\n".join(",".join(row) for row in rows)
    assert "13812567790" not in text.replace(" ", "")


def test_amounts_go_out_and_come_in_with_their_currency(company):
    deals = "商机标题,金额,币种\n内销,100,\n外销,200,美元\n德国,300,EUR\n英国,400,英镑\n"
    company.uses("USD", "EUR")
    imported = bring(company.boss, "sales.opportunity", deals)
    assert imported.counts == {"created": 3, "refused": 1}
    window = browser(company.boss)
    header, *rows = table_of(window.post("/export/opportunities/", {"format": "csv"}))
    at = header.index("金额")
    assert header[at + 1] == "金额币种"
    assert {tuple(row[at : at + 2]) for row in rows} == {
        ("100", "人民币"), ("200", "美元"), ("300", "欧元"),
    }  # fmt: skip
    company.uses()
    assert "金额币种" not in table_of(window.post("/export/opportunities/", {"format": "csv"}))[0]
    abroad = "商机标题,金额,币种\n美国,500,USD\n"
    assert bring(company.boss, "sales.opportunity", abroad).counts == {"refused": 1}


def test_a_long_list_is_exported_in_a_job(company, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    window = browser(company.boss)
    response = window.post("/export/customers/", {"format": "csv"})
    exported = Export.objects.get()
    assert response["Location"] == f"/export/{exported.pk}/"
    work_off_jobs()
    assert len(table_of(window.get(f"/export/{exported.pk}/?file=1"))) == 3
    assert browser(company.anna).get(f"/export/{exported.pk}/").status_code == 404
