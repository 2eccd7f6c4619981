"""How far customers are trusted, and who is to be followed up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import Invalid
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.customers.day_one import make_terms
from guanxi.modules.customers.models import CreditGrade, Customer
from guanxi.testing.imports import bring
from guanxi.testing.people import SYSTEM, Company, actor, browser

pytestmark = pytest.mark.django_db
GRADE, CUSTOMER = spec("customers.creditgrade"), spec("customers.customer")


@pytest.fixture
def company():
    return Company()


def test_those_of_the_first_day_say_when_to_pay(company):
    grades = CreditGrade.rows(SYSTEM).order_by("position")
    assert list(grades.values_list("code", "payment", "days")) == [
        ("aaa", "on_account", 90),
        ("aa", "on_account", 60),
        ("a", "on_account", 30),
        ("b", "prepaid", None),
        ("c", "stopped", None),
    ]
    assert grades.get(is_default=True).code == "a"


def test_one_changed_by_the_company_stays_as_it_is(company):
    grade = CreditGrade.rows(SYSTEM).get(code="aaa")
    edit_record(actor(company.boss), grade, {"name": "AAA 120 天", "days": "120"})
    make_terms()
    assert CreditGrade.rows(SYSTEM).get(code="aaa").days == 120
    assert CreditGrade.rows(SYSTEM).count() == 5


@pytest.mark.parametrize("payment", ["prepaid", "stopped"])
def test_days_to_pay_belong_to_deliveries_on_account(company, payment):
    boss = actor(company.boss)
    raw = {"name": "特批", "payment": payment}
    with pytest.raises(Invalid) as wrong:
        create_record(boss, GRADE, {**raw, "days": "15"})
    assert set(wrong.value.errors) == {"days"}
    grade = create_record(boss, GRADE, raw)
    edit_record(boss, grade, {"payment": "on_account", "days": "15"})
    assert CreditGrade.rows(SYSTEM).get(pk=grade.pk).days == 15


@pytest.mark.parametrize("heading", ["信用等级", "信用级别", "账期等级", "Credit rating"])
def test_tables_people_bring_name_it_in_their_way(company, heading):
    table = f"客户名称,客户级别,统一社会信用代码,{heading}\n甲公司,A,,AAA级\n乙公司,B,,B\n丙公司,C,,款到发货\n"
    imported = bring(company.boss, CUSTOMER.key, table)
    assert imported.counts == {"created": 3}
    rows = Customer.rows(SYSTEM).order_by("pk")
    codes = list(rows.values_list("level__code", "credit_grade__code"))
    assert codes == [("a", "aaa"), ("b", "b"), ("c", "b")]


@pytest.mark.parametrize(("tab", "expected"), [("已逾期", {"昨天"}), ("未跟进", {"今天", "从未"})])
def test_how_it_stands_with_following_up_is_one_tap_away(company, tab, expected):
    today = timezone.localdate()
    days = {
        "昨天": (today - timedelta(days=40), today - timedelta(days=1)),
        "今天": (None, today),
        "从未": (None, None),
    }
    for name, (last, ahead) in days.items():
        row = create_record(actor(company.boss), CUSTOMER, {"name": name})
        put_derived(CUSTOMER, {row.pk: {"last_contact_on": last, "next_contact_on": ahead}})
    page = browser(company.boss).get("/customers/")
    address = next(one["url"] for one in page.context["tabs"] if one["label"] == tab)
    found = browser(company.boss).get(address)
    ids = [row["id"] for row in found.context["table"]["rows"]]
    assert set(Customer.rows(SYSTEM).filter(pk__in=ids).values_list("name", flat=True)) == expected
