from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from guanxi.exchange.reading import Limits, ReadFault, open_table
from guanxi.exchange.reading.encoding import common_big5, common_gb

CHINESE = "名称,城市,备注\n杭州星河示例商行,杭州,老客户介绍\n宁波青禾示例公司,宁波,展会认识\n"
TAIWANESE = "名稱,城市,備註\n臺北星河範例商行,臺北,老客戶介紹\n高雄青禾範例公司,高雄,展覽會認識\n"


def cells(path, **options):
    return [row.cells for row in open_table(path, **options).rows()]


def code_of(path, **options):
    with pytest.raises(ReadFault) as caught:
        cells(path, **options)
    assert "%(" not in caught.value.message
    return caught.value.code, caught.value.line


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE + "䶮㑇示例,𠮷野,€\n", "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (TAIWANESE, "big5", "big5"),
        ("name,city\nSociété Générale,Orléans\nMüller,Köln\n", "cp1252", None),
        ("姓名,电话\n张三,1\n", "gbk", "gb18030"),
        ("姓名,電話\n張三,1\n", "big5", "big5"),
    ],
)
def test_every_encoding_gives_the_same_text(made, text, written, named):
    table = open_table(made(text.encode(written)))
    lines = [line.split(",") for line in text.splitlines()]
    assert table.header == lines[0]
    assert [row.cells for row in table.rows()] == lines[1:]
    assert named is None or table.encoding == named


def test_utf16_with_its_mark_in_either_order(made):
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert open_table(made(mark + CHINESE.encode(encoding))).header == ["名称", "城市", "备注"]


