import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from guanxi.exchange.reading import BadCell, Limits, ReadFault, digits_lost, open_table
from guanxi.exchange.reading.scans import cell_name, letters, position

OLD = Path(__file__).parent / "files" / "old.xls"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "calcext")
)


def workbook(fill, sheets=("客户",)):
    """Bytes of an XLSX that ``fill(book, pages)`` fills."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book, [book.add_worksheet(name) for name in sheets])
    return buffer.getvalue()


def with_sheet(rows):
    """Bytes of an XLSX whose only sheet has this XML for rows."""
    plain = workbook(lambda book, pages: pages[0].write(0, 0, 1))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, SHEET.format(rows=rows) if "sheet1" in name else content)
    return buffer.getvalue()


def ods(rows, manifest="<m/>"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", 8) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="客户">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def ods_row(*texts, repeat=1):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        for t in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{cells}</table:table-row>'


def ole(name, content):
    """Bytes of an OLE2 file with one stream, small ones in the small-stream area."""
    small = len(content) < 4096
    area = content.ljust(-(-len(content) // 512) * 512, b"\0")
    count = len(area) // 512
    chain = [*range(3, 2 + count), 0xFFFFFFFE]
    numbers = [0xFFFFFFFD, 0xFFFFFFFE, *chain]
    minis = [*range(1, -(-len(content) // 64)), 0xFFFFFFFE]
    if small:
        numbers.append(0xFFFFFFFE)
    table = struct.pack("<128I", *numbers, *[0xFFFFFFFF] * (128 - len(numbers)))
    entries = b""
    for title, kind, start, size in (
        ("Root Entry", 5, 2 if small else 0xFFFFFFFE, len(area) if small else 0),
        (name, 2, 0 if small else 2, len(content)),
    ):
        text = (title + "\0").encode("utf-16-le")
        entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        entry += struct.pack("<3I", 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF, 0xFFFFFFFF)
        entries += entry + b"\0" * (116 - len(entry))
        entries += struct.pack("<3I", start, size, 0)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<6I", 0, 1, 1, 0, 4096, 2 + count if small else 0xFFFFFFFE)
    head += struct.pack("<3I", int(small), 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    head += b"\xff" * (512 - len(head))
    body = table + entries.ljust(512, b"\0") + area
    if small:
        body += struct.pack("<128I", *minis, *[0xFFFFFFFF] * (128 - len(minis)))
    return head + body


def record(kind, data=b""):
    return struct.pack("<2H", kind, len(data)) + data


def biff(*cells, extra=b""):
    """The record stream of an .xls with one sheet of these cell records."""
    bof = record(0x809, struct.pack("<6H", 0x600, 5, 0, 0, 0, 0) + bytes(4))
    name = b"\x02\x00S1"
    length = len(bof) + len(extra) + 4 + 6 + len(name) + 4
    sheet = record(0x85, struct.pack("<IH", length, 0) + name)
    inner = record(0x809, struct.pack("<6H", 0x600, 0x10, 0, 0, 0, 0) + bytes(4))
    return bof + extra + sheet + record(0x0A) + inner + b"".join(cells) + record(0x0A)


def number(row, column, value):
    return record(0x203, struct.pack("<3Hd", row, column, 0, value))


def code_of(path, **options):
    with pytest.raises(ReadFault) as caught:
        list(open_table(path, **options).rows())
    assert "%(" not in caught.value.message
    return caught.value.code


def test_cells_keep_their_kind(made):
    def fill(book, pages):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page = pages[0]
        page.write_row(0, 0, ["电话", "金额", "日期", "时刻", "真", "公式", "文字", "小数"])
        page.write_row(1, 0, [13812345678, 1100.04])
        page.write_datetime(1, 2, dt.date(2024, 1, 2), day)
        page.write_datetime(1, 3, dt.datetime(2024, 1, 2, 3, 4), moment)
        page.write_boolean(1, 4, True)
        page.write_formula(1, 5, "=1+1", None, 2)
        page.write_string(1, 6, "=1+1")
        page.write_number(1, 7, 0.1)

    (row,) = open_table(made(workbook(fill))).rows()
    moment = dt.datetime(2024, 1, 2, 3, 4)
    assert row.cells == [*(13812345678, 1100.04, dt.date(2024, 1, 2), moment, True, 2, "=1+1", 0.1)]
    assert [type(c) for c in row.cells[:2]] == [int, float]
    assert not digits_lost(row.cells[0])


def test_long_codes_kept_as_numbers_show_that_digits_are_lost(made):
    def fill(book, pages):
        pages[0].write_row(0, 0, ["信用代码", "电话"])
        pages[0].write_row(1, 0, [914403001922038216, 13812345678])

    (row,) = open_table(made(workbook(fill))).rows()
    assert [digits_lost(cell) for cell in row.cells] == [True, False]


def test_error_cells_are_told_apart_from_blank_ones(made):
    def fill(book, pages):
        page = pages[0]
        page.write_row(2, 1, ["名称", "金额", "比例"])
        page.write_row(3, 1, ["甲", 1, 2])
        page.write_string(4, 1, "乙")
        page.write_formula(4, 2, "=NA()", None, "#N/A")
        page.write_formula(4, 3, "=A1/0", None, "#DIV/0!")
        page.write_formula(6, 3, "=X1", None, "#REF!")

    table = open_table(made(workbook(fill)))
    rows = list(table.rows())
    assert table.header == ["(A)", "名称", "金额", "比例"]
    assert [row.line for row in rows] == [4, 5, 7]
    assert rows[1].cells[2:] == [BadCell("#N/A"), BadCell("#DIV/0!")]
    assert rows[2].cells == ["", "", "", BadCell("#REF!")]
    assert "#REF!" in rows[2].cells[3].reason


def test_the_first_visible_sheet_with_values_is_taken(made):
    def fill(book, pages):
        for page, text in ((pages[1], "hidden"), (pages[2], "shown")):
            page.write_column(0, 0, ["名称", text])
        pages[0].activate()
        pages[1].hide()

    path = made(workbook(fill, ("空", "藏", "客户 & 联系人")))
    table = open_table(path)
    assert table.sheets == ("空", "藏", "客户 & 联系人")
    assert (table.sheet, [row.cells for row in table.rows()]) == ("客户 & 联系人", [["shown"]])
    assert [r.cells for r in open_table(path, sheet="藏").rows()] == [["hidden"]]
    assert code_of(path, sheet="没有") == "no_sheet"
    assert code_of(path, sheet="空") == "empty"


def test_a_value_in_the_farthest_cell_is_refused_before_it_is_loaded(made):
    def fill(book, pages):
        pages[0].write(0, 0, "名称")
        pages[0].write(1_048_575, 16_383, "x")

    with pytest.raises(ReadFault) as caught:
        open_table(made(workbook(fill)))
    assert caught.value.code == "too_many_cells"
    assert caught.value.params["cell"] == "XFD1048576"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576" x="/>"><v>1</v></c>',
        '<c s="0" r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c\nr="XFD1048576"><v>1</v></c>',
        '<x:c xmlns:x="y" r="XFD1048576"><x:v>1</x:v></x:c>',
    ],
)
def test_unusual_ways_to_write_a_far_cell_do_not_slip_through(made, cell):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">' + cell + "</row>"
    assert code_of(made(with_sheet(rows))) == "too_many_cells"


def test_cells_without_references_follow_each_other(made):
    def cell(text):
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    rows = f"<row>{cell('a')}{cell('b')}</row><row>{cell(1)}<c t='e'><v>#N/A</v></c></row>"
    (row,) = open_table(made(with_sheet(rows))).rows()
    assert row.cells == ["1", BadCell("#N/A")]


def test_styled_blank_cells_far_below_do_no_harm(made):
    def fill(book, pages):
        bold = book.add_format({"bold": True})
        pages[0].write_column(0, 0, ["名称", "甲"])
        for column in range(20):
            pages[0].write_blank(1_048_575, column, None, bold)

    assert [row.cells for row in open_table(made(workbook(fill))).rows()] == [["甲"]]


def test_archives_that_are_no_workbook(made):
    def archive(**files):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", 8) as target:
            for name, content in files.items():
                target.writestr(name.replace("__", "/"), content)
        return made(buffer.getvalue(), "x.xlsx")

    assert code_of(archive(readme="hello")) == "not_a_workbook"
    assert code_of(archive(word__document="x")) == "unsupported"
    assert code_of(archive(**{"xl/workbook.bin": "x"})) == "unsupported"
    assert code_of(archive(**{"xl/workbook.xml": "<workbook/>"})) in ("damaged", "empty")
    assert code_of(made(b"PK\x05\x06" + bytes(18))) == "not_a_workbook"


def test_a_truncated_workbook_is_damaged(made):
    whole = workbook(lambda book, pages: pages[0].write_column(0, 0, ["a"] * 500))
    for length in (30, len(whole) // 2, len(whole) - 30):
        assert code_of(made(whole[:length])) == "damaged"


def test_broken_xml_is_damaged(made):
    assert code_of(made(with_sheet('<row r="1"><c r="A1"><v>1'))) == "damaged"


def test_zip_bombs_are_not_unpacked(made):
    whole = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 100_000_000)
    assert len(whole) < 200_000
    assert code_of(made(whole)) == "zip_bomb"
    assert code_of(made(with_sheet("")), limits=Limits(unpacked=100)) == "zip_bomb"
    assert code_of(made(with_sheet("")), limits=Limits(parts=3)) == "zip_bomb"


def test_a_package_that_lies_about_its_size_is_caught(made):
    whole = bytearray(with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 9_000_000))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        info = next(i for i in archive.infolist() if "sheet1" in i.filename)
    size = struct.pack("<I", info.file_size)
    assert whole.count(size) == 2
    assert code_of(made(whole.replace(size, struct.pack("<I", 900)))) == "zip_bomb"


def test_old_workbooks(made):
    table = open_table(OLD)
    first, second = table.rows()
    assert (table.sheets, table.header_line) == (("客户", "空"), 3)
    assert table.header == ["名称", "电话", "建档日期", "金额", "信用代码", "备注"]
    assert first.cells[1:4] == [13812345678, dt.date(2024, 1, 2), 1100.04]
    assert digits_lost(first.cells[4])
    assert second.cells[5] == BadCell("#N/A")


def test_old_workbooks_small_and_large_streams(made):
    for count in (4, 300):
        content = biff(*(number(row, 0, row) for row in range(count)))
        assert (len(content) < 4096) == (count == 4)
        table = open_table(made(ole("Workbook", content)))
        assert [row.cells[0] for row in table.rows()] == list(range(1, count))


def test_old_workbooks_that_reach_too_far_or_are_locked(made):
    far = biff(number(0, 0, 1), number(65_535, 60_000, 1))
    assert code_of(made(ole("Workbook", far))) == "too_many_cells"
    locked = biff(number(0, 0, 1), extra=record(0x2F, bytes(6)))
    assert code_of(made(ole("Workbook", locked))) == "encrypted"
    assert code_of(made(ole("EncryptedPackage", b"x" * 100))) == "encrypted"
    assert code_of(made(ole("WordDocument", b"x" * 100))) == "unsupported"
    assert code_of(made(ole("Workbook", far)[:600])) == "damaged"
    assert code_of(made(OLD.read_bytes()[:2000])) == "damaged"


def test_ods(made):
    error = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>丙</text:p>'
        '</table:table-cell><table:table-cell office:value-type="string"'
        ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
        "</table:table-row>"
    )
    blank = '<table:table-row table:number-rows-repeated="1048000">'
    blank += "<table:table-cell/></table:table-row>"
    content = ods(ods_row("名称", "金额") + ods_row("甲", "1", repeat=2) + error + blank)
    table = open_table(made(content))
    assert (table.sheets, table.header) == (("客户",), ["名称", "金额"])
    assert [(r.line, r.cells) for r in table.rows()] == [
        (2, ["甲", "1"]),
        (3, ["甲", "1"]),
        (4, ["丙", BadCell("#DIV/0!")]),
    ]


def test_ods_that_repeats_without_end_or_is_locked(made):
    assert code_of(made(ods(ods_row("a", *"b" * 20, repeat=900_000)))) == "too_many_cells"
    locked = ods(ods_row("a"), manifest="<m><encryption-data/></m>")
    assert code_of(made(locked)) == "encrypted"


def test_a_field_over_the_limit_is_named_with_its_row(made):
    path = made(workbook(lambda book, pages: pages[0].write_column(0, 0, ["a", "b", "x" * 99])))
    with pytest.raises(ReadFault) as caught:
        list(open_table(path, limits=Limits(field=50)).rows())
    assert (caught.value.code, caught.value.line) == ("field_too_long", 3)


def test_a_reader_that_crashes_does_not_take_us_along(made):
    dimensions = record(0x200, struct.pack("<2I2HH", 0, 4_000_000_000, 0, 60_000, 0))
    content = ole("Workbook", biff(dimensions, number(0, 0, 1), number(1, 0, 1)))
    assert code_of(made(content)) == "unreadable"


def test_a_reader_that_takes_too_long_is_ended(made):
    content = workbook(lambda book, pages: pages[0].write_column(0, 0, ["a"] * 9))
    assert code_of(made(content), limits=Limits(seconds=0)) == "unreadable"


def test_cell_names():
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == "A Z AA ZZ AAA XFD".split()
    assert all(position(letters(n)) == n for n in range(16_384))
    assert cell_name(1_048_575, 16_383) == "XFD1048576"
