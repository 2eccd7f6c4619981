from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.figures import Number, parse_number


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1234.50", "1234.50", None),
        ("1,234.50", "1234.50", None),
        ("１，２３４．５", "1234.5", None),
        ("￥1,234", "1234", "CNY"),
        ("¥ -3.2", "-3.2", "CNY"),
        ("-¥3.2", "-3.2", "CNY"),
        ("1200元整", "1200", "CNY"),
        ("人民币 5000 元", "5000", "CNY"),
        ("3.5万元", "35000", "CNY"),
        ("5 万", "50000", None),
        ("1.2亿", "120000000", None),
        ("5千万", "50000000", None),
        ("$5", "5", "USD"),
        ("USD 5.00", "5", "USD"),
        ("100万美元", "1000000", "USD"),
        ("€9", "9", "EUR"),
        ("(1,234.50)", "-1234.50", None),
        ("（500）", "-500", None),
        ("−7", "-7", None),
        ("+7", "7", None),
        (".5", "0.5", None),
    ],
)
def test_numbers(text, value, currency):
    assert parse_number(text) == Number(Decimal(value), currency)


def test_percentages_keep_their_figure():
    assert parse_number("15.5%") == parse_number("１５．５％")
    assert parse_number("15.5%") == Number(Decimal("15.5"), percent=True)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "abc", "1,23", "1.234,5", "1,234,56", "12,34", "1 234", "1e5", "1-2", "1-"),
        *("--1", "-(5)", "(5", "5)", "¥5美元", "5%元", "五万", "1.2.3", "NaN", "10-20万"),
    ],
)
def test_nothing_is_guessed(text):
    with pytest.raises(ValueError):
        parse_number(text)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1e15, max_value=1e15)
)
def test_every_amount_with_thousands_comes_back(value):
    assert parse_number(f"{value:,.2f}").value == value
    assert parse_number(f"￥{value:.2f} 元").value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("约300人", 300),
        ("300 人左右", 300),
        ("大约3.5万元", 35_000),
        ("12家", 12),
        ("5000万元上下", 5e7),
    ],
)
def test_counted_things_and_rough_numbers(text, value):
    assert parse_number(text).value == value


@pytest.mark.parametrize("text", ["500-1000人", "300多人", "人", "约", "三百人", "300人民"])
def test_what_leaves_the_number_open_is_none(text):
    with pytest.raises(ValueError):
        parse_number(text)