@given(st.text(st.sampled_from(sorted(common_gb())), min_size=4, max_size=60))
def test_common_characters_in_gbk_are_read_as_written(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("gbk") / "t.csv"
    path.write_bytes(f"a,b\n1,客户{text}\n".encode("gb18030"))
    assert cells(path) == [["1", f"客户{text}"]]


@given(st.text(st.sampled_from(sorted(common_big5())), min_size=30, max_size=60))
def test_common_characters_in_big5_are_read_as_written(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("big5") / "t.csv"
    path.write_bytes(f"a,b\n1,客戶{text}\n".encode("big5"))
    assert open_table(path).encoding in ("big5", "gb18030")
    assert cells(path, encoding="big5") == [["1", f"客戶{text}"]]


def test_a_chosen_encoding_rules(made):
    path = made("姓名,电话\n张三,1\n".encode("gbk"))
    assert code_of(path, encoding="utf-8") == ("undecodable", 1)
    assert cells(path, encoding="gbk") == [["张三", "1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_far_down_is_named_with_its_line(made, encoding):
    row = "杭州星河示例商行,杭州\n".encode(encoding)
    content = "名称,城市\n".encode(encoding) + row * 60_000 + b"\xff,\xff\n" + row * 10
    assert code_of(made(content)) == ("undecodable", 60_002)


def test_a_file_of_two_encodings_is_refused(made):
    content = CHINESE.encode() * 20 + CHINESE.encode("gbk") * 3
    assert code_of(made(content)) == ("undecodable", 61)


def test_lines_count_with_every_kind_of_line_end(made):
    for end in ("\n", "\r\n", "\r"):
        content = end.join(["名称,城市", "甲,乙", "", "丙,丁"]).encode()
        assert [row.line for row in open_table(made(content)).rows()] == [2, 4]
        broken = content + end.encode() + b"\xff\xff,1"
        assert code_of(made(broken)) == ("undecodable", 5)


def test_a_row_that_spans_lines_is_called_by_its_first(made):
    content = b'a,b\n1,"x\ny\nz"\n\n2,w\n'
    assert [(r.line, r.cells) for r in open_table(made(content)).rows()] == [
        (2, ["1", "x\ny\nz"]),
        (6, ["2", "w"]),
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_found(made, delimiter):
    lines = [
        ["名称", "金额", "说明"],
        ["甲", "1,5", "x; y"],
        ["乙", "2,5", "z"],
        ["丙", "3", "a|b"],
    ]
    content = "\n".join(
        delimiter.join(f'"{c}"' if delimiter in c else c for c in line) for line in lines
    )
    table = open_table(made(content.encode()))
    assert table.delimiter == delimiter
    assert [row.cells for row in table.rows()] == lines[1:]


def test_a_list_of_one_column_needs_no_separator(made):
    assert cells(made("名称\n甲\n乙\n".encode())) == [["甲"], ["乙"]]


def test_the_hint_of_excel_is_no_row(made):
    table = open_table(made(b"sep=;\na;b\n1;2,5\n"))
    assert (table.header, table.header_line) == (["a", "b"], 2)
    assert [row.cells for row in table.rows()] == [["1", "2,5"]]


def test_titles_and_blank_rows_above_the_heading_are_passed_over(made):
    content = "客户名单（虚构）,,,\n\n制表：示例,,,\n名称,电话,电话,\n甲,1,2,\n,,,\n乙,3,4,\n"
    table = open_table(made(content.encode()))
    assert table.header == ["名称", "电话", "电话 (2)"]
    assert table.header_line == 4
    assert [row.line for row in table.rows()] == [5, 7]


def test_the_heading_can_be_chosen(made):
    path = made("甲,乙\n名称,城市\n丙,丁\n".encode())
    assert open_table(path, header_line=2).header == ["名称", "城市"]
    assert code_of(path, header_line=9) == ("no_header", 9)


def test_short_rows_are_filled_and_long_ones_are_faulty(made):
    rows = list(open_table(made(b"a,b\n1\n1,2,,\n1,2,3\n")).rows())
    assert [row.cells for row in rows] == [["1", ""], ["1", "2"], ["1", "2"]]
    assert [row.fault and row.fault.code for row in rows] == [None, None, "too_many_fields"]
    assert (rows[2].fault.line, rows[2].fault.params["found"]) == (4, 3)


def test_columns_without_a_title_are_called_by_their_letters(made):
    table = open_table(made(b"a,,b\n1,2,3,4\n1,2,3,4\n"))
    assert table.header == ["a", "(B)", "b", "(D)"]
    assert [row.fault for row in table.rows()] == [None, None]


def test_text_stays_as_typed(made):
    content = "名称,代码\n  甲 ,007\n=1+1,@x\n-,+86 138\n".encode()
    assert cells(made(content)) == [["  甲 ", "007"], ["=1+1", "@x"], ["-", "+86 138"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"a,b\n", "header_only"),
        (b"a,b\n,\n \n", "header_only"),
        (b"%PDF-1.7\n" + bytes(range(256)), "unsupported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "unsupported"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "unsupported"),
        (bytes(range(256)) * 40, "binary"),
        (b"<html><table><tr><td>1</td></tr></table>", "web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "web_page"),
    ],
)
def test_files_that_are_no_table_say_so(made, content, code):
    assert code_of(made(content))[0] == code


@pytest.mark.parametrize("name", ["table.xlsx", "table.XLS", "table.ods"])
def test_a_text_with_the_name_of_a_workbook_is_read_or_called_a_text(made, name):
    assert cells(made(CHINESE.encode(), name)) == cells(made(CHINESE.encode()))
    assert code_of(made(b"this is no workbook", name))[0] == "named_workbook"


@pytest.mark.parametrize("name", ["table.csv", "table.txt", "table"])
def test_a_workbook_with_the_name_of_a_text_is_read(made, name):
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("客户")
        sheet.write_column(0, 0, ["名称", "甲"])
    assert cells(made(buffer.getvalue(), name)) == [["甲"]]
    old = Path(__file__).with_name("files") / "old.xls"
    assert cells(made(old.read_bytes(), name)) == cells(old)


def test_a_nul_is_named_with_its_line(made):
    assert code_of(made(b"a,b\n" + b"1,2\n" * 5000 + b"1,\x00\n1,2\n")) == ("nul", 5002)


def test_too_large_a_file_is_not_opened(made):
    assert code_of(made(b"a,b\n1,2\n" * 99), limits=Limits(file=100))[0] == "too_large"


def test_ten_megabytes_in_a_field_fit_and_more_do_not(made):
    limit = Limits().field
    assert len(cells(made(b"a,b\n1," + b"x" * (limit - 10) + b"\n"))[0][1]) == limit - 10
    assert code_of(made(b"a,b\n1,2\n3," + b"x" * (limit + 10))) == ("field_too_long", 3)
    folded = b'a,b\n1,2\n3,"' + (b"x" * 1000 + b"\n") * (limit // 1000 + 9) + b'"\n'
    assert code_of(made(folded)) == ("field_too_long", 3)


def test_a_quotation_mark_that_never_closes_is_named(made):
    assert code_of(made(b'a,b\n1,2\n3,"x\n4,5\n6,7\n')) == ("open_quote", 3)


def test_a_quotation_mark_inside_a_text_is_text(made):
    assert cells(made(b'a,b\n1,5" pipe\n2,"say ""hi"""\n')) == [["1", '5" pipe'], ["2", 'say "hi"']]


@given(st.lists(st.one_of(st.binary(max_size=8), st.sampled_from([b",", b"\n", b'"', b";"]))))
def test_any_bytes_are_read_or_refused_with_a_reason(tmp_path_factory, pieces):
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_bytes(b"".join(pieces))
    try:
        table = open_table(path)
        widths = {len(row.cells) for row in table.rows()}
    except ReadFault as fault:
        assert fault.message
    else:
        assert widths == {len(table.header)}
