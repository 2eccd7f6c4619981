"""Which columns of a file are proposed for what, on files of our own and on real ones."""

from collections import Counter

import pytest

from guanxi.exchange.plan import Planner, propose_firms
from guanxi.exchange.profile import examine
from guanxi.exchange.reading import open_table
from guanxi.kernel.registry import spec
from guanxi.testing.people import SYSTEM, Company

pytestmark = pytest.mark.django_db

CUSTOMER, PERSON = "customers.customer", "people.person"
OPPORTUNITY, PRODUCT = "sales.opportunity", "catalog.product"


@pytest.fixture(autouse=True)
def company():
    return Company()


def proposed(path, key):
    profile = examine(open_table(path))
    mapping = Planner(SYSTEM, spec(key), profile).mapping()
    return {profile["header"][place]: target for place, target in mapping.items()}


@pytest.mark.parametrize(
    ("key", "table", "wanted"),
    [
        (CUSTOMER, "公司名称,员工人数\n甲,7\n乙,8", {"公司名称": "name", "员工人数": "headcount"}),
        (CUSTOMER, "员工人数\n7\n8", {"员工人数": "headcount"}),
        (CUSTOMER, "employees\n7\n8", {"employees": "headcount"}),
        (CUSTOMER, "产品名称,联系人姓名\n泵,张三", {}),
        (CUSTOMER, "opportunity id,product name\n7A,Pump", {}),
        (CUSTOMER, "state,deal stage\nwa,won\nqld,lost", {"state": "addresses.province"}),
        (PERSON, "employees\n7\n8", {}),
        (PERSON, "员工\n张伟\n王芳", {"员工": "name"}),
        (PERSON, "given name,surname\nLachlan,Berry", {}),
        (PRODUCT, "account,state\nAcme,wa", {}),
        (PRODUCT, "品名,单位\n泵,台", {"品名": "name", "单位": "unit"}),
        (OPPORTUNITY, "state\nwa\nqld", {}),
        (CUSTOMER, "序号,公司\n1,甲\n2,乙", {"公司": "name"}),
        (CUSTOMER, "公司,组织机构代码,注册号\n甲,MA1,32\n乙,MA2,33", {"公司": "name"}),
        (
            CUSTOMER,
            "企业名称,登记状态,注册资本,纳税人识别号,所在地区\n甲,存续,500万人民币,MA1,江苏苏州\n乙,,1亿,,",
            {
                "企业名称": "name",
                "登记状态": "business_state",
                "注册资本": "registered_capital",
                "纳税人识别号": "tax_number",
                "所在地区": "addresses.region",
            },
        ),
        (
            CUSTOMER,
            "客户,手机,电话\n甲,13812345678,0512-66778899\n乙,,",
            {"客户": "name", "手机": "channels.mobile", "电话": "channels.landline"},
        ),
        (
            CUSTOMER,
            "客户,电话,更多电话\n甲,13812345678,0512-66778899\n乙,,",
            {"客户": "name", "电话": "channels.mobile", "更多电话": "channels.landline"},
        ),
    ],
)
def test_only_what_makes_sense_is_proposed(tmp_path, key, table, wanted):
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    assert proposed(path, key) == wanted


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("注册资本（万元）", 10_000),
        ("注册资本(万)", 10_000),
        ("注册资本/亿元", 100_000_000),
        ("registered capital (millions)", 1_000_000),
        ("注册资本", 1),
        ("注册资本万一", 1),
    ],
)
def test_a_heading_tells_what_its_sums_are_counted_in(tmp_path, heading, factor):
    path = tmp_path / "table.csv"
    path.write_text(f"公司名称,{heading}\n甲,500\n乙,80", encoding="utf-8")
    profile = examine(open_table(path))
    planner = Planner(SYSTEM, spec(CUSTOMER), profile)
    mapping = {0: "name", 1: "registered_capital"}
    assert planner.options(mapping).units.get(1, 1) == factor


