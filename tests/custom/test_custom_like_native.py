"""Bulk edit, search, possible duplicates and pinyin order know custom fields like native ones."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from guanxi.custom.jobs import FIND, make_findable
from guanxi.custom.models import CustomField
from guanxi.jobs import queue
from guanxi.jobs.models import Job
from guanxi.jobs.run import Run
from guanxi.kernel import acts
from guanxi.kernel.actor import system_actor
from guanxi.kernel.errors import Invalid
from guanxi.kernel.extra_paths import sort_key
from guanxi.kernel.models import Batch, Change, SameKey
from guanxi.kernel.paging import order_keys, page_of
from guanxi.kernel.same import find_same
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.undo import undo_change
from guanxi.kernel.values import edit_record
from guanxi.people.models import FieldRule
from guanxi.search.documents import rebuild_documents
from guanxi.search.find import narrow
from guanxi.testing.html import Reader
from guanxi.testing.imports import bring
from guanxi.testing.people import Company

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")


def fresh(record):
    return type(record).rows(SYSTEM).get(pk=record.pk)


def found(customers, text, actor=SYSTEM):
    rows = narrow(customers, actor, unscoped(customers, actor), text)
    return sorted(rows.values_list("name", flat=True))


def in_order(customers, order):
    keys = order_keys(customers, order, actor=SYSTEM)
    page = page_of(customers, SYSTEM, unscoped(customers, SYSTEM), keys=keys, size=50)
    return [row.name for row in page.rows]


def run_find():
    """What the worker would do, within this test's transaction."""
    Job.objects.exclude(kind=FIND).delete()
    job = queue.claim("bulk", "tests", lease=timedelta(minutes=1))
    make_findable(Run(job), **job.arguments)
    job.delete()


def hide(path):
    return FieldRule(object="customers.customer", field=path, mine="hidden", others="hidden")


@pytest.mark.parametrize("typed", ["深水港", "shenshuigang", "ssg", "HT-2026", "SSG"])
def test_a_custom_text_is_found(define, add, customers, typed):
    path = define("text").path
    add("甲公司", **{path: "深水港项目 HT-2026"})
    add("乙公司", **{path: "别的"})
    assert found(customers, typed) == ["甲公司"]


def test_documents_follow_each_change_of_a_custom_text(define, add, customers):
    short, long = define("text").path, define("long_text").path
    record = add("甲公司", **{short: "深水港"})
    edit_record(SYSTEM, record, {short: "", long: "第一行\n去年在展会认识"})
    assert (found(customers, "深水"), found(customers, "展会")) == ([], ["甲公司"])
    undo_change(SYSTEM, Change.objects.filter(record_id=record.pk).latest("id"))
    assert (found(customers, "深水"), found(customers, "展会")) == (["甲公司"], [])
    rebuild_documents(customers)
    assert found(customers, "深水") == ["甲公司"]


def test_what_somebody_may_not_see_she_does_not_find(define, add, customers, person):
    path, other = define("text").path, define("long_text").path
    add("甲公司", **{path: "深水港", other: "展会"})
    colleague = person("看不到的", rules=[hide(path)]).actor
    assert found(customers, "深水", colleague) == []
    assert found(customers, "展会", colleague) == ["甲公司"]


def test_a_field_can_be_left_out_of_the_search_and_come_back(define, add, customers):
    field = define("text", searched="")
    add("甲公司", **{field.path: "深水港"})
    assert found(customers, "深水") == []
    edit_record(SYSTEM, field, {"searched": "1"})
    run_find()
    assert found(customers, "深水") == ["甲公司"]
    edit_record(SYSTEM, field, {"searched": ""})
    assert found(customers, "深水") == []


def test_an_invalidated_field_is_not_searched(define, add, customers):
    field = define("text")
    add("甲公司", **{field.path: "深水港"})
    acts.invalidate_record(SYSTEM, field)
    assert found(customers, "深水") == []
    acts.restore_record(SYSTEM, fresh(field))
    run_find()
    assert found(customers, "深水") == ["甲公司"]


def probe(customers, path, stored):
    record = customers.model(extra={path: stored})
    return find_same(customers, record, {}, book=1)


@pytest.mark.parametrize(
    ("kind", "typed", "like", "unlike"),
    [("text", "会员 ａ-77", "会员 A-77", "会员 A-78"), ("integer", "1,200", 1200, 1201)],
)
def test_equal_values_are_possible_duplicates(define, add, customers, kind, typed, like, unlike):
    path = define(kind, alike="1").path
    record = add("甲公司", **{path: typed})
    assert list(probe(customers, path, like).values()) == [[record.pk]]
    assert probe(customers, path, unlike) == {}
    edit_record(SYSTEM, record, {path: ""})
    assert probe(customers, path, like) == {}


