import pytest

from guanxi.kernel.acts import delete_record, share_record, transfer_record, unshare_record
from guanxi.kernel.change import Many, change
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.journal import open_batch
from guanxi.kernel.models import Change
from guanxi.kernel.registry import spec
from guanxi.kernel.snapshot import snapshot
from guanxi.kernel.undo import may_undo, undo_batch, undo_change
from guanxi.kernel.values import edit_record
from guanxi.modules.catalog.models import Unit
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.testing.people import EVERYTHING, LOOK, SYSTEM, Company, actor
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
UNIT, CUSTOMER = spec("catalog.unit"), spec("customers.customer")


def batch_edit(units, remark):
    batch = open_batch(SYSTEM, UNIT, kind="test")
    many = Many(SYSTEM, units, verb="edit", batch=batch)
    for edit in many.edits:
        edit.record.remark = remark
    assert many.write() == []
    return batch


def newest(record):
    return Change.objects.select_related("payload").filter(record_id=record.pk).latest("pk")


def all_of(batch):
    """Undoes a batch to its end, a few changes at a time."""
    done, left, cursor = 0, [], 0
    while True:
        result, after = undo_batch(SYSTEM, batch, start=cursor, limit=2)
        done, left = done + result.done, left + result.left
        if after == cursor:
            return done, left
        cursor = after


def test_a_batch_is_taken_back_but_for_rows_touched_since():
    units = [make(UNIT, SYSTEM, number) for number in range(5)]
    before = {unit.pk: unit.remark for unit in units}
    batch = batch_edit(units, "成批")
    touched = Unit.rows(SYSTEM).get(pk=units[2].pk)
    with change(SYSTEM, touched):
        touched.remark = "之后"
    gone = Unit.rows(SYSTEM).get(pk=units[4].pk)
    delete_record(SYSTEM, gone)
    done, left = all_of(batch)
    assert done == 3
    reasons = {one.record_id: text for one, text in left}
    assert set(reasons) == {touched.pk, gone.pk}
    assert all(reasons.values())
    stored = dict(Unit.rows(SYSTEM).values_list("pk", "remark"))
    del before[gone.pk]
    assert stored == before | {touched.pk: "之后"}
    batch.refresh_from_db()
    assert Change.objects.filter(batch=batch.undone_by).count() == 3


def test_rows_a_batch_made_are_taken_away_unless_in_use():
    batch = open_batch(SYSTEM, UNIT, kind="test")
    fresh = [Unit(name=f"新单位{number}") for number in range(3)]
    assert Many(SYSTEM, fresh, verb="edit", batch=batch).write() == []
    product = make(spec("catalog.product"), SYSTEM, 1, unit=str(fresh[1].pk))
    done, left = all_of(batch)
    assert done == 2
    assert [change.record_id for change, _text in left] == [fresh[1].pk]
    assert list(Unit.rows(SYSTEM).filter(name__startswith="新单位")) == [fresh[1]]
    assert product.unit_id == fresh[1].pk


def test_undo_restores_every_column_and_child_row():
    # Read back: what is derived from a new row stands in the table only.
    customer = Customer.rows(SYSTEM).get(pk=make(CUSTOMER, SYSTEM, 4).pk)
    before = snapshot(customer)
    parts = list(CustomerChannel._all.filter(customer=customer).values("kind", "value", "is_main"))
    sparse = {name: "" for name in CUSTOMER.form_fields if name not in ("name", "nature")}
    kept = {"main_class": str(customer.main_class_id), "status": str(customer.status_id)}
    edit_record(SYSTEM, customer, sparse | kept | {"name": "另一个", "channels": []})
    assert not CustomerChannel._all.filter(customer=customer).exists()
    undo_change(SYSTEM, newest(customer))
    stored = Customer.rows(SYSTEM).get(pk=customer.pk)
    assert snapshot(stored) == before
    found = CustomerChannel._all.filter(customer=customer).order_by("position")
    assert list(found.values("kind", "value", "is_main")) == parts


def test_undo_of_undo_brings_the_change_again():
    unit = make(UNIT, SYSTEM, 1)
    with change(SYSTEM, unit):
        unit.remark = "改"
    undo_change(SYSTEM, newest(unit))
    undo_change(SYSTEM, newest(unit))
    assert Unit.rows(SYSTEM).get(pk=unit.pk).remark == "改"


def test_what_came_after_stays():
    unit = make(UNIT, SYSTEM, 1)
    with change(SYSTEM, unit):
        unit.remark = "一"
    first = newest(unit)
    with change(SYSTEM, unit):
        unit.colour = "red"
    with pytest.raises(Refused):
        undo_change(SYSTEM, first)
    stored = Unit.rows(SYSTEM).get(pk=unit.pk)
    assert (stored.remark, stored.colour) == ("一", "red")


def test_a_name_taken_meanwhile_keeps_the_deleted_row_away():
    unit = make(UNIT, SYSTEM, 1)
    delete_record(SYSTEM, unit)
    gone = Change.objects.select_related("payload").latest("pk")
    make(UNIT, SYSTEM, 1)
    with pytest.raises(Invalid) as caught:
        undo_change(SYSTEM, gone)
    assert list(caught.value.errors) == ["name"]
    assert Unit.rows(SYSTEM).count() == 1


def test_undo_needs_the_right_or_to_have_done_it():
    company = Company()
    unit = make(UNIT, SYSTEM, 1)
    other = company.person("同事", EVERYTHING)
    looker = company.person("只看", LOOK)
    with change(actor(other), unit):
        unit.remark = "同事改的"
    done = newest(unit)
    with pytest.raises(NotAllowed):
        undo_change(actor(looker), done)
    undo_change(actor(company.boss), done)
    assert Unit.rows(SYSTEM).get(pk=unit.pk).remark == "样例 1"


def test_what_has_gone_out_of_sight_is_not_taken_back():
    """An edit of one's own, too, once the share under which it was made has ended."""
    company = Company()
    anna, ben = actor(company.anna), actor(company.ben)
    customer = make(CUSTOMER, anna, 1)
    share_record(anna, customer, person_id=company.ben.pk, level="write")
    edit_record(ben, customer, {"remark": "本杰明写的"})
    done = newest(customer)
    assert may_undo(ben, done)
    unshare_record(anna, customer, person_id=company.ben.pk)
    assert not may_undo(ben, done)
    with pytest.raises(Missing):
        undo_change(ben, done)
    edit_record(anna, Customer.rows(anna).get(pk=customer.pk), {"remark": "安娜写的"})
    with pytest.raises(Missing):
        undo_change(ben, done)


def test_what_one_handed_over_oneself_comes_back():
    company = Company()
    anna = actor(company.anna)
    customer = make(CUSTOMER, anna, 1)
    transfer_record(anna, customer, owner_id=company.ben.pk)
    done = newest(customer)
    assert not Customer.rows(anna).exists()
    assert may_undo(anna, done)
    undo_change(anna, done)
    assert Customer.rows(anna).get().owner_id == company.anna.pk
