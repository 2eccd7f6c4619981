"""Contacts: reached through their companies, guarded ID numbers, cards, duplicates, import."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Wrong
from guanxi.kernel.idcards import make_id_number
from guanxi.kernel.models import Payload
from guanxi.kernel.query import compile_q, read
from guanxi.kernel.sealing import Sealed
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.contacts.models import Contact, ContactAddress, ContactCompany
from guanxi.modules.contacts.specs import CONTACT
from guanxi.modules.contacts.vcard import vcard
from guanxi.modules.customers.models import Customer
from guanxi.modules.customers.specs import CUSTOMER
from guanxi.testing.imports import bring
from guanxi.testing.people import SELL, Company, actor, browser

pytestmark = pytest.mark.django_db
NUMBER = make_id_number(4711)


@pytest.fixture
def company() -> Iterator[Company]:
    yield Company()


def _customer(company: Company, person: Any, name: str) -> Customer:
    found = create_record(actor(person), CUSTOMER, {"name": name})
    assert isinstance(found, Customer)
    return found


def _contact(person: Any, **raw: Any) -> Contact:
    found = create_record(actor(person), CONTACT, {"name": "王小二", **raw})
    assert isinstance(found, Contact)
    return found


def test_a_contact_is_reached_through_its_companies(company: Company) -> None:
    theirs = _customer(company, company.anna, "安娜的客户")
    contact = _contact(company.boss, companies=[{"customer": str(theirs.pk), "job": "经理"}])
    assert Contact.rows(actor(company.anna)).filter(pk=contact.pk).count() == 1
    assert not Contact.rows(actor(company.ben)).filter(pk=contact.pk).exists()
    assert browser(company.anna).get(f"/contacts/{contact.pk}/").status_code == 200
    assert browser(company.ben).get(f"/contacts/{contact.pk}/").status_code == 404
    page = browser(company.anna).get(f"/customers/{theirs.pk}/").content.decode()
    assert f'href="/contacts/{contact.pk}/"' in page
    assert f"/contacts/new/?companies.customer={theirs.pk}" in page


def test_two_companies_in_reach_do_not_double_the_row(company: Company) -> None:
    ids = [_customer(company, company.anna, f"客户{n}").pk for n in (1, 2)]
    contact = _contact(company.boss, companies=[{"customer": str(one)} for one in ids])
    assert list(Contact.rows(actor(company.anna)).filter(pk=contact.pk)) == [contact]


def test_a_company_stands_once(company: Company) -> None:
    theirs = str(_customer(company, company.anna, "客户").pk)
    with pytest.raises(Invalid):
        _contact(company.anna, companies=[{"customer": theirs}, {"customer": theirs}])


def test_the_form_begins_with_the_company(company: Company) -> None:
    theirs = _customer(company, company.anna, "从客户页新建")
    page = browser(company.anna).get("/contacts/new/", {"companies.customer": theirs.pk})
    shown = page.content.decode()
    assert f'name="companies-0-customer" value="{theirs.pk}"' in shown
    assert "从客户页新建" in shown


def test_id_numbers_lie_encrypted_and_are_found_as_a_whole(company: Company) -> None:
    contact = _contact(company.boss, id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, id_number_mark FROM contacts_contact")
        stored = cursor.fetchone()
    assert NUMBER not in " ".join(stored)
    assert NUMBER not in str(list(Payload.objects.values_list("diff", flat=True)))
    assert contact.pk and Contact.rows(actor(company.boss)).get().id_number == NUMBER
    tree = read(CONTACT, ["id_number", "is", NUMBER], actor=actor(company.boss))
    assert Contact.rows(actor(company.boss)).filter(compile_q(tree)).count() == 1
    other = read(CONTACT, ["id_number", "is", make_id_number(1)], actor=actor(company.boss))
    assert not Contact.rows(actor(company.boss)).filter(compile_q(other)).exists()


def test_without_a_rule_it_can_be_typed_but_not_read(company: Company) -> None:
    contact = _contact(company.anna, id_number=NUMBER)
    page = browser(company.anna).get(f"/contacts/{contact.pk}/").content.decode()
    assert NUMBER not in page
    assert f"****{NUMBER[-4:]}" in page
    form = browser(company.anna).get(f"/contacts/{contact.pk}/edit/").content.decode()
    assert NUMBER not in form
    edit_record(actor(company.anna), contact, {"id_number": "", "remark": "改"})
    assert Contact.rows(actor(company.boss)).get(pk=contact.pk).id_number == NUMBER
    with pytest.raises(Wrong):
        read(CONTACT, ["id_number", "is", NUMBER], actor=actor(company.anna))
    other = make_id_number(5)
    edit_record(actor(company.anna), contact, {"id_number": other})
    assert Contact.rows(actor(company.boss)).get(pk=contact.pk).id_number == other


def test_one_role_that_frees_it_is_enough_for_own_rows(company: Company) -> None:
    rules = [("contacts.contact", "id_number", "free", "masked")]
    reader = company.person("人事", SELL, rules=rules)
    contact = _contact(reader, id_number=NUMBER)
    assert NUMBER in browser(reader).get(f"/contacts/{contact.pk}/").content.decode()


@pytest.mark.parametrize("text", [NUMBER[:-1], NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")])
def test_numbers_that_fail_the_check_are_refused(company: Company, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        _contact(company.boss, id_number=text)
    assert list(refused.value.errors) == ["id_number"]


def test_another_key_says_so_and_an_older_one_still_opens(company: Company) -> None:
    first, second = "a" * 40, "b" * 40
    with override_settings(FIELD_KEYS=(first,)):
        contact = _contact(company.boss, id_number=NUMBER)
    with override_settings(FIELD_KEYS=(second,)):
        stored = Contact.rows(actor(company.boss)).get(pk=contact.pk)
        page = browser(company.boss).get(f"/contacts/{contact.pk}/").content.decode()
        assert "另一把密钥" in page
        with pytest.raises(Wrong):
            stored.id_number.open()
        with change(actor(company.boss), stored):
            stored.remark = "别的内容照样能改"
    with override_settings(FIELD_KEYS=(second, first)):
        stored = Contact.rows(actor(company.boss)).get(pk=contact.pk)
        assert isinstance(stored.id_number, Sealed)
        assert stored.id_number.open() == NUMBER
        tree = read(CONTACT, ["id_number", "is", NUMBER], actor=actor(company.boss))
        assert Contact.rows(actor(company.boss)).filter(compile_q(tree)).exists()


def test_a_card_holds_what_its_reader_may_see(company: Company) -> None:
    theirs = _customer(company, company.anna, "名片，公司")
    contact = _contact(
        company.anna,
        name="欧阳娜",
        birthday="农历八月十五",
        id_number=NUMBER,
        companies=[{"customer": str(theirs.pk), "job": "经理"}],
        channels=[{"kind": "mobile", "value": "13800138000"}, {"kind": "wechat", "value": "wx1"}],
    )
    answer = browser(company.anna).get(f"/contacts/{contact.pk}/vcard/")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/vcard")
    assert "N:欧阳;娜;;;\r\n" in text
    assert "TEL;TYPE=CELL,VOICE;TYPE=PREF:+8613800138000\r\n" in text
    assert "ORG:名片，公司\r\n" in text
    assert NUMBER not in text
    assert "BDAY;VALUE=text:农历八月十五" in vcard(actor(company.anna), contact, "4.0")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert browser(company.ben).get(f"/contacts/{contact.pk}/vcard/").status_code == 404


def test_the_same_mobile_number_is_asked_about(company: Company) -> None:
    _contact(company.boss, channels=[{"kind": "mobile", "value": "138 0013 8000"}])
    sent = {"name": "同号的人", "channels-TOTAL": "1", "channels-0-kind": "mobile"}
    answer = browser(company.boss).post(
        "/contacts/new/", sent | {"channels-0-value": "+86 13800138000"}
    )
    assert "王小二" in answer.content.decode()
    assert Contact.rows(actor(company.boss)).count() == 1


@pytest.mark.parametrize("typed", ["王小二", "wxe", "8000"])
def test_found_by_name_initials_and_last_digits(company: Company, typed: str) -> None:
    _contact(company.boss, channels=[{"kind": "mobile", "value": "13800138000"}])
    assert "王小二" in browser(company.boss).get("/contacts/", {"q": typed}).content.decode()


def test_a_table_names_the_company_and_the_role(company: Company) -> None:
    theirs = _customer(company, company.boss, "苏州启明精密机械有限公司")
    table = (
        "姓名,客户,职务,采购角色,手机,生日,身份证号,详细地址\n"
        f"张三丰,{theirs.name},采购经理,决策者,13812567790,农历八月十五,{NUMBER},"
        "广东省深圳市南山区科技园1号\n"
    )
    imported = bring(company.boss, CONTACT.key, table)
    assert imported.counts == {"created": 1}
    contact = Contact.rows(actor(company.boss)).get(name="张三丰")
    place = ContactCompany._all.get(contact=contact)
    assert (place.customer_id, place.job, place.role.code) == (
        theirs.pk,
        "采购经理",
        "decision_maker",
    )
    address = ContactAddress._all.get(contact=contact)
    assert (address.region, address.detail) == ("440305", "科技园1号")
    assert (contact.birthday, contact.id_number) == ("L--08-15", NUMBER)