def test_two_fields_are_not_mixed_up(define, add, customers):
    one = define("text", alike="1").path
    other = define("text", name="另一个编号", alike="1").path
    add("甲公司", **{one: "77"})
    assert probe(customers, other, "77") == {}


def test_keys_of_old_rows_are_made_by_the_job(define, add, customers):
    field = define("text")
    record = add("甲公司", **{field.path: "A77"})
    native = set(SameKey.objects.values_list("digest", flat=True))
    edit_record(SYSTEM, field, {"alike": "1"})
    assert probe(customers, field.path, "A77") == {}
    run_find()
    assert list(probe(customers, field.path, "A77").values()) == [[record.pk]]
    kept = set(SameKey.objects.values_list("digest", flat=True))
    assert native < kept
    assert len(kept) == len(native) + 1


def test_a_choice_tells_no_duplicates(define):
    with override("en"), pytest.raises(Invalid) as raised:
        define("choice", alike="1")
    assert list(raised.value.errors) == ["alike"]


def test_the_form_asks_before_a_second_one_is_saved(define, person):
    path = define("text", alike="1").path
    client = Client()
    client.force_login(person("录入员").user)
    assert client.post("/customers/new/", {"name": "甲公司", path: "A77"}).status_code == 303
    asked = client.post("/customers/new/", {"name": "完全不同", path: "a77"})
    assert asked.status_code == 200
    assert "甲公司" in Reader(asked.content.decode()).text()
    again = {"name": "完全不同", path: "a77", "not_alike": "1"}
    assert client.post("/customers/new/", again).status_code == 303


def test_an_import_skips_a_second_one(fields):
    company = Company()
    edit_record(SYSTEM, CustomField.rows(SYSTEM).get(name="备注2"), {"alike": "1"})
    lines = "客户名称,备注2\n甲公司,A77\n乙公司,A77\n丙公司,A78\n"
    imported = bring(company.boss, "customers.customer", lines)
    assert imported.counts == {"created": 2, "skipped": 1}


def test_a_custom_text_sorts_by_pinyin(define, add, customers):
    path = define("text").path
    for name, value in [("一", "重庆"), ("二", "北京"), ("三", "Acme"), ("四", "安徽"), ("五", "")]:
        add(name, **{path: value})
    assert in_order(customers, path) == ["五", "三", "四", "二", "一"]
    assert in_order(customers, f"-{path}") == ["一", "二", "四", "三", "五"]


def test_the_sort_key_follows_the_value_and_leaves_no_trace(define, add, customers):
    path = define("text").path
    record = add("甲公司", **{path: "重庆"})
    edit_record(SYSTEM, record, {path: "北京"})
    assert fresh(record).extra == {path: "北京", sort_key(path): "bei jing"}
    last = Change.objects.filter(record_id=record.pk).latest("id")
    assert last.payload.diff == {path: ["重庆", "北京"]}
    undo_change(SYSTEM, last)
    assert fresh(record).extra == {path: "重庆", sort_key(path): "chong qing"}
    edit_record(SYSTEM, fresh(record), {path: ""})
    assert fresh(record).extra == {}


def test_custom_fields_are_edited_in_bulk(fields, add, person):
    rows = [add(f"公司{number}", **{fields.boolean: "1"}) for number in range(3)]
    client = Client()
    client.force_login(person("管理员").user)
    ticks = {"tick": [row.pk for row in rows[:2]]}
    asked = client.post("/customers/bulk/edit/", ticks).content.decode()
    assert all(f'name="{path}"' in asked for path in vars(fields).values())
    sent = {
        **ticks,
        "confirmed": "1",
        fields.text: "批量",
        fields.integer: "7",
        fields.boolean: "0",
    }
    assert client.post("/customers/bulk/edit/", sent).status_code == 303
    stored = [fresh(row).extra.get(fields.integer) for row in rows]
    ticked = [fresh(row).extra.get(fields.boolean) for row in rows]
    assert (stored, ticked) == ([7, 7, None], [None, None, True])
    client.post(f"/undo/batch/{Batch.objects.latest('id').pk}/")
    assert [fresh(row).extra.get(fields.integer) for row in rows] == [None] * 3


def test_a_closed_field_is_not_offered_in_bulk(define, add, person):
    path, row = define("text").path, add("甲公司")
    client = Client()
    client.force_login(person("看不到的", rules=[hide(path)]).user)
    asked = client.post("/customers/bulk/edit/", {"tick": [row.pk]})
    assert f'name="{path}"' not in asked.content.decode()
    sent = {"tick": [row.pk], "confirmed": "1", path: "批量"}
    client.post("/customers/bulk/edit/", sent)
    assert fresh(row).extra == {}
