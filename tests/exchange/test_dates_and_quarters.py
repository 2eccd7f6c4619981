import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.exchange.reading.dates import (
    FORMATS,
    find_check_columns,
    parse_date,
    propose_date_format,
)
from guanxi.exchange.reading.quarters import parse_quarter

DAY = dt.date(2016, 10, 20)
MOMENT = dt.datetime(2016, 10, 20, 14, 3, 5)
EAST = dt.timezone(dt.timedelta(hours=8))
TEXT = {
    "ymd": ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y 年 %m 月 %d 日"],
    "dmy": ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%y"],
    "mdy": ["%m-%d-%Y", "%m/%d/%y"],
    "yymd": ["%y-%m-%d", "%y/%m/%d", "%y年%m月%d日"],
    "name": ["%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%B %d %Y"],
}


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)),
    st.sampled_from([(name, form) for name, forms in TEXT.items() for form in forms]),
)
def test_every_way_to_write_a_date_is_read(day, way):
    name, form = way
    text = day.strftime(form)
    assert parse_date(text, name) == day
    assert name in [proposal.format for proposal in propose_date_format([text])]


@pytest.mark.parametrize(
    ("text", "format", "value"),
    [
        ("2016-10-20 14:03:05", "ymd", MOMENT),
        ("2016-10-20T14:03:05Z", "ymd", MOMENT.replace(tzinfo=dt.UTC)),
        ("2016-10-20T14:03:05+08:00", "ymd", MOMENT.replace(tzinfo=EAST)),
        ("2016/10/20 14:03:05.25", "ymd", MOMENT.replace(microsecond=250_000)),
        ("2016年10月20日 下午2点03分05秒", "ymd", MOMENT),
        ("2016-10-20 14时03分", "ymd", MOMENT.replace(second=0)),
        ("10/20/2016 2:03 PM", "mdy", MOMENT.replace(second=0)),
        ("20 Oct 2016 12:00 am", "name", dt.datetime(2016, 10, 20)),
        ("2016-10-20 星期四", "ymd", DAY),
        ("２０１６年１０月２０日", "ymd", DAY),
        ("1st Sept 2016", "name", dt.date(2016, 9, 1)),
        ("42663", "serial", DAY),
        ("42663.5", "serial", dt.datetime(2016, 10, 20, 12)),
        ("01-01-50", "dmy", dt.date(1950, 1, 1)),
        ("01-01-49", "dmy", dt.date(2049, 1, 1)),
        (DAY, "dmy", DAY),
    ],
)
def test_single_dates(text, format, value):
    assert parse_date(text, format) == value


@pytest.mark.parametrize(
    ("text", "format"),
    [
        *(("31-02-2016", "dmy"), ("20-13-2016", "dmy"), ("2016/10-20", "ymd"), ("", "ymd")),
        *(("2016-10-20 25:00", "ymd"), ("2016-10-201", "ymd"), ("2016-10-20 soon", "ymd")),
        *(("20 Foo 2016", "name"), ("123", "serial"), ("2016-10", "ymd"), ("16-10-20", "ymd")),
    ],
)
def test_what_is_no_date_is_refused(text, format):
    with pytest.raises(ValueError):
        parse_date(text, format)


def test_a_pivot_can_be_given():
    assert parse_date("01-01-60", "dmy", pivot=70) == dt.date(2060, 1, 1)


def test_one_reading_left_is_certain():
    best, *others = propose_date_format(["20-10-2016", "01-02-2017", "31-12-2016", ""])
    assert (best.format, best.matched, best.refused, best.certain) == ("dmy", 3, 0, True)
    assert [p.format for p in others] == ["mdy"]
    assert not others[0].certain


def test_two_readings_left_are_not_certain():
    best = propose_date_format(["01-02-2016", "03-04-2016"])[0]
    assert (best.ambiguous, best.certain) == (2, False)
    assert "2" in best.reason


def test_the_quarter_column_decides():
    days = [dt.date(2016, 1, 3) + dt.timedelta(days=n) for n in range(0, 700, 11)]
    quarters = [f"Q{(day.month + 2) // 3} {day.year}" for day in days]
    for name, form in (("dmy", "%d-%m-%y"), ("mdy", "%m-%d-%y"), ("yymd", "%y-%m-%d")):
        best, *others = propose_date_format([d.strftime(form) for d in days], checks=quarters)
        assert (best.format, best.agreed, best.disagreed) == (name, len(days), 0)
        assert best.certain
        assert not any(other.certain for other in others)


def test_dates_that_already_are_dates_need_no_format():
    assert propose_date_format([DAY, MOMENT, ""]) == []


def test_every_format_has_a_name():
    assert all(str(name) for name in FORMATS.values())
    assert set(TEXT) | {"serial", "month"} == set(FORMATS)


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("Q4 2016", (2016, 4)),
        ("2016Q4", (2016, 4)),
        ("2016-q4", (2016, 4)),
        ("4Q16", (2016, 4)),
        ("Q1'17", (2017, 1)),
        ("2016年第4季度", (2016, 4)),
        ("2016年四季度", (2016, 4)),
        ("第一季度 2017年", (2017, 1)),
        ("２０１６Ｑ４", (2016, 4)),
        ("Q5 2016", None),
        ("2016", None),
        ("", None),
    ],
)
def test_quarters(text, quarter):
    assert parse_quarter(text) == quarter


def test_quarter_columns_find_their_dates():
    starts = ["20-10-16", "05-01-17", ""]
    ends = ["01-03-17", "", "09-08-17"]
    header = ["no", "close_date", "engage_date", "close_quarter", "engage_quarter"]
    columns = [
        *(["1", "2", "3"], ends, starts),
        *(["Q1 2017", "", "Q3 2017"], ["Q4 2016", "Q1 2017", ""]),
    ]
    found = find_check_columns(header, columns)
    assert {date: (c.column, c.agreed, c.compared) for date, c in found.items()} == {
        1: (3, 2, 2),
        2: (4, 2, 2),
    }
    assert find_check_columns(header[:3], columns[:3]) == {}


def test_a_quarter_column_that_contradicts_is_no_check():
    header, columns = ["date", "quarter"], [["20-10-16", "25-12-16"], ["Q1 2015", "Q2 2015"]]
    assert find_check_columns(header, columns) == {}
