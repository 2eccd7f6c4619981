import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guanxi.kernel.acts import delete_record
from guanxi.kernel.models import SameKey
from guanxi.kernel.registry import spec
from guanxi.kernel.same import digest_of, find_same, find_same_many, keys_of
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


def test_digests_fit_their_column_on_either_side_of_zero():
    digests = [digest_of("a.b", rule, str(number)) for rule in range(3) for number in range(50)]
    assert len(set(digests)) == 150
    assert -(2**63) <= min(digests) < 0 < max(digests) < 2**63


def test_keys_of_two_objects_are_two(huawei):
    assert digest_of("customers.customer", 2, "x") != digest_of("contacts.contact", 2, "x")
    assert digest_of("customers.customer", 2, "x") != digest_of("customers.customer", 1, "x")


def test_the_whole_of_a_long_key_counts():
    long = make(CUSTOMER, SYSTEM, 3, name="字" * 120)
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


@pytest.mark.django_db(transaction=True)
def test_keys_stored_as_text_are_carried_over():
    before = ("kernel", "0007_one_index_of_batches")
    after = ("kernel", "0008_same_keys_as_digests")
    executor = MigrationExecutor(connection)
    executor.migrate([before])
    old = executor.loader.project_state([before]).apps.get_model("kernel", "SameKey")
    old.objects.create(object="customers.customer", rule=0, key="华为技术", record_id=7)
    old.objects.create(book=2, object="contacts.contact", rule=1, key="王芳\x1f9", record_id=8)
    MigrationExecutor(connection).migrate([after])
    assert set(SameKey.objects.values_list("book", "object", "digest", "record_id")) == {
        (1, "customers.customer", digest_of("customers.customer", 0, "华为技术"), 7),
        (2, "contacts.contact", digest_of("contacts.contact", 1, "王芳\x1f9"), 8),
    }
