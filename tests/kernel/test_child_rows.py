import pytest

from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.check import required_message
from guanxi.kernel.errors import Invalid
from guanxi.kernel.models import Change
from guanxi.kernel.registry import spec
from guanxi.kernel.values import edit_record
from guanxi.modules.customers.models import CustomerChannel, CustomerClass
from guanxi.testing.people import SYSTEM
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
CUSTOMER = spec("customers.customer")


@pytest.fixture
def customer():
    return make(CUSTOMER, SYSTEM, 3)


def line(kind, value, *, main=False, **more):
    return {"kind": kind, "value": value, "is_main": main, **more}


def stored(customer):
    rows = CustomerChannel._all.filter(customer=customer).order_by("position")
    return [(row.kind, row.value, row.is_main) for row in rows]


def put(customer, *lines):
    edit_record(SYSTEM, customer, {"channels": list(lines)})


def kept(customer):
    rows = CustomerChannel._all.filter(customer=customer).order_by("position")
    return [line(row.kind, row.value, main=row.is_main, id=str(row.pk)) for row in rows]


def test_each_kind_has_exactly_one_main(customer):
    put(customer, line("mobile", "13800000001"), line("mobile", "13800000002"), line("qq", "1"))
    assert stored(customer) == [
        ("mobile", "13800000001", True),
        ("mobile", "13800000002", False),
        ("qq", "1", True),
    ]
    rows = kept(customer)
    rows[1]["is_main"] = True
    put(customer, *rows)
    assert [main for _kind, _value, main in stored(customer)] == [False, True, True]


def test_one_mark_for_all_kinds_leaves_the_others_theirs(customer):
    """A form has one radio button for all of them; a kind nobody marked keeps its main row."""
    put(customer, line("mobile", "13800000001"), line("qq", "1"), line("qq", "2", main=True))
    rows = kept(customer)
    for row, marked in zip(rows, (True, False, False), strict=True):
        row["is_main"] = marked
    put(customer, *rows)
    assert [main for _kind, _value, main in stored(customer)] == [True, False, True]


def test_the_journal_holds_both_states_and_ids_stay(customer):
    put(customer, line("qq", "1"))
    first = CustomerChannel._all.get(customer=customer).pk
    put(customer, line("qq", "2", id=str(first)), line("wechat", "w"))
    assert CustomerChannel._all.filter(pk=first, value="2").exists()
    diff = Change.objects.select_related("payload").latest("pk").payload.diff["channels"]
    assert [row["value"] for row in diff[0]] == ["1"]
    assert [row["value"] for row in diff[1]] == ["2", "w"]
    version = customer.version
    put(customer, *kept(customer))
    assert customer.version == version, "the same rows again are no change"


def test_wrong_rows_are_named_by_their_place(customer):
    with pytest.raises(Invalid) as caught:
        put(
            customer,
            line("qq", "1"),
            line("mobile", "12"),
            line("email", "x"),
            line("qq", "字" * 121),
        )
    assert set(caught.value.errors) == {"channels.1", "channels.2", "channels.3.value"}
    with pytest.raises(Invalid) as caught:
        put(customer, {"kind": "qq", "value": "", "remark": "没有号码"})
    assert caught.value.errors == {"channels.0.value": [required_message()]}
    assert stored(customer) == []


def test_rows_of_another_record_cannot_be_taken(customer):
    other = make(CUSTOMER, SYSTEM, 4)
    theirs = CustomerChannel._all.filter(customer=other).order_by("pk")[0]
    with pytest.raises(Invalid) as caught:
        put(customer, line("qq", "偷来", id=str(theirs.pk)))
    assert list(caught.value.errors) == ["channels.0"]
    assert CustomerChannel._all.get(pk=theirs.pk).customer_id == other.pk


def test_a_class_that_became_invalid_may_stay(customer):
    """What already stands may stay, in child rows as in the record itself."""
    further = make(spec("customers.customerclass"), SYSTEM, 1)
    edit_record(SYSTEM, customer, {"classings": [{"kind": str(further.pk)}]})
    row = customer_classes(customer)[0]
    edit_record(SYSTEM, customer, {"main_class": str(make(spec(CustomerClass), SYSTEM, 2).pk)})
    void = CustomerClass.rows(SYSTEM).get(pk=further.pk)
    from_form = {"id": str(row.pk), "kind": str(further.pk)}
    invalidate_record(SYSTEM, void)
    edit_record(SYSTEM, customer, {"name": "改名", "classings": [from_form]})
    assert customer.name == "改名"
    with pytest.raises(Invalid):
        edit_record(SYSTEM, customer, {"classings": [{"kind": str(further.pk)}]})


def customer_classes(customer):
    model = CUSTOMER.part("classings").model
    return list(model._all.filter(customer=customer))


@pytest.mark.parametrize("sent", ["text", 7, None, {"kind": "qq"}])
def test_what_is_no_list_is_refused(customer, sent):
    with pytest.raises(Invalid):
        edit_record(SYSTEM, customer, {"channels": sent})
