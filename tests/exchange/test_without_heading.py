"""Tables whose first row is a record already: the columns are called by what they hold."""

import pytest

from guanxi.exchange.models import Import
from guanxi.exchange.reading import open_table
from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.snapshot import part_rows
from guanxi.modules.customers.models import Customer
from guanxi.testing.html import read
from guanxi.testing.imports import carry_out, try_as_proposed, upload

FIRMS = "华维精密仪器有限公司,张伟,13800136688,浙江省宁波市中山路1号\n"
FIRMS += "江南纺织集团有限公司,李娜,13912004521,江苏省无锡市人民路22号\n"


def table_of(tmp_path, text, **options):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return open_table(path, **options)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (FIRMS, ["公司名称", "联系人", "手机", "地址"]),
        ("张三,138 0013 6688\n李四,139-1200-4521\n", ["姓名", "手机"]),
        ("甲公司,500\n乙公司,80\n", ["名称", "(B)"]),
        ("甲,a@example.com,2026-03-01\n乙,b@example.com,2026-04-09\n", ["名称", "邮箱", "(C)"]),
        ("13800136688,13800136689\n13912004521,\n", ["手机", "手机 (2)"]),
    ],
)
def test_columns_are_called_by_what_they_hold(tmp_path, text, header):
    table = table_of(tmp_path, text)
    assert (table.header_line, table.header) == (0, header)
    assert [row.line for row in table.rows()] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "公司,联系人,电话\n华维精密仪器有限公司,张伟,13800136688\n",
        "所属公司,数量\n华维精密仪器有限公司,500\n江南纺织集团有限公司,60\n",
        "Region,2023,2024\nEast,500,600\nWest,30,40\n",
        "Account Manager,Contact\nJohn Smith,Anna Bell\nBen Ford,Ann Lee\n",
        "经办,落款\n张伟,王芳\n李娜,陈立\n",
        "门店,1,2,3\n东门,50,60,70\n西门,30,40,50\n",
        "吖茶\n吖咪\n吖吖宝贝\n",
    ],
)
def test_a_heading_is_not_taken_for_a_record(tmp_path, text):
    assert table_of(tmp_path, text).header_line == 1


def test_that_there_is_none_can_be_said(tmp_path):
    table = table_of(tmp_path, "吖茶\n吖咪\n", header_line=0)
    assert (table.header, [row.cells for row in table.rows()]) == (["名称"], [["吖茶"], ["吖咪"]])


def test_customers_without_a_heading_come_in_with_phone_and_address(window):
    imported = upload(window, window.person, "customers", FIRMS.encode("gbk"))
    page = read(window.get(f"/import/{imported.pk}/mapping/"))
    assert "没有表头" in page.text()
    imported = carry_out(window, try_as_proposed(window, imported))
    assert imported.counts == {"created": 2}
    spec = registry.spec("customers.customer")
    customer = Customer.rows(system_actor("test")).get(name="华维精密仪器有限公司")
    assert [one.value for one in part_rows(spec, "channels", customer)] == ["13800136688"]
    assert [one.detail for one in part_rows(spec, "addresses", customer)] == ["中山路1号"]


def test_a_list_of_names_is_read_again_without_a_heading(window):
    imported = upload(window, window.person, "customers", "吖茶\n吖咪\n".encode())
    assert not imported.mapping
    window.post(f"/import/{imported.pk}/place/", {"header_line": "0"})
    imported = Import.objects.get(pk=imported.pk)
    imported = carry_out(window, try_as_proposed(window, imported))
    assert imported.counts == {"created": 2}
