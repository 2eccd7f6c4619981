"""What an import asks of the database goes by its chunks, not by its rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.testing.imports import bring
from guanxi.testing.people import Company

#: Without what is done by a rule, such as another stage: that goes row by row.
TABLES = {
    "customers.customer": ("客户名称,手机,行业,级别", "公司{n},138{n:08},制造业,A 重点"),
    "contacts.contact": ("姓名,客户,手机", "王{n},甲公司,139{n:08}"),
    "sales.opportunity": ("商机名称,客户,金额", "采购{n},甲公司,{n}00"),
    "activities.communication": ("客户,交流类型,交流内容", "甲公司,电话,谈到{n}"),
    "activities.plan": ("客户,计划类型,计划名称,计划日期", "甲公司,回访,计划{n},2026-12-01"),
}


@pytest.fixture
def boss(db):
    boss = Company().boss
    bring(boss, "customers.customer", "客户名称\n甲公司\n")
    return boss


def statements(boss, key, first, last):
    header, line = TABLES[key]
    rows = [line.format(n=n) for n in range(first, last)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        imported = bring(boss, key, "\n".join([header, *rows]))
    assert imported.counts == {"created": last - first}
    return len(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("key", TABLES)
def test_more_rows_ask_no_more(boss, key):
    statements(boss, key, 10, 12)
    few = statements(boss, key, 20, 40)
    assert statements(boss, key, 100, 190) <= few + 2
