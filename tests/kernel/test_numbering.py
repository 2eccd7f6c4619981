"""Numbers given to new records: patterns, periods, many at once, rolled back, typed by hand."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from guanxi.kernel import numbering, registry
from guanxi.kernel.change import begin_batch, change, change_many
from guanxi.kernel.errors import Invalid, Wrong
from guanxi.kernel.models import NumberCount, NumberRule
from guanxi.kernel.numbering import BLOCKS, Rule, check_rule, keep_rule, last_count, set_next
from guanxi.kernel.spec import Number
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.customers.models import Customer, CustomerClass, CustomerStatus
from guanxi.testing.people import SYSTEM, Company

TODAY = date(2026, 11, 22)


@pytest.fixture
def spec():
    return registry.spec("customers.customer")


@pytest.fixture
def company(db):
    BLOCKS.forget()
    return Company()


@pytest.fixture
def gapless(company, spec):
    keep_rule(spec, 1, Rule("KH-{n:3}", "never", gapless=True))
    set_next(spec, 1, TODAY, 1)


def made(name="甲", **values):
    return create_record(SYSTEM, registry.spec("customers.customer"), {"name": name, **values})


def fresh(name):
    links = {
        "main_class_id": CustomerClass.rows(SYSTEM).first().pk,
        "status_id": CustomerStatus.rows(SYSTEM).first().pk,
    }
    return Customer(name=name, **links)


def numbers():
    return list(Customer.rows(SYSTEM).order_by("id").values_list("number", flat=True))


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("KH-{n:5}", "KH-00042"),
        ("{yyyy}{mm}{dd}-{n}", "20261122-42"),
        ("客户{yy}年{n:2}号", "客户26年42号"),
        ("{n:1}", "42"),
    ],
)
def test_patterns_are_shown(pattern, shown):
    assert Rule(pattern, "never", gapless=False).show(TODAY, 42) == shown


@pytest.mark.parametrize(
    ("pattern", "reset"),
    [
        ("KH", "never"),
        ("{n}{n}", "never"),
        ("KH-{x}-{n}", "never"),
        ("KH-{n:12}", "never"),
        ("KH-{n", "never"),
        (" KH-{n}", "never"),
        ("KH-\u200b{n}", "never"),
        ("{mm}{n}", "month"),
        ("{yyyy}{n}", "month"),
        ("{yyyy}{mm}{n}", "day"),
        ("{n}", "year"),
        ("a very long text that fills the field{n}", "never"),
    ],
)
def test_patterns_that_make_no_numbers_or_the_same_twice_are_refused(pattern, reset):
    with pytest.raises(Wrong):
        check_rule(Rule(pattern, reset, gapless=False), longest=40)


def test_new_records_are_numbered_and_old_ones_keep_theirs(gapless):
    first = made()
    assert first.number == "KH-001"
    edit_record(SYSTEM, first, {"name": "改"})
    assert first.number == "KH-001"
    assert made("乙").number == "KH-002"


def test_a_number_typed_is_kept_and_stepped_over(gapless):
    assert made(number="KH-002").number == "KH-002"
    assert [made(name).number for name in "甲乙丙"] == ["KH-001", "KH-003", "KH-004"]


def test_where_none_may_be_typed_it_is_refused_at_its_field(gapless, spec, monkeypatch):
    monkeypatch.setitem(spec.__dict__, "number", Number("number", "KH-{n:3}", typed=False))
    with pytest.raises(Invalid) as found:
        made(number="KH-9")
    assert list(found.value.errors) == ["number"]


def test_the_count_begins_anew_with_the_day_in_the_company_s_zone(company, spec):
    keep_rule(spec, 1, Rule("{yyyy}{mm}{dd}-{n:2}", "day", gapless=True))
    batch = begin_batch(SYSTEM, spec, kind="test")
    many = change_many(SYSTEM, [fresh(name) for name in "甲乙丙丁"], batch=batch)
    # Shanghai is eight hours ahead: 15:59 and 16:00 in London lie on two days.
    moments = [(20, 15, 59), (20, 16, 0), (21, 3, 0), (20, 3, 0)]
    for edit, (day, hour, minute) in zip(many.edits, moments, strict=True):
        edit.at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    assert many.write() == []
    assert numbers() == ["20260320-01", "20260321-01", "20260321-02", "20260320-02"]


def test_many_are_numbered_in_their_order_and_faulty_ones_take_none(gapless, spec):
    batch = begin_batch(SYSTEM, spec, kind="test")
    records = [fresh(f"客户{number}") for number in range(60)]
    records[10].name = ""
    records[20].number = "KH-030"
    assert len(change_many(SYSTEM, records, batch=batch).write()) == 1
    given = numbers()
    assert given[:10] == [f"KH-{count:03d}" for count in range(1, 11)]
    assert given[19] == "KH-030"
    assert sorted(given) == [f"KH-{count:03d}" for count in range(1, 60)]


def test_many_step_over_numbers_that_exist(gapless, spec):
    for taken in (5, 9, 10):
        made(number=f"KH-{taken:03d}")
    records = [fresh(f"客户{number}") for number in range(12)]
    assert change_many(SYSTEM, records, batch=begin_batch(SYSTEM, spec, kind="test")).write() == []
    rest = {f"KH-{count:03d}" for count in range(1, 16) if count not in (5, 9, 10)}
    assert {record.number for record in records} == rest


def test_a_rolled_back_record_leaves_no_gap(gapless):
    with pytest.raises(RuntimeError), transaction.atomic():
        made()
        raise RuntimeError
    assert made("乙").number == "KH-001"


def test_the_next_number_can_be_set(gapless, spec):
    made()
    set_next(spec, 1, TODAY, 500)
    assert last_count(spec, 1, TODAY) == 499
    assert made("乙").number == "KH-500"
    set_next(spec, 1, TODAY, 1)
    assert made("丙").number == "KH-002"


def test_a_record_without_a_number_is_not_given_one_when_it_is_changed(gapless):
    from_before = made()
    made("乙")
    with change(SYSTEM, from_before):
        from_before.number = ""
    with change(SYSTEM, from_before):
        from_before.remark = "没有编号也行"
    assert numbers() == ["", "KH-002"]


def test_a_rule_is_refused_before_it_is_kept(company, spec):
    with pytest.raises(Wrong):
        keep_rule(spec, 1, Rule("no count", "never", gapless=False))
    assert not NumberRule.objects.exists()


@pytest.fixture
def shared(transactional_db):
    """Blocks are set aside for good, so tests that are rolled back have left counts behind."""
    NumberCount.objects.all().delete()
    BLOCKS.forget()
    return Company()


def together(work, count):
    """Runs work(number) in so many threads, each with a connection of its own."""
    start, faults = threading.Barrier(count), []

    def run(number):
        try:
            start.wait()
            work(number)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("is_gapless", [True, False])
def test_people_who_save_at_once_get_different_numbers(shared, spec, is_gapless):
    keep_rule(spec, 1, Rule("KH-{n:3}", "never", gapless=is_gapless))

    def save(number):
        for step in range(5):
            try:
                with transaction.atomic():
                    made(f"客户{number}-{step}")
                    if step == 2:
                        raise KeyError
            except KeyError:
                continue

    together(save, 4)
    given = sorted(numbers())
    assert len(set(given)) == len(given) == 16
    if is_gapless or connection.vendor == "sqlite":
        assert given == [f"KH-{count:03d}" for count in range(1, 17)]


def test_a_block_is_not_handed_out_twice_when_the_count_is_held(shared, spec):
    """Whoever has just set the next number creates in the same transaction."""
    with transaction.atomic():
        set_next(spec, 1, TODAY, 700)
        assert made().number == numbering.rule_of(spec, 1).show(TODAY, 700)
