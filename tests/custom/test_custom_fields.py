"""A field somebody adds is at once a field like any other."""

import pytest
from django.utils.translation import override

from guanxi.custom.rules import disable_field, enable_field
from guanxi.custom.specs import CUSTOM_FIELD, CUSTOM_OPTION
from guanxi.kernel import acts, registry, stamps
from guanxi.kernel.actor import system_actor
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.extra import extras
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.models import Change
from guanxi.kernel.present import present
from guanxi.kernel.undo import undo_change
from guanxi.kernel.values import create_record, edit_record
from guanxi.people.models import FieldRule
from guanxi.people.organisation import stamp

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")
TYPED = {
    "text": "甲",
    "long_text": "一\n二",
    "integer": "1,200",
    "decimal": "3.25",
    "date": "2026-03-05",
    "choice": "强",
    "boolean": "1",
}
SHOWN = TYPED | {"boolean": "是"}
STORED = {
    "text": "甲",
    "long_text": "一\n二",
    "integer": 1200,
    "decimal": 32500,
    "date": "2026-03-05",
    "choice": "o001",
    "boolean": True,
}


@pytest.fixture
def typed(fields):
    """{path: what a person types} for every type."""
    return {getattr(fields, kind): text for kind, text in TYPED.items()}


def fresh(record):
    return type(record).rows(SYSTEM).get(pk=record.pk)


def last_change(record):
    found = Change.objects.filter(object=registry.spec(type(record)).key, record_id=record.pk)
    return found.order_by("-id").first()


def shown(actor, record, path):
    spec = registry.spec(type(record))
    return present(actor, spec, [record], (path,))[0].values[0].text


def held(record):
    """The values in the JSON column, without what is derived from them."""
    return {path: value for path, value in record.extra.items() if is_extra(path)}


def errors_of(raised):
    return {path: texts[0] for path, texts in raised.value.errors.items()}


def test_values_lie_under_stable_keys_and_read_back(fields, typed, add):
    record = fresh(add("甲公司", **typed))
    assert held(record) == {getattr(fields, kind): value for kind, value in STORED.items()}
    with override("zh-hans"):
        assert {k: shown(SYSTEM, record, getattr(fields, k)) for k in TYPED} == SHOWN


def test_an_emptied_value_leaves_no_key(fields, typed, add):
    record = add("甲公司", **typed)
    edit_record(SYSTEM, record, dict.fromkeys(typed, ""))
    assert fresh(record).extra == {}


def test_the_same_words_as_native_fields(fields, add):
    raw = {
        fields.text: "字" * 201,
        fields.integer: "1.5",
        fields.decimal: "0.00001",
        fields.date: "2026-02-30",
        fields.choice: "别的",
        fields.boolean: "也许",
    }
    with override("en"), pytest.raises(Invalid) as raised:
        add("甲公司", **raw)
    assert errors_of(raised) == {
        fields.text: "At most 200 characters; this has 201.",
        fields.integer: "This is not a whole number.",
        fields.decimal: "At most four decimal places.",
        fields.date: "This is not a date. Write it as 2026-01-31.",
        fields.choice: "“别的” is not one of the choices.",
        fields.boolean: "Write yes or no.",
    }


def test_people_must_fill_in_required_ones(define, add, person):
    actor = person("录入员").actor
    path = define("text", required="1").path
    old = add("产品自己建的不拦")
    with override("en"), pytest.raises(Invalid) as raised:
        add("新公司", actor=actor)
    assert errors_of(raised) == {path: "Please fill this in."}
    edit_record(actor, old, {"remark": "没填也能改别的"})
    edit_record(actor, old, {path: "填了"})
    with pytest.raises(Invalid):
        edit_record(actor, old, {path: ""})


def test_the_journal_tells_each_value_and_undo_brings_it_back(fields, typed, add):
    record = add("甲公司", **typed)
    edit_record(SYSTEM, record, {fields.integer: "7", fields.boolean: "", fields.choice: "弱"})
    change = last_change(record)
    assert change.payload.diff == {
        fields.integer: [1200, 7],
        fields.choice: ["o001", "o003"],
        fields.boolean: [True, None],
    }
    undo_change(SYSTEM, change)
    assert held(fresh(record)) == {getattr(fields, kind): value for kind, value in STORED.items()}


def test_a_deleted_row_comes_back_with_its_values(fields, typed, add):
    record = add("甲公司", **typed)
    before, pk = dict(record.extra), record.pk
    undo_change(SYSTEM, acts.delete_record(SYSTEM, record))
    assert type(record).rows(SYSTEM).get(pk=pk).extra == before


def test_an_invalidated_field_hides_and_keeps_its_values(define, add, customers):
    field = define("text")
    record = add("甲公司", **{field.path: "还在"})
    acts.invalidate_record(SYSTEM, field)
    with pytest.raises(Wrong):
        column(customers, field.path)
    with pytest.raises(Invalid):
        edit_record(SYSTEM, record, {field.path: "别的"})
    edit_record(SYSTEM, record, {"remark": "改了别的"})
    acts.restore_record(SYSTEM, fresh(field))
    assert shown(SYSTEM, fresh(record), field.path) == "还在"