def test_firms_are_only_taken_for_one_of_the_same_core():
    """Most names of firms differ in two characters of ten."""
    stored = ("上海锐梓贸易有限公司", "华为技术（深圳）有限公司", "Hooli Inc")
    asked = Counter({"上海万达贸易有限公司": 2, "华为技术有限公司": 1, "Hoolli Inc": 1})
    found = {
        one.text: one.best for one in propose_firms(asked, dict(zip(stored, stored, strict=True)))
    }
    assert found == {
        "上海万达贸易有限公司": "",
        "华为技术有限公司": "华为技术（深圳）有限公司",
        "Hoolli Inc": "Hooli Inc",
    }


def test_an_owner_may_be_named_by_number(tmp_path, company):
    number = company.anna.number
    path = tmp_path / "table.csv"
    path.write_text(f"公司名称,负责人\n甲,{number}\n乙,{number}", encoding="utf-8")
    assert proposed(path, CUSTOMER) == {"公司名称": "name", "负责人": "owner"}
    path.write_text("公司名称,负责人\n甲,4821\n乙,550", encoding="utf-8")
    assert proposed(path, CUSTOMER) == {"公司名称": "name"}


LEADS = {
    "Prospect ID": "number",
    "Lead Source": "source",
    "Country": "addresses.country",
    "Tags": "tags",
    "City": "addresses.city",
}
PEOPLE = {
    "rec_id": "number",
    "address_1": "addresses.detail",
    "postcode": "addresses.postcode",
    "state": "addresses.province",
}


@pytest.mark.parametrize(
    ("file", "key", "wanted"),
    [
        ("churn/telco_train.csv", CUSTOMER, {"customerID": "number"}),
        ("churn/telco_train.csv", PERSON, {}),
        ("churn/telco_train.csv", PRODUCT, {}),
        ("clv/CDNOW_sample.txt", CUSTOMER, {}),
        ("leads/leads_train.csv", CUSTOMER, LEADS),
        ("names/febrl1.csv", CUSTOMER, PEOPLE),
        ("names/company_names_zh.txt", CUSTOMER, {}),
        ("crm-opportunities/products.csv", CUSTOMER, {}),
        ("crm-opportunities/products.csv", PERSON, {}),
        ("crm-opportunities/accounts.csv", PRODUCT, {}),
        (
            "crm-opportunities/sales_pipeline.csv",
            CUSTOMER,
            {"sales_agent": "owner", "account": "name"},
        ),
    ],
)
def test_nothing_strange_is_proposed_for_real_files(shared_data, file, key, wanted):
    assert proposed(shared_data / file, key) == wanted


def test_headings_in_traditional_characters_are_known_and_shown_as_written(tmp_path):
    path = tmp_path / "客戶.csv"
    old = "客戶名稱,客戶級別,聯絡電話,電子郵箱,註冊資本（萬元）,備註,序號"
    new = "客户名称,客户级别,联络电话,电子邮箱,注册资本（万元）,备注,序号"
    found = []
    for head in (old, new):
        path.write_text(f"{head}\n甲,,0512-66778899,a@b.cn,500,好,1\n", encoding="utf-8")
        profile = examine(open_table(path))
        assert profile["header"] == head.split(",")
        planner = Planner(SYSTEM, spec(CUSTOMER), profile)
        mapping = planner.mapping()
        found.append((mapping, planner.options(mapping).units))
    assert found[0] == found[1]
    mapping, units = found[0]
    assert len(mapping) == 6
    assert (mapping[0], units) == ("name", {4: 10_000})


def test_contacts_and_their_second_line_are_known_in_traditional_characters(tmp_path):
    path = tmp_path / "聯繫人.csv"
    path.write_text("聯繫人,行動電話\n張三,13800138000\n", encoding="utf-8")
    assert proposed(path, "contacts.contact")["聯繫人"] == "name"
    lines = ("客戶,,聯繫方式,", "名稱,級別,電話,傳真", "甲,A,0512-66778899,0512-66778890")
    path.write_text("\n".join(lines), encoding="utf-8")
    header = examine(open_table(path))["header"]
    assert header == ["名稱", "級別", "電話", "傳真"]
