"""Values that people understand at once: ranges, months, years, one word of a term."""

from collections import Counter
from datetime import date

import pytest

from guanxi.exchange.bands import nearest
from guanxi.exchange.plan import propose_terms
from guanxi.exchange.reading.dates import parse_date, propose_date_format, year_of
from guanxi.modules.customers.models import Customer
from guanxi.testing.imports import bring, reasons
from guanxi.testing.people import SYSTEM, Company

SIZES = ("1-19 人", "20-99 人", "100-499 人", "500-999 人", "1000-4999 人", "5000 人以上")
LEVELS = {"s": "S 战略", "a": "A 重点", "b": "B 重要", "c": "C 普通", "d": "D 低价值"}


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500-1000人", "500-999 人"),
        ("５００～１０００人", "500-999 人"),
        ("50人以下", "20-99 人"),
        ("少于20人", "1-19 人"),
        ("1000人以上", "1000-4999 人"),
        ("1000+", "1000-4999 人"),
        ("超过1万人", "5000 人以上"),
        ("100 至 500 名员工", "100-499 人"),
        ("35", "20-99 人"),
        ("约300人", "100-499 人"),
        ("小型", ""),
        ("2015-06-01", ""),
    ],
)
def test_a_range_belongs_to_the_entry_that_holds_most_of_it(text, size):
    assert nearest(text, SIZES) == size


def test_ranges_of_money_count_in_their_unit():
    assert nearest("100-500万", ["100万以下", "100万-500万", "500万以上"]) == "100万-500万"
    assert nearest("500-1000人", ["大", "中", "小"]) == ""


@pytest.mark.parametrize(
    ("text", "level"),
    [
        *(("A类", "A 重点"), ("B级客户", "B 重要"), ("重点客户", "A 重点"), ("VIP客户", "A 重点")),
        *(("普通", "C 普通"), ("重要客户", "B 重要"), ("黑名单", "")),
    ],
)
def test_one_word_of_a_term_means_it(text, level):
    names = {**LEVELS, **{title: title for title in LEVELS.values()}}
    assert [one.best for one in propose_terms(Counter([text]), names)] == [level]


def test_a_month_alone_is_read_as_its_first_day_and_counted():
    texts = ["2015-06", "2015年6月", "2003年", "2016/7/2"]
    best = propose_date_format(texts)[0]
    assert (best.format, best.matched, best.first) == ("month", 4, 3)
    assert [parse_date(text, "month") for text in texts] == [
        *(date(2015, 6, 1), date(2015, 6, 1), date(2003, 1, 1), date(2016, 7, 2))
    ]
    # Where every row names a day nothing of it is proposed.
    assert propose_date_format(["2015-06-03", "2016/7/2"])[0].format == "ymd"


@pytest.mark.parametrize("text", ["2015-06", "2015年6月", "2015年", "2015.6.1", "2015年度"])
def test_a_year_is_taken_from_a_date(text):
    assert year_of(text) == "2015"


@pytest.mark.django_db
def test_a_list_with_all_of_them():
    company = Company()
    imported = bring(
        company.boss,
        "customers.customer",
        "公司名称,员工规模,成立日期,成立年份,客户级别\n"
        "甲公司,500-1000人,2015-06,2015-06,A类\n"
        "乙公司,50人以下,2003年,2003年,重点客户\n",
    )
    assert imported.counts == {"created": 2}
    assert not imported.extra
    first = Customer.rows(SYSTEM).get(name="甲公司")
    assert (first.size.name, first.founded, first.level.name) == ("500-999 人", 2015, "A 重点")
    assert first.founded_on == date(2015, 6, 1)


@pytest.mark.django_db
def test_a_range_is_no_number_and_says_so():
    company = Company()
    table = "公司名称,员工人数\n甲公司,500-1000人\n乙公司,8\n丙公司,约300人\n丁公司,12人\n"
    imported = bring(company.boss, "customers.customer", table)
    assert imported.counts == {"created": 3, "refused": 1}
    assert "范围" in reasons(imported)[2]
