"""Custom fields as columns of files, in both directions."""

import csv
from io import StringIO

import pytest

from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer
from guanxi.testing.imports import bring, reasons
from guanxi.testing.people import Company, browser

pytestmark = pytest.mark.django_db

SYSTEM = system_actor("tests")
CUSTOMER = "customers.customer"
TABLE = "客户名称,年采购量,合作意愿,签约日期,备注2,折扣系数,已上门\n"


@pytest.fixture
def company(fields):
    return Company()


def test_a_file_fills_them_by_their_names(company, fields):
    lines = '甲公司,"1,200",强,2026/3/5,老客户,0.85,是\n乙公司,,,,,,\n'
    imported = bring(company.boss, CUSTOMER, TABLE + lines)
    assert imported.counts == {"created": 2}
    assert Customer.rows(SYSTEM).get(name="甲公司").extra == {
        fields.integer: 1200,
        fields.choice: "o001",
        fields.date: "2026-03-05",
        fields.text: "老客户",
        fields.text.replace("f", "k"): "lao ke hu",
        fields.decimal: 8500,
        fields.boolean: True,
    }
    assert Customer.rows(SYSTEM).get(name="乙公司").extra == {}


def test_the_same_file_again_changes_nothing(company):
    line = "甲公司,1200,强,2026-03-05,老客户,0.85,是\n"
    bring(company.boss, CUSTOMER, TABLE + line)
    again = bring(company.boss, CUSTOMER, TABLE + line)
    assert again.counts == {"unchanged": 1}


def test_what_does_not_fit_is_refused_with_its_name(company):
    good = "".join(f"客户{number},{number},强,,,,\n" for number in range(9))
    imported = bring(company.boss, CUSTOMER, TABLE + good + "甲公司,很多,强,,,,\n")
    assert imported.counts == {"created": 9, "refused": 1}
    assert "年采购量" in reasons(imported)[11]


def test_an_export_holds_the_chosen_ones(company, fields, add):
    add("甲公司", **{fields.integer: "1200", fields.choice: "弱", fields.date: "2026-03-05"})
    boss = browser(company.boss)
    chosen = ["name", fields.integer, fields.choice, fields.date]
    boss.post("/customers/columns/", {"column": chosen})
    file = boss.post("/export/customers/", {"format": "csv"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows == [
        ["客户名称", "年采购量", "合作意愿", "签约日期"],
        ["甲公司", "1200", "弱", "2026-03-05"],
    ]
