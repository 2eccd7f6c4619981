"""Where the table of a workbook stands: behind a cover, below a title, on another sheet."""

from io import BytesIO

import pytest
import xlsxwriter

from guanxi.exchange.models import Import
from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer
from guanxi.testing.html import read
from guanxi.testing.imports import carry_out, try_as_proposed, upload

BOOK = {
    "说明": [["请勿外传"]],
    "华东": [["2026年客户"], ["客户名称", "注册资本（万元）"], ["甲公司", 500], ["乙公司", "2亿"]],
    "华南": [["内部", "资料"], ["公司", "行业"], ["丙公司", ""]],
}


@pytest.fixture
def imported(window):
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in BOOK.items():
            page = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                page.write_row(line, 0, cells)
    return upload(window, window.person, "customers", buffer.getvalue())


def header():
    return Import.objects.get().profile["header"]


def test_a_cover_and_a_title_are_passed_over(window, imported):
    assert (imported.profile["sheet"], imported.profile["header_line"]) == ("华东", 2)
    imported = carry_out(window, try_as_proposed(window, imported))
    assert imported.counts == {"created": 2}
    capitals = Customer.rows(system_actor("test")).values_list("registered_capital", flat=True)
    assert sorted(capitals) == [5_000_000, 200_000_000]


def test_another_sheet_and_another_heading_are_chosen(window, imported):
    address = f"/import/{imported.pk}/place/"
    window.post(address, {"sheet": "华南", "header_line": "2"})
    assert header() == ["内部", "资料"]
    window.post(address, {"sheet": "华南", "header_line": "2"})
    assert header() == ["公司", "行业"]
    imported.refresh_from_db()
    imported = carry_out(window, try_as_proposed(window, imported))
    assert imported.counts == {"created": 1}
    window.post(address, {"sheet": "华东"})
    assert header() == ["公司", "行业"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sheet": "华北"}, "没有名为“华北”的工作表"),
        ({"sheet": "华东", "header_line": "x"}, "要填数字"),
        ({"sheet": "华东", "header_line": "99"}, "99"),
        ({"sheet": "说明"}, "只有表头"),
    ],
)
def test_a_place_without_a_table_is_answered_in_words(window, imported, wrong, words):
    window.post(f"/import/{imported.pk}/place/", wrong)
    assert words in read(window.get(f"/import/{imported.pk}/mapping/")).text()
    assert header() == BOOK["华东"][1]
