import pytest

from guanxi.kernel.acts import delete_record, uses_of
from guanxi.kernel.errors import Missing, NotAllowed, Refused
from guanxi.kernel.order import move_records, ordered_rows, shift_records
from guanxi.kernel.recycle import deleted_rows, find_deleted
from guanxi.kernel.registry import spec
from guanxi.kernel.undo import undo_change
from guanxi.testing.people import SYSTEM, Company, actor
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
PRODUCT, CATEGORY = spec("catalog.product"), spec("catalog.productcategory")
CUSTOMER, CHANCE = spec("customers.customer"), spec("sales.opportunity")


def products(count, category):
    return [make(PRODUCT, SYSTEM, n, category=str(category.pk)).pk for n in range(count)]


def now(group=None):
    return [row.pk for row in ordered_rows(SYSTEM, PRODUCT, group=group)]


def test_new_rows_stand_at_the_end():
    category = make(CATEGORY, SYSTEM, 1)
    made = products(3, category)
    assert now() == made
    assert [row.position for row in ordered_rows(SYSTEM, PRODUCT)] == [1, 2, 3]


def test_a_block_moves_together_and_stays_within_its_ends():
    a, b, c, d = products(4, make(CATEGORY, SYSTEM, 1))
    move_records(SYSTEM, PRODUCT, [d, b], to=1)
    assert now() == [b, d, a, c]
    move_records(SYSTEM, PRODUCT, [b, a], to=99)
    assert now() == [d, c, b, a]
    shift_records(SYSTEM, PRODUCT, [d, c], by=-1)
    assert now() == [d, c, b, a]
    shift_records(SYSTEM, PRODUCT, [d, b], by=1)
    assert now() == [c, d, a, b]


def test_order_within_a_group_moves_no_other_row():
    one, two = make(CATEGORY, SYSTEM, 1), make(CATEGORY, SYSTEM, 2)
    a, b = products(2, one)
    c = make(PRODUCT, SYSTEM, 7, category=str(two.pk)).pk
    d = make(PRODUCT, SYSTEM, 8, category=str(one.pk)).pk
    move_records(SYSTEM, PRODUCT, [d], to=1, group=one.pk)
    assert now(one.pk) == [d, a, b]
    assert now() == [d, a, c, b]
    with pytest.raises(Missing):
        move_records(SYSTEM, PRODUCT, [c], to=1, group=one.pk)


def test_the_bin_shows_what_lies_within_reach_and_gives_it_back():
    company = Company()
    anna, ben, boss = (actor(one) for one in (company.anna, company.ben, company.boss))
    hers = make(CUSTOMER, anna, 1, owner=str(company.anna.pk))
    gone = delete_record(boss, hers)
    assert [one.change.pk for one in deleted_rows(anna, [CUSTOMER], limit=9)] == [gone.pk]
    assert deleted_rows(ben, [CUSTOMER], limit=9) == []
    assert find_deleted(ben, [gone.pk]) == []
    with pytest.raises(NotAllowed):
        undo_change(ben, gone)
    undo_change(anna, gone)
    assert CUSTOMER.model.rows(anna).get(pk=hers.pk).name == hers.name
    assert deleted_rows(boss, [CUSTOMER], limit=9) == []


def test_a_row_comes_back_only_after_the_one_it_belongs_to():
    Company()
    customer = make(CUSTOMER, SYSTEM, 1)
    chance = make(CHANCE, SYSTEM, 2, customer=str(customer.pk))
    assert [(use.spec, use.path, use.count) for use in uses_of(customer)] == [
        (CHANCE, "customer", 1)
    ]
    second, first = delete_record(SYSTEM, chance), delete_record(SYSTEM, customer)
    with pytest.raises(Refused, match=r"已删除|deleted"):
        undo_change(SYSTEM, second)
    undo_change(SYSTEM, first)
    undo_change(SYSTEM, second)
    assert CHANCE.model.rows(SYSTEM).get(pk=chance.pk).customer_id == customer.pk
