import re

import pytest
from django.utils import translation
from django.utils.translation import override

from guanxi.kernel import scope
from guanxi.kernel.actor import VERBS, system_actor
from guanxi.kernel.acts import invalidate_record, share_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Wrong
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Pipeline, Stage
from guanxi.people.explain import explain_access, explain_verb, view_of
from guanxi.people.finding import find_object, find_person, find_record
from guanxi.people.object_facts import explain_object

SYSTEM = system_actor("tests")
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SELL = {("records", verb): "own" for verb in ("view", "edit", "share")}


@pytest.fixture
def sales(firm):
    firm.east = firm.department("华东")
    firm.boss = firm.person(
        "李娜",
        firm.role(
            "经理", {("records", "view"): "own_and_below", ("customers.customer", "edit"): "own"}
        ),
    )
    firm.seller = firm.person(
        "张伟",
        firm.role("代表", SELL, [("customers.customer", "revenue", "free", "masked")]),
        superior=firm.boss,
        department=firm.east,
        number="007",
        mobile="13800001234",
    )
    firm.other = firm.person("王芳", firm.role("本部门", {("records", "view"): "department"}))
    firm.huawei = firm.customer("华为", firm.seller)
    return firm


def told(person, record):
    return "\n".join(explain_access(person, record))


def test_the_owner_is_named_as_the_reason(sales):
    text = told(sales.seller, sales.huawei)
    assert text.startswith("张伟 对客户「华为」\n")
    assert "查看: 是\n    角色「代表」授予业务记录的「查看」：本人：张伟 就是负责人" in text
    assert "删除: 否\n    没有角色授予客户的「删除」权限。" in text


def test_a_superior_sees_through_the_line(sales):
    text = told(sales.boss, sales.huawei)
    assert "本人及下属：负责人 张伟 是下属" in text
    assert "修改: 否\n    角色「经理」授予客户的「修改」：本人：负责人是 张伟" in text


def test_out_of_reach_says_which_grants_fall_short(sales):
    text = told(sales.other, sales.huawei)
    assert "查看: 否" in text
    assert "负责人 张伟 在别的部门" in text
    assert "没有为此共享给此人" in text


def test_a_share_is_told(sales):
    share_record(SYSTEM, sales.huawei, person_id=sales.other.pk)
    text = told(sales.other, sales.huawei)
    assert "查看: 是\n    已共享给此人，长期有效。" in text


def test_masked_fields_are_told_with_their_role(sales):
    share_record(SYSTEM, sales.huawei, person_id=sales.boss.pk, level="write")
    other = sales.customer("比亚迪", sales.boss)
    text = told(sales.seller, other)
    assert "字段「" in text
    assert "按别人的记录算（代表 " in text
    assert "字段「" not in told(sales.seller, sales.huawei)


def test_an_invalidated_person_and_record_are_told(sales):
    invalidate_record(SYSTEM, sales.huawei)
    assert "恢复之前只能查看" in told(sales.seller, sales.huawei)
    person = type(sales.other).rows(SYSTEM).get(pk=sales.other.pk)
    invalidate_record(SYSTEM, person)
    text = told(person, sales.huawei)
    assert "此人已失效" in text
    assert "此人没有有效的角色" in text


def test_through_the_parent_is_told(sales):
    """Opportunities are reached through their customer as well."""
    pipeline = Pipeline(name="销售", is_default=True)
    with change(SYSTEM, pipeline):
        pass
    with change(SYSTEM, Stage(name="初步", code="new", pipeline=pipeline)):
        pass
    raw = {"customer": str(sales.huawei.pk), "owner": str(sales.other.pk)}
    deal = create_record(SYSTEM, spec("sales.opportunity"), raw)
    text = told(sales.seller, deal)
    assert "查看: 是\n    通过" in text
    assert "「华为」：角色「代表」" in text


def test_explanations_agree_with_what_the_kernel_decides(sales):
    """And every refusal and every permission has a reason."""
    share_record(SYSTEM, sales.huawei, person_id=sales.other.pk, level="write")
    own = sales.customer("腾讯", sales.other)
    void = sales.customer("作废", sales.boss)
    invalidate_record(SYSTEM, void)
    customers = spec("customers.customer")
    for person in (sales.boss, sales.seller, sales.other):
        view = view_of(person)
        for record in Customer.rows(SYSTEM).filter(pk__in=[sales.huawei.pk, own.pk, void.pk]):
            for verb in VERBS:
                may, reasons = explain_verb(view, customers, record, verb)
                if verb != "create":
                    assert may == scope.may(customers, sales.actor(person), verb, record)
                assert reasons, (person.name, record.name, verb)


def test_it_speaks_english_too(sales):
    with translation.override("en"):
        text = told(sales.seller, sales.huawei)
    assert (
        "view: yes\n    Role “代表” grants view on business records: own: 张伟 is the owner" in text
    )


def test_people_are_found_by_what_one_calls_them(sales):
    assert find_person("张伟") == sales.seller
    assert find_person("007") == sales.seller
    assert find_person(str(sales.boss.pk)) == sales.boss
    sales.signs_in(sales.seller, "zhangwei")
    assert find_person("zhangwei") == sales.seller
    assert find_person("138 0000 1234") == sales.seller
    sales.person("张伟")
    with pytest.raises(Wrong, match="好几个"):
        find_person("张伟")
    with pytest.raises(Wrong, match="没有找到"):
        find_person("没有此人")


def test_records_are_found_by_key_and_by_address(sales):
    for text in ("customers.customer:%d", "customers/%d", "/customers/%d/", "customers:%d"):
        assert find_record(text % sales.huawei.pk) == sales.huawei
    for text in ("customers.customer", "customers/x", "customers/999999", "nothing/1"):
        with pytest.raises(Wrong):
            find_record(text)


def test_records_are_found_by_what_they_are_called(sales):
    for text in ("customers/华为", "customers.customer:华为", f"customers/{sales.huawei.number}"):
        assert find_record(text) == sales.huawei
    sales.customer("华为", sales.other)
    with pytest.raises(Wrong, match=f"华为 /customers/{sales.huawei.pk}/"):
        find_record("customers/华为")


def test_what_cannot_be_imported_has_no_address_for_it():
    text = "\n".join(explain_object(find_object("roles")))
    assert "/export/roles/" in text
    assert "/import/" not in text


def test_an_object_is_explained_with_everything_it_brings(sales):
    text = "\n".join(explain_object(find_object("customers")))
    for part in (
        "/customers/",
        "/customers/<int:record_id>/edit/",
        "/import/customers/template/",
        "/export/customers/",
        "/api/v1/customers/<int:record_id>",
        "channels.value",
        "customers.customer.created",
        "代表 (本人)",
        "可见范围取决于：负责人，或被共享的人",
        "字段\n    name  客户名称  text  columns, filters, search, import_key, form, order",
        "查询运算\n",
    ):
        assert part in text, part
    with override("en"):
        text = "\n".join(explain_object(find_object("opportunities")))
    assert (
        "Within reach by: owner, or shared with the person or the linked record: Customer" in text
    )
    assert "Fields\n" in text and "Operators of conditions\n" in text
    assert not re.search("[\u4e00-\u9fff]", text.partition("Rights\n")[0])
