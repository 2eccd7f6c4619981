"""What tables from other houses hold: signs for nothing, second columns, headings in two lines."""

import pytest
import xlsxwriter

from guanxi.exchange.reading import open_table
from guanxi.kernel.actor import system_actor
from guanxi.kernel.company import own_company
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.people.models import Person
from guanxi.testing.imports import carry_out, try_as_proposed, upload
from guanxi.testing.people import Company, browser

SYSTEM = system_actor("tests")


@pytest.fixture
def window(db):
    company = Company()
    client = browser(company.boss)
    client.company, client.person = company, company.boss
    return client


def brought(window, text, path="customers"):
    """The import of a table as it is proposed, and its mapping by heading."""
    imported = upload(window, window.person, path, text.encode())
    imported = carry_out(window, try_as_proposed(window, imported))
    header = imported.profile["header"]
    return imported, {header[int(place)]: key for place, key in imported.mapping.items()}


def customer(name):
    return Customer.rows(SYSTEM).get(name=name)


def numbers(record):
    return sorted(CustomerChannel._all.filter(customer=record).values_list("value", flat=True))


@pytest.mark.django_db
def test_signs_for_nothing_leave_a_field_empty(window):
    imported, _mapping = brought(
        window,
        "客户名称,手机,邮箱,行业,员工人数,统一社会信用代码,成立日期,网站,备注\n"
        "甲公司,-,无,无,—,-,/,暂无,无\n",
    )
    assert imported.counts == {"created": 1}
    row = customer("甲公司")
    empty = (row.industry, row.headcount, row.credit_code, row.founded_on, row.website)
    assert not any(empty)
    assert not numbers(row)
    assert row.remark == "无"
    assert "customers.industry" not in imported.extra


@pytest.mark.django_db
def test_a_name_of_signs_is_no_name(window):
    imported, _mapping = brought(window, "客户名称,员工人数\n-,5\n甲公司,6\n")
    assert imported.counts == {"created": 1, "refused": 1}


@pytest.mark.django_db
def test_second_columns_of_a_kind_add_up(window):
    imported, mapping = brought(
        window,
        "客户名称,手机1,手机2,备用电话,邮箱,邮箱2\n"
        "甲公司,13912345678,13912345679,010-62345678,a@example.cn,b@example.cn\n",
    )
    assert mapping["手机1"] == mapping["手机2"] == "channels.mobile"
    assert mapping["邮箱"] == mapping["邮箱2"] == "channels.email"
    assert imported.counts == {"created": 1}
    assert numbers(customer("甲公司")) == [
        *("010-62345678", "13912345678", "13912345679"),
        *("a@example.cn", "b@example.cn"),
    ]


@pytest.mark.django_db
def test_a_sum_names_its_currency(window):
    window.company.uses("USD")
    imported, _mapping = brought(
        window,
        "客户名称,注册资本,年营业额\n甲公司,50万美元,300万元\n乙公司,50万欧元,\n丙公司,8,约20万\n",
    )
    assert imported.counts == {"created": 2, "refused": 1}
    first, last = customer("甲公司"), customer("丙公司")
    assert (first.registered_capital, first.registered_capital_currency) == (500_000, "USD")
    assert (first.revenue, first.revenue_currency) == (3_000_000, "CNY")
    assert (last.revenue, last.registered_capital_currency) == (200_000, "CNY")


@pytest.mark.django_db
def test_amounts_without_a_currency_are_in_that_of_the_company(window):
    firm = own_company()
    firm.currency = "HKD"
    firm.save()
    brought(window, "客户名称,注册资本\n甲公司,500000\n")
    assert customer("甲公司").registered_capital_currency == "HKD"


def book(tmp_path, *rows):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet()
        for line, cells in enumerate(rows):
            page.write_row(line, 0, cells)
    return open_table(path)


def test_a_heading_of_two_lines_is_read_as_one(tmp_path):
    table = book(
        tmp_path,
        ("客户档案", "", "", ""),
        ("公司名称", "联系方式", "", "其他"),
        ("", "电话", "邮箱", "备注*"),
        ("甲公司", "13912345678", "", "老客户"),
    )
    assert table.header == ["公司名称", "电话", "邮箱", "备注*"]
    assert [row.line for row in table.rows()] == [4]


def test_a_first_record_is_no_second_line_of_the_heading(tmp_path):
    table = book(
        tmp_path, ("公司名称", "", "行业"), ("甲公司", "客户", "制造业"), ("乙", "", "零售")
    )
    assert table.header == ["公司名称", "(B)", "行业"]
    assert len(list(table.rows())) == 2


@pytest.mark.django_db
def test_departments_below_each_other_are_made_so(window):
    """The row of the superior department is not even needed; that of a further hierarchy is."""
    imported, mapping = brought(
        window,
        "工号,姓名,部门,上级部门,直属上级\n"
        "001,钱经理,华东大区,销售中心,\n002,孙销售,华东大区/上海办事处,,钱经理\n003,李销售,华南/广州,,\n",
        "persons",
    )
    assert "上级部门" not in mapping
    assert imported.counts == {"created": 3}
    assert imported.extra == {"people.department": 4}
    person = Person.rows(SYSTEM).get(name="李销售")
    assert (person.department.name, person.department.parent.name) == ("广州", "华南")
    office = Person.rows(SYSTEM).get(name="孙销售").department
    assert (office.name, office.parent.name) == ("上海办事处", "华东大区")


@pytest.mark.django_db
def test_a_stroke_in_the_name_of_a_term_is_part_of_it(window):
    brought(window, "客户名称,行业\n甲公司,航天/卫星\n")
    industry = customer("甲公司").industry
    assert (industry.name, industry.parent) == ("航天/卫星", None)
