import pytest
from django.db import transaction

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor, Reach, Rights, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.models import Change, Outbox
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer, CustomerChannel, CustomerSource
from guanxi.people.models import Person
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")


@pytest.fixture
def source():
    return make(spec("customers.customersource"), SYSTEM, 1)


def writes(row):
    every = CustomerSource._all.all()
    return {
        "save": row.save,
        "delete": row.delete,
        "create": lambda: CustomerSource._all.create(name="甲"),
        "update": lambda: every.update(name="甲"),
        "queryset delete": every.delete,
        "bulk_create": lambda: every.bulk_create([CustomerSource(name="甲")]),
        "bulk_update": lambda: every.bulk_update([row], ["name"]),
        "get_or_create": lambda: every.get_or_create(name="甲"),
        "update_or_create": lambda: every.update_or_create(name="甲"),
        "_raw_delete": lambda: every._raw_delete("default"),
    }


def test_nothing_is_written_outside_the_door(source):
    for name, write in writes(source).items():
        with pytest.raises(RuntimeError, match="change"):
            write()
        assert CustomerSource._all.filter(pk=source.pk, name=source.name).exists(), name
    assert CustomerSource._all.count() == 1
    with pytest.raises(RuntimeError):
        CustomerChannel(value="1").save()


def test_the_door_shuts_again_after_a_change(source):
    with change(SYSTEM, source):
        source.remark = "改"
        with pytest.raises(RuntimeError):
            source.save()
    with pytest.raises(RuntimeError):
        source.save()


def test_rows_need_an_actor():
    for nobody in (None, 1, "system", object()):
        with pytest.raises(TypeError):
            Customer.rows(nobody)
        with pytest.raises(TypeError):
            scope.branches(spec(Customer), nobody, "view")
    assert not hasattr(Customer, "objects")
    with pytest.raises(ValueError, match="must say"):
        system_actor("")


def test_no_right_is_nothing_and_never_everything(source):
    make(spec("customers.customer"), SYSTEM, 1)
    nobody = Actor(1, "无权", Rights())
    for verb in ("view", "edit", "no_such_verb", ""):
        assert list(Customer.rows(nobody, verb)) == []
        assert list(CustomerSource.rows(nobody, verb)) == []
    granted = Rights(grants={("customers.customer", "view"): frozenset({Reach.NONE})})
    assert list(Customer.rows(Actor(1, "无", granted))) == []
    own = Rights(grants={("customers.customer", "view"): frozenset({Reach.OWN})})
    assert list(Customer.rows(Actor(None, "无人", own))) == []
    assert list(Customer.rows(Actor(1, "查看", own), "edit")) == []
    everywhere = Rights(grants={("*", "view"): frozenset({Reach.ALL})})
    assert Customer.rows(Actor(1, "全", everywhere)).count() == 1
    assert Customer.rows(Actor(1, "另一账套", everywhere, book=2)).count() == 0


def rights(*verbs, reach=Reach.ALL, owners=()):
    every = {(key, verb): frozenset({reach}) for key in ("*",) for verb in verbs}
    return Rights(grants=every, owners={reach: owners} if owners else {})


def test_each_refusal_has_its_own_kind(source):
    looker = Actor(5, "旁观", rights("view"))
    with pytest.raises(NotAllowed), change(looker, source):
        source.name = "改"
    with pytest.raises(NotAllowed), change(looker, CustomerSource(name="新")):
        pass
    with pytest.raises(Missing), change(Actor(6, "无权", Rights()), source):
        source.name = "改"
    stale = CustomerSource.rows(SYSTEM).get()
    with change(SYSTEM, source):
        source.remark = "先到"
    with pytest.raises(Conflict) as caught, change(SYSTEM, stale):
        stale.remark = "后到"
    assert caught.value.current.remark == "先到"
    with change(SYSTEM, source, verb="invalidate"):
        source.voided_at = source.updated_at
    with pytest.raises(Refused) as refused, change(SYSTEM, source):
        source.remark = "还改"
    assert refused.value.code == "void"
    assert CustomerSource.rows(SYSTEM).get().remark == "先到"


def test_a_refused_change_leaves_the_object_as_stored(source):
    name, version = source.name, source.version
    with pytest.raises(Invalid) as caught, change(SYSTEM, source):
        source.name = "字" * 51
    assert list(caught.value.errors) == ["name"]
    assert (source.name, source.version) == (name, version)
    with pytest.raises(ZeroDivisionError), change(SYSTEM, source):
        source.name = "半途"
        _ = 1 / 0
    assert source.name == name
    assert CustomerSource.rows(SYSTEM).get().name == name


def test_nobody_moves_a_row_out_of_their_own_sight():
    person = make(spec("people.person"), SYSTEM, 1)
    other = make(spec("people.person"), SYSTEM, 2)
    owners = {Reach.OWN: (person.pk,)}
    grants = {
        ("*", verb): frozenset({Reach.OWN}) for verb in ("view", "create", "edit", "transfer")
    }
    grants |= {("people.person", "view"): frozenset({Reach.ALL})}
    actor = Actor(person.pk, "甲", Rights(grants=grants, owners=owners))
    customer = make(spec("customers.customer"), SYSTEM, 1, owner=str(person.pk))
    with pytest.raises(Refused) as caught, change(actor, customer):
        customer.owner_id = other.pk
    assert caught.value.code == "leaves_reach"
    assert Customer.rows(SYSTEM).get().owner_id == person.pk
    customer = Customer.rows(SYSTEM).get()
    with change(actor, customer, verb="transfer"):
        customer.owner_id = other.pk
    assert list(Customer.rows(actor)) == []


def test_the_journal_holds_exactly_what_changed(source):
    before = Change.objects.count()
    with change(SYSTEM, source):
        pass
    assert Change.objects.count() == before, "nothing changed, nothing is written"
    assert source.version == 1
    with change(SYSTEM, source):
        source.name, source.remark = "新名称", "备注"
    journal = Change.objects.select_related("payload").latest("pk")
    assert (journal.verb, journal.object, journal.record_id) == (
        "edit",
        spec(source).key,
        source.pk,
    )
    assert (journal.version, journal.actor, journal.person_id) == (2, "tests", None)
    assert journal.payload.diff == {"name": ["样例 1", "新名称"], "remark": ["样例 1", "备注"]}
    assert source.name_key.startswith("xin ming"), "what is derived follows, unmentioned"


def test_values_of_every_kind_survive_the_journal():
    customer = make(spec("customers.customer"), SYSTEM, 4)
    diff = Change.objects.select_related("payload").filter(record_id=customer.pk).latest("pk")
    stored = diff.payload.diff
    assert stored["revenue"] == [None, "548.07"]
    assert stored["tags"] == [None, ["标签4"]]
    assert stored["founded_on"] == [None, "2025-01-05"]
    assert [line["value"] for line in stored["channels"][1]] == [
        "13900000012",
        "13900000013",
        "13900000014",
    ]


def test_a_change_that_fails_outside_is_taken_back_whole(source):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with change(SYSTEM, source):
            source.name = "不算"
        _ = 1 / 0
    assert CustomerSource.rows(SYSTEM).get().name == "样例 1"
    assert not Change.objects.filter(payload__diff__has_key="name", verb="edit").exists()
    assert Outbox.objects.count() == 0
    assert Person.rows(SYSTEM).count() == 0