def test_type_and_object_stay_as_they_were_made(define):
    field = define("text")
    with override("en"), pytest.raises(Invalid) as raised:
        edit_record(SYSTEM, field, {"kind": "integer", "object": "catalog.product"})
    assert errors_of(raised) == {
        "kind": "This can't be changed any more.",
        "object": "This can't be changed any more.",
    }


def test_an_option_in_use_can_be_invalidated_but_not_deleted(define, add, customers):
    field = define("choice")
    strong, _medium, weak = CUSTOM_OPTION.model.rows(SYSTEM).order_by("position")
    record = add("甲公司", **{field.path: "弱"})
    disable_field(SYSTEM, field)
    with override("en"), pytest.raises(Refused) as raised:
        acts.delete_record(SYSTEM, weak)
    assert "1 row holds “弱”" in raised.value.message
    acts.invalidate_record(SYSTEM, weak)
    enable_field(SYSTEM, field)
    assert strong.code in column(customers, field.path).kind.choices
    with pytest.raises(Invalid):
        add("乙公司", **{field.path: "弱"})
    edit_record(SYSTEM, record, {"remark": "选过的可以留着", field.path: weak.code})
    assert shown(SYSTEM, record, field.path) == "弱"


def test_only_a_choice_has_options_and_needs_some(define, terms):
    raw = {"object": "customers.customer", "kind": "choice", "name": "意愿"}
    choice = create_record(SYSTEM, CUSTOM_FIELD, raw)
    with pytest.raises(Refused):
        enable_field(SYSTEM, choice)
    with pytest.raises(Invalid) as raised:
        create_record(SYSTEM, CUSTOM_OPTION, {"field": str(define("text").pk), "name": "甲"})
    assert list(raised.value.errors) == ["field"]


@pytest.mark.parametrize("name", ["客户名称", "customer name", "Customer Name"])
def test_the_name_of_a_native_field_is_taken(define, customers, name):
    with override("zh-hans"):
        native = str(column(customers, "name").label)
    with override("en"):
        english = str(column(customers, "name").label)
    taken = {"客户名称": native, "customer name": english, "Customer Name": english.upper()}[name]
    with pytest.raises(Invalid) as raised:
        define("text", name=taken)
    assert list(raised.value.errors) == ["name"]


def test_a_field_with_values_is_not_deleted(define, add):
    field = define("text")
    record = add("甲公司", **{field.path: "甲"})
    with override("en"), pytest.raises(Refused, match="1 row holds a value"):
        acts.delete_record(SYSTEM, field)
    edit_record(SYSTEM, record, {field.path: ""})
    acts.delete_record(SYSTEM, field)
    assert not CUSTOM_FIELD.model.rows(SYSTEM).exists()


def test_names_in_both_languages(define, customers):
    path = define("choice", name_en="Intent", section="合作", section_en="Cooperation").path
    extra = extras(customers, book=1)[0]
    with override("en"):
        assert (str(column(customers, path).label), str(extra.section)) == ("Intent", "Cooperation")
    with override("zh-hans"):
        assert (str(column(customers, path).label), str(extra.section)) == ("合作意愿", "合作")


def test_definitions_are_remembered_until_the_stamp_moves(
    define, customers, django_assert_num_queries
):
    field = define("choice")
    stamp()
    assert len(extras(customers, book=1)) == 1
    with django_assert_num_queries(0):
        assert extras(customers, book=1)[0].path == field.path
    define("text")
    assert len(extras(customers, book=1)) == 2
    stamps.note(stamps.NONE)
    with django_assert_num_queries(2):
        assert len(extras(customers, book=1)) == 2


@pytest.mark.parametrize(
    ("policy", "text"), [("hidden", ""), ("masked", "***"), ("readonly", "甲"), ("free", "甲")]
)
def test_field_rights(define, add, person, customers, policy, text):
    path = define("text").path
    rule = FieldRule(object=customers.key, field=path, mine=policy, others=policy)
    colleague = person("同事", rules=[rule])
    record = add("甲公司", **{path: "甲"})
    assert shown(colleague.actor, record, path) == text
    if policy == "free":
        edit_record(colleague.actor, record, {path: "乙"})
        return
    with pytest.raises(Invalid) as raised:
        edit_record(colleague.actor, record, {path: "乙"})
    assert list(raised.value.errors) == [path]


def test_a_field_of_another_object_is_not_known(define, add):
    path = define("text", object="catalog.product").path
    with pytest.raises(Invalid) as raised:
        add("甲公司", **{path: "甲"})
    assert list(raised.value.errors) == [path]


def test_any_object_can_have_fields(terms):
    chosen = CUSTOM_FIELD.model._meta.get_field("object").kind.choices
    assert {"customers.customer", "sales.opportunity", "people.person"} <= set(chosen)
    assert CUSTOM_FIELD.key not in chosen
    unit = registry.spec("catalog.unit")
    field = create_record(
        SYSTEM, CUSTOM_FIELD, {"object": unit.key, "name": "换算系数", "kind": "decimal"}
    )
    record = create_record(SYSTEM, unit, {"name": "箱", field.path: "12.5"})
    assert shown(SYSTEM, record, field.path) == "12.5"
