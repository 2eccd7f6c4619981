import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.exchange import writing
from guanxi.exchange.reading import ReadFault, open_table
from guanxi.exchange.writing import csv_pieces, refused_rows, write_csv, write_xlsx

# NUL ends files, and lone surrogates are no text.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ROWS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8)


@given(ROWS)
@settings(max_examples=60)
def test_what_is_written_as_csv_reads_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("wb") as target:
        write_csv(target, ["编号", "=甲", "乙"], [("n", *row) for row in rows])
    table = open_table(path, delimiter=",")
    assert table.header == ["编号", "=甲", "乙"]
    assert [row.cells for row in table.rows()] == [["n", *row] for row in rows]


@given(ROWS)
@settings(max_examples=12)
def test_what_is_written_as_xlsx_reads_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("xlsx") / "t.xlsx"
    write_xlsx(path, ["编号", "=甲", "乙"], [("n", *row) for row in rows])
    table = open_table(path)
    assert table.header == ["编号", "=甲", "乙"]
    assert [row.cells for row in table.rows()] == [["n", *row] for row in rows]


def test_formulas_are_harmless_in_csv():
    content = b"".join(csv_pieces(["a"], [["=1+1"], ["@x"], ["+86"], ["-5"], ["-a"], [-5]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split() == ["a", "'=1+1", "'@x", "'+86", "-5", "'-a", "-5"]


def test_kinds_survive_in_xlsx(tmp_path):
    path = tmp_path / "t.xlsx"
    day, moment = dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 3, 4, 5)
    values = [day, moment, Decimal("12.50"), 7, True, "007", "=1+1", 914403001922038216, None]
    write_xlsx(path, [f"c{n}" for n in range(9)], [values, ["x"] * 9])
    first = next(iter(open_table(path).rows()))
    assert first.cells == [*(day, moment, 12.5, 7, True, "007", "=1+1", "914403001922038216", "")]


def test_old_days_and_zones_become_text_in_xlsx(tmp_path):
    path = tmp_path / "t.xlsx"
    values = [dt.date(1850, 1, 1), dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC), Decimal("0.1") ** 30]
    write_xlsx(path, ["a", "b", "c"], [values])
    (row,) = open_table(path).rows()
    assert row.cells[:2] == ["1850-01-01", "2024-01-02 03:00:00+00:00"]
    assert Decimal(str(row.cells[2])) == values[2]


def test_a_text_too_long_for_xlsx_is_refused_not_cut():
    with pytest.raises(ReadFault) as caught:
        write_xlsx(io.BytesIO(), ["a"], [["ok"], ["x" * 32_768]])
    assert (caught.value.code, caught.value.line) == ("cell_too_long", 3)


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "XLSX_ROWS", 4)
    path = tmp_path / "t.xlsx"
    write_xlsx(path, ["编号"], [[n] for n in range(7)], sheet="客户")
    assert open_table(path).sheets == ("客户", "客户 (2)", "客户 (3)")
    numbers = []
    for sheet in open_table(path).sheets:
        table = open_table(path, sheet=sheet)
        assert table.header == ["编号"]
        numbers += [row.cells[0] for row in table.rows()]
    assert numbers == list(range(7))


def test_refused_rows_can_be_mended_and_read_again(tmp_path):
    path = tmp_path / "refused.csv"
    with path.open("wb") as target:
        rows = refused_rows([(["=甲", "+86 138"], "没有负责人"), (["乙", "1"], "重复")])
        write_csv(target, ["名称", "电话", str(writing.REASON)], rows)
    table = open_table(path)
    assert [row.cells[:2] for row in table.rows()] == [["=甲", "+86 138"], ["乙", "1"]]
    assert table.header[2] == writing.REASON


def test_large_tables_are_written_in_pieces():
    sizes = [len(piece) for piece in csv_pieces(["a"], (["x" * 100] for _ in range(5000)))]
    assert len(sizes) > 5
    assert max(sizes) < 2**18
