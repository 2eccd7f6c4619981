"""What tables from other houses hold: signs for nothing, second columns, headings in two lines."""

import pytest
import xlsxwriter

from guanxi.exchange.reading import open_table
from guanxi.kernel.actor import system_actor
from guanxi.kernel.company import own_company
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.people.models import Person
from guanxi.testing.imports import carry_out, reasons, try_as_proposed, upload

SYSTEM = system_actor("tests")


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
def test_a_mobile_may_be_the_account_of_wechat_as_well(window):
    imported, _mapping = brought(
        window,
        "客户名称,手机\n甲公司,13912345678 微信同号\n乙公司,137 1234 5678（同微信）\n"
        "丙公司,0592-5123456 微信同号\n",
    )
    assert imported.counts == {"created": 3}
    assert numbers(customer("甲公司")) == ["13912345678", "13912345678"]
    assert numbers(customer("乙公司")) == ["137 1234 5678", "13712345678"]
    assert numbers(customer("丙公司")) == ["0592-5123456"]
    assert set(CustomerChannel._all.values_list("kind", flat=True)) == {
        *("mobile", "wechat", "landline")
    }


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


def test_a_cell_joined_over_several_rows_counts_for_all_of_them(tmp_path):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet()
        page.merge_range("A1:C1", "客户档案")
        for line, cells in enumerate((("公司", "联系人", "部门"), ("", "张三", "采购"))):
            page.write_row(line + 1, 0, cells)
        page.merge_range("A3:A5", "甲公司")
        page.write_row("B4", ("李四", ""))
        page.write_row("A6", ("乙公司", "王五", ""))
        page.merge_range("C6:C7", "财务")
        page.write_row("A7", ("丙公司", ""))
    rows = [row.cells for row in open_table(path).rows()]
    assert rows == [
        ["甲公司", "张三", "采购"],
        ["甲公司", "李四", ""],
        ["乙公司", "王五", "财务"],
        ["丙公司", "", "财务"],
    ]


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
def test_what_stands_around_a_table_is_none_of_its_rows(window):
    imported, _mapping = brought(
        window,
        "客户名称,序号,手机,备注\n甲公司,1,13912345678,注：老客户\n,2,,\n合计,,,\n"
        "注：1. 截至三月,,,\n制表人：王芳,,审核：李雷,\n备注：公司,3,13912345679,\n",
    )
    assert imported.counts == {"created": 2, "skipped": 4}
    assert list(reasons(imported)) == [3, 4, 5, 6]
    assert customer("备注：公司")


@pytest.mark.django_db
def test_a_name_broken_into_lines_is_one_name(window):
    table = '"客户名称","上级公司","备注"\n"苏州\n电子公司","","一\n二"\n"East\nBay","苏州电子\n公司",""\n'
    imported, _mapping = brought(window, table)
    assert imported.counts == {"created": 2}
    assert customer("East Bay").parent.name == "苏州电子公司"
    assert customer("苏州电子公司").remark == "一\n二"


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
