import pytest

from guanxi.kernel.acts import delete_record
from guanxi.kernel.models import SameKey
from guanxi.kernel.registry import spec
from guanxi.kernel.same import find_same, find_same_many, keys_of
from guanxi.kernel.values import edit_record
from guanxi.modules.contacts.models import Contact, ContactChannel, ContactCompany
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.testing.people import SYSTEM
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
CUSTOMER = spec("customers.customer")


def probe(name="", code="", phones=()):
    channels = [CustomerChannel(kind="mobile", value=text) for text in phones]
    for row in channels:
        row.derive()
    record = Customer(name=name, credit_code=code)
    return find_same(CUSTOMER, record, {"channels": channels}, book=1)


@pytest.fixture
def huawei():
    return make(
        CUSTOMER,
        SYSTEM,
        3,
        name="华为技术（深圳）有限公司",
        channels=[{"kind": "mobile", "value": "138 1234 5678", "is_main": True}],
    )


@pytest.mark.parametrize(
    "name", ["华为技术有限公司", "華為技術", " 华为　技术 股份有限公司", "华为技术(深圳)有限公司"]
)
def test_names_are_alike_by_their_core(huawei, name):
    assert probe(name=name) == {0: [huawei.pk]}


@pytest.mark.parametrize("text", ["13812345678", "+86 138-1234-5678", "１３８１２３４５６７８"])
def test_phones_are_alike_however_typed(huawei, text):
    assert probe(phones=[text]) == {2: [huawei.pk]}


def test_what_is_empty_is_like_nothing(huawei):
    assert probe() == {}
    assert probe(name="中兴通讯", phones=["13900000000"]) == {}
    assert keys_of(CUSTOMER, Customer(), {}) == set()


def test_keys_follow_every_change(huawei):
    edit_record(SYSTEM, huawei, {"name": "中兴通讯"})
    assert probe(name="华为技术") == {}
    assert probe(name="中兴通讯股份有限公司") == {0: [huawei.pk]}
    edit_record(SYSTEM, huawei, {"channels": []})
    assert probe(phones=["13812345678"]) == {}
    delete_record(SYSTEM, huawei)
    assert SameKey.objects.count() == 0


def test_a_record_is_not_like_itself(huawei):
    assert find_same(CUSTOMER, huawei, {}, book=1) == {}
    assert find_same(CUSTOMER, Customer(name=huawei.name), {}, book=2) == {}


def test_many_keys_are_looked_up_at_once(huawei):
    wanted = {(0, f"客户{number}") for number in range(2000)} | keys_of(CUSTOMER, huawei, {})
    found = find_same_many(CUSTOMER, wanted, book=1)
    assert found == {(0, "华为技术"): huawei.pk}


def test_long_keys_are_kept_short():
    long = make(CUSTOMER, SYSTEM, 3, name="字" * 120)
    assert all(len(key.key) <= 160 for key in SameKey.objects.all())
    assert probe(name="字" * 120) == {0: [long.pk]}
    assert probe(name="字" * 119) == {}


def test_people_are_alike_by_mobile_or_by_name_and_company(huawei):
    contact = spec("contacts.contact")

    def keys(name, *numbers, customer=huawei):
        channels = [ContactChannel(kind=kind, value=text) for kind, text in numbers]
        for row in channels:
            row.derive()
        places = [ContactCompany(customer=customer)] if customer else []
        return keys_of(contact, Contact(name=name), {"channels": channels, "companies": places})

    mobile, desk = ("mobile", "13812345678"), ("landline", "0755-28780808")
    assert keys("王伟", mobile, desk) & keys("李娜", mobile, desk) == {(0, "+8613812345678")}
    assert not keys("王伟", desk) & keys("李娜", desk)
    assert keys("王伟", desk) & keys("王伟")
    assert not keys("王伟", customer=None)
