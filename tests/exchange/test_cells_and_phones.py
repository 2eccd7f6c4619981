import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.exchange.reading import BadCell, digits_lost, digits_reason, show
from guanxi.exchange.reading.cells import guard, unguard
from guanxi.exchange.reading.phones import is_whole, split_phones


@pytest.mark.parametrize(
    "value",
    ["1.38E+10", "9.14E+17", " 1.3812345678e+10 ", "4E+05", "########", 9.14403e17, 10**15],
)
def test_lost_digits_are_seen(value):
    assert digits_lost(value)
    assert str(show(value)).strip() in digits_reason(value)


@pytest.mark.parametrize(
    "value",
    [
        *("13812345678", "914403001922038216", "3E5", "E10", "1.5", "", "##", "A+B"),
        *(13812345678, 13812345678.0, 999_999_999_999_999, 1100.04, True, None),
    ],
)
def test_whole_numbers_are_left_alone(value):
    assert not digits_lost(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13812345678.0, "13812345678"),
        (1100.04, "1100.04"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-07, "1e-07"),
        (True, "TRUE"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        (dt.timedelta(hours=-1), "-1:00:00"),
        (BadCell("#N/A"), "#N/A"),
        (None, ""),
        ("  as typed ", "  as typed "),
    ],
)
def test_cells_show_without_losing_anything(value, text):
    assert show(value) == text


@given(st.text())
def test_guarded_text_comes_back(text):
    assert unguard([guard(text)]) == [text] or guard(text) == text


@given(st.sampled_from("=+-@\t\r"), st.text(min_size=1))
def test_formulas_are_guarded(first, rest):
    text = first + rest
    assert guard(text) == "'" + text or (first == "-" and float(text) <= 0)


def test_guarding_twice_can_be_undone_twice():
    twice = guard(guard("=1+1"))
    assert twice == "''=1+1"
    assert unguard(unguard([twice])) == ["=1+1"]
    assert guard("-12.5") == "-12.5"
    assert guard("+86 138 1234 5678") == "'+86 138 1234 5678"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13812345678", ["13812345678"]),
        ("138 1234 5678", ["138 1234 5678"]),
        ("138-1234-5678", ["138-1234-5678"]),
        ("+86 138 1234 5678", ["+86 138 1234 5678"]),
        ("+1 650 253 0000", ["+1 650 253 0000"]),
        ("010-88886666转8001", ["010-88886666转8001"]),
        ("010-88886666 转 8001", ["010-88886666 转 8001"]),
        ("88886666 ext. 8001", ["88886666 ext. 8001"]),
        ("0755-26780000,转8001", ["0755-26780000转8001"]),
        ("(010)88886666", ["(010)88886666"]),
        ("88886666-8001", ["88886666-8001"]),
        ("13812345678 13912345678", ["13812345678", "13912345678"]),
        ("138 1234 5678 139 1234 5678", ["138 1234 5678", "139 1234 5678"]),
        ("010 88886666 13812345678", ["010 88886666", "13812345678"]),
        ("0755-26780000/13800138000", ["0755-26780000", "13800138000"]),
        ("13812345678、13912345678；95588", ["13812345678", "13912345678", "95588"]),
        ("13812345678\n13912345678\n", ["13812345678", "13912345678"]),
        (
            "８８８８６６６６，１３８１２３４５６７８",
            ["８８８８６６６６", "１３８１２３４５６７８"],
        ),
        ("88886666 ext 8001/88887777", ["88886666 ext 8001", "88887777"]),
        ("400-800-8888 95588", ["400-800-8888", "95588"]),
        ("  ", []),
    ],
)
def test_phones_are_split(text, numbers):
    assert split_phones(text) == numbers


@pytest.mark.parametrize(
    "text", ["0755-26780000/01", "13812345678/张三", "13812345678 张三", "138 12345678 139 123"]
)
def test_what_cannot_be_split_safely_stays_whole(text):
    assert split_phones(text) == [text]


MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINE = st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})-[2-9][0-9]{7}", fullmatch=True)


@given(
    st.lists(st.one_of(MOBILE, LANDLINE), min_size=1, max_size=4),
    st.sampled_from(["/", "、", "，", ";", "\n", " / ", "; "]),
)
def test_separated_numbers_always_come_apart(numbers, separator):
    assert all(map(is_whole, numbers))
    assert split_phones(separator.join(numbers)) == numbers


@given(st.lists(MOBILE, min_size=1, max_size=4))
def test_mobile_numbers_come_apart_at_blanks(numbers):
    assert split_phones("  ".join(numbers)) == numbers


@given(st.text())
def test_no_digit_gets_lost(text):
    kept = "".join(split_phones(text))
    assert [c for c in kept if c.isdigit()] == [c for c in text if c.isdigit()]
