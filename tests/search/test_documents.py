"""Documents keep step with records, whatever door a change comes through."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.cli import main
from guanxi.kernel import acts, registry, stamps
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change, change_many
from guanxi.kernel.models import Batch, Change
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.undo import undo_batch, undo_change
from guanxi.kernel.values import edit_record
from guanxi.search import documents, store
from guanxi.search.find import narrow
from guanxi.search.layout import table_of
from guanxi.search.models import Layout

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")


def found(spec, text):
    return sorted(str(row) for row in narrow(spec, SYSTEM, unscoped(spec, SYSTEM), text))


def undo_last(record):
    undo_change(SYSTEM, Change.objects.filter(record_id=record.pk).latest("id"))


def test_a_new_record_is_found_at_once(team, add, customers):
    add(team.lin.id, "深圳市华为技术有限公司", "138 1234 5678", "zhang@huawei.example")
    for text in ("华为", "hw", "5678", "zhang", "ｈｗ", "５６７８", "華為"):
        assert found(customers, text) == ["深圳市华为技术有限公司"], text
    assert found(customers, "中兴") == []


def test_a_renamed_record_is_found_by_its_new_name_only(team, add, customers):
    record = add(team.lin.id, "华为技术", "13812345678")
    edit_record(SYSTEM, record, {"name": "中兴通讯"})
    assert (found(customers, "华为"), found(customers, "中兴")) == ([], ["中兴通讯"])
    assert found(customers, "5678") == ["中兴通讯"]
    undo_last(record)
    assert (found(customers, "华为"), found(customers, "中兴")) == (["华为技术"], [])


def test_new_channels_replace_the_old_ones(team, add, customers):
    record = add(team.lin.id, "华为技术", "13812345678")
    edit_record(SYSTEM, record, {"channels": [{"kind": "mobile", "value": "13900001111"}]})
    assert (found(customers, "5678"), found(customers, "1111")) == ([], ["华为技术"])
    assert found(customers, "华为") == ["华为技术"]


def test_deleted_and_brought_back(team, add, customers):
    record = add(team.lin.id, "华为技术", "13812345678")
    gone = acts.delete_record(SYSTEM, record)
    assert found(customers, "华为") == []
    undo_change(SYSTEM, gone)
    assert found(customers, "华为") == found(customers, "5678") == ["华为技术"]


def test_an_undone_creation_leaves_no_document(team, add, customers):
    record = add(team.lin.id, "华为技术")
    undo_last(record)
    assert store.is_empty(table_of(customers))


def test_batches_write_and_undo_documents(team, add, customers):
    names = ["华为技术", "华润置地", "中兴通讯"]
    rows = [add(team.lin.id, name) for name in names]
    batch = Batch.objects.create(actor="tests", kind="bulk", object=customers.key)
    for row in rows:
        row.name = f"新{row.name}"
    assert change_many(SYSTEM, rows, batch=batch).write() == []
    assert found(customers, "新华") == ["新华为技术", "新华润置地"]
    undo_batch(SYSTEM, batch)
    assert found(customers, "新华") == []
    assert found(customers, "华") == ["华为技术", "华润置地"]


def test_a_refused_change_leaves_the_document(team, add, customers):
    record = add(team.lin.id, "华为技术")
    with pytest.raises(RuntimeError), change(SYSTEM, record):
        record.name = "中兴通讯"
        raise RuntimeError
    assert found(customers, "华为") == ["华为技术"]


def test_a_write_that_fails_later_takes_its_document_back(team, add, customers, monkeypatch):
    record = add(team.lin.id, "华为技术")

    def fail(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr("guanxi.kernel.write._publish", fail)
    with pytest.raises(RuntimeError):
        edit_record(SYSTEM, record, {"name": "中兴通讯"})
    assert (found(customers, "华为"), found(customers, "中兴")) == (["华为技术"], [])


def test_fields_that_are_not_searched_write_nothing(team, add, customers, monkeypatch):
    record = add(team.lin.id, "华为技术", "13812345678")
    written = []
    monkeypatch.setattr(store, "put", lambda table, rows: written.extend(rows))
    edit_record(SYSTEM, record, {"revenue": "12万"})
    assert written == []
    edit_record(SYSTEM, record, {"number": "K-1"})
    assert [record_id for record_id, _body in written] == [record.pk]


def test_rebuilding_gives_the_same_documents(team, add, customers):
    add(team.lin.id, "华为技术", "13812345678", "wxid_lanyue（张）")
    add(team.lin.id, "中兴通讯", number="ZX-1")
    before = stored(customers)
    store.clear(table_of(customers))
    heard = []
    assert documents.rebuild_documents(customers, heard.append) == 2
    assert heard == [2]
    assert stored(customers) == before


def test_other_fields_make_new_documents(team, add, customers):
    add(team.lin.id, "华为技术", "13812345678")
    before = stored(customers)
    store.clear(table_of(customers))
    documents.prepare_tables()
    assert store.is_empty(table_of(customers))
    Layout.objects.filter(object=customers.key).update(fields="0 n=number")
    documents.prepare_tables()
    assert stored(customers) == before


def test_documents_of_many_rows_take_no_more_statements(team, add, customers):
    """Commands note no stamp: what belongs to the object must not be read for every row."""
    stamps.note(stamps.NONE)
    rows = [add(team.lin.id, f"公司{number}") for number in range(4)]
    asked = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as found:
            documents.put_documents(customers, some)
        asked.append([one["sql"].split()[0] for one in found])
    assert asked[0].count("SELECT") == asked[1].count("SELECT")


def test_documents_of_vanished_rows_are_forgotten(db, customers):
    store.put(table_of(customers), [(1, "nb华为")])
    documents.prepare_tables()
    assert store.is_empty(table_of(customers))


def test_every_searchable_object_has_its_table(db):
    searchable = [spec for spec in registry.specs() if documents.is_searchable(spec)]
    assert len(searchable) > 10
    assert all(store.exists(table_of(spec)) for spec in searchable)


def test_a_batch_of_a_thousand_is_one_statement(db, customers, django_assert_num_queries):
    rows = [(number, f"nb华为 nw{number}") for number in range(1, 1001)]
    with django_assert_num_queries(1):
        store.put(table_of(customers), rows)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table_of(customers)}")
        assert cursor.fetchone() == (1000,)


def stored(spec):
    column = "id, tokens::text" if store.on_postgres() else "rowid, body"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table_of(spec)} ORDER BY 1")
        return cursor.fetchall()


def test_the_command_writes_documents_anew(team, add, customers, capsys):
    add(team.lin.id, "华为技术")
    store.clear(table_of(customers))
    assert main(["search", "rebuild", "customers.customer"]) == 0
    assert found(customers, "华为") == ["华为技术"]
    assert "customers.customer: 1 documents" in capsys.readouterr().out
    assert main(["search", "rebuild", "no.such"]) == 2
