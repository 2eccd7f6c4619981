from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F
from django.test import Client

from guanxi.demo import customers, deals, service
from guanxi.demo.jobs import MAKE, REMOVE
from guanxi.demo.make import make_demo
from guanxi.demo.remove import Removal, remove_demo
from guanxi.demo.state import demo_actor, demo_batch, demo_password, demo_signins, is_whole
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import enqueue
from guanxi.jobs.worker import drain
from guanxi.kernel.change import change
from guanxi.kernel.errors import Refused
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity
from guanxi.notices.inbox import lines
from guanxi.notices.models import Notice, Told
from guanxi.people.accounts import give_signin
from guanxi.people.first import ensure_first_account
from guanxi.people.models import Department, Person, PersonRole, Role, Standing, Tree, User
from guanxi.people.rights import actor_of
from guanxi.talk.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 17)


@pytest.fixture(scope="module", autouse=True)
def small():
    with pytest.MonkeyPatch.context() as patch:
        for name, count in (("ORGANISATIONS", 60), ("BRANCHES", 5), ("INDIVIDUALS", 15)):
            patch.setattr(customers, name, count)
        patch.setattr(deals, "DEALS", 90)
        yield


@pytest.fixture(scope="module", autouse=True)
def company(small, django_db_setup, django_db_blocker):
    """One demo for all tests of this file; each of them is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_first_account()
        yield made()
        transaction.set_rollback(True)


@pytest.fixture
def batch(company):
    return demo_batch()


def made(today=TODAY):
    return make_demo(demo_actor(), lambda done, total: None, today=today)


def removed(batch):
    return remove_demo(demo_actor(), batch, Removal(), keep=lambda now: None, pause=lambda: None)


def picture():
    actor = demo_actor()
    names = ("name", "owner__name", "status__code", "level__code", "created_at", "last_contact_on")
    opportunities = ("title", "amount", "stage__code", "opened_on", "closed_on", "owner__name")
    return (
        list(Customer.rows(actor).order_by("id").values_list(*names)),
        list(Opportunity.rows(actor).order_by("id").values_list(*opportunities)),
        list(Person.rows(actor).order_by("id").values_list("name", "superior__name", "mobile")),
    )


def test_the_demo_is_the_same_every_time(batch):
    first = picture()
    removed(batch)
    made()
    assert len(first[0]) == 80
    assert len(first[1]) > 60
    assert len(first[2]) == 31
    assert picture() == first


def test_everything_is_removed_but_what_was_there(batch):
    assert User.objects.count() > 8
    assert Entry.objects.exists()
    result = removed(batch)
    assert result.left == []
    assert demo_batch() is None
    assert User.objects.count() == Person.rows(demo_actor()).count() == 1
    for model in (Customer, Opportunity, Department):
        assert not model.rows(demo_actor()).exists()
    assert not Entry.objects.exists()


def test_what_somebody_has_touched_stays_and_is_listed(batch):
    actor = demo_actor()
    touched = Customer.rows(actor).filter(voided_at=None).order_by("id").first()
    with change(actor, touched):
        touched.remark = "is dear to us"
    result = removed(batch)
    stayed = {(key, one) for key, one, _why in result.left}
    assert ("customers.customer", touched.pk) in stayed
    assert Customer.rows(actor).count() == 1
    assert Person.rows(actor).filter(pk=touched.owner_id).exists() == bool(touched.owner_id)


def test_a_demo_that_stands_is_not_made_twice():
    with pytest.raises(Refused):
        service.make_anew(lambda done, total: None)


def test_what_a_broken_off_attempt_left_is_replaced(batch):
    removed(batch)

    def break_off(done, total):
        if done > 70:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        make_demo(demo_actor(), break_off)
    assert not is_whole(demo_batch())
    assert is_whole(service.make_anew(lambda done, total: None))
    assert Customer.rows(demo_actor()).count() == 80


def test_history_is_written_by_those_who_made_it_and_never_lies_ahead(batch):
    names = set(Person.rows(demo_actor()).values_list("name", flat=True))
    for opportunity in Opportunity.rows(demo_actor()):
        assert opportunity.created_at <= opportunity.updated_at
        assert opportunity.closed_on is None or opportunity.closed_on <= TODAY
        assert opportunity.owner.name in names
    assert batch.rows > 300


def test_people_of_the_demo_sign_in_and_see_their_own(batch):
    validate_password(demo_password(), User(username="zhouzihan"))
    people = {person.user.username: person for person in demo_signins(batch)}
    assert Client().login(username="zhouzihan", password=demo_password())
    own = Customer.rows(actor_of(people["zhouzihan"]))
    every = Customer.rows(actor_of(people["shenboyuan"]))
    assert set(own.values_list("owner_id", flat=True)) <= {people["zhouzihan"].pk}
    assert own.count() < Customer.rows(actor_of(people["hanzhifeng"])).count() <= every.count()


def test_jobs_remove_and_make_it():
    for kind in (REMOVE, MAKE):
        enqueue(kind, {}, person_id=None, key="demo")
        drain()
    states = list(Job.objects.order_by("id").values_list("state", flat=True))
    assert states == [State.DONE, State.DONE]
    assert is_whole(demo_batch())


@pytest.fixture
def administrator():
    user = User.objects.get(username="admin")
    user.must_change_password = False
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_the_page_shows_who_signs_in_and_removes(administrator):
    text = administrator.get("/demo/").text
    assert "zhouzihan" in text
    assert demo_password() in text
    assert "/demo/make/" not in text
    assert administrator.post("/demo/remove/").status_code == 303
    assert "/demo/progress/" in administrator.get("/demo/").text
    drain()
    text = administrator.get("/demo/").text
    assert "/demo/make/" in text
    assert "/demo/remove/" not in text


def test_the_page_is_for_administrators(client):
    actor = demo_actor()
    person = Person(name="甘雨")
    with change(actor, person) as edit:
        edit.set_parts("roles", [PersonRole(role=Role.rows(actor).get(code="sales"))])
    give_signin(actor, person, username="ganyu")
    User.objects.filter(username="ganyu").update(must_change_password=False)
    client.force_login(User.objects.get(username="ganyu"))
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/remove/").status_code == 404
    assert client.get("/demo/make/").status_code in (404, 405)


def test_people_stand_in_further_hierarchies_too(batch):
    doubled = Person.rows(demo_actor()).get(name="马俊峰")
    reports = {one.tree.name: one.superior.name for one in Standing._all.filter(person=doubled)}
    assert reports == {"区域线": "高建民", "专业线": "郝明睿"}
    assert doubled.superior.name == "潘玉梅"
    unit = Department.rows(demo_actor()).get(name="华东服务区")
    assert (unit.tree.name, unit.parent.name, unit.head.name) == ("区域线", "全国服务区", "高建民")
    assert not Person.rows(demo_actor()).filter(updated_at__lt=F("created_at")).exists()


def test_people_find_notices_of_customers_they_see(batch):
    people = [person.pk for person in demo_signins(batch)]
    found = Notice.objects.filter(person_id__in=people)
    assert {one.kind for one in found} >= {"notices.mentioned"}
    boss = Person.rows(demo_actor()).get(name="沈博远")
    assert User.objects.get(pk=boss.user_id).unread > 0
    for person in demo_signins(batch):
        mine = list(found.filter(person_id=person.pk))
        shown, gone = lines(actor_of(person), mine)
        assert gone == []
        assert len(shown) == len(mine)
        unread = sum(one.read_at is None for one in mine)
        assert User.objects.get(pk=person.user_id).unread == unread


def test_nothing_of_it_is_left_after_the_removal(batch):
    removal = removed(batch)
    assert removal.left == []
    assert not Tree.rows(demo_actor()).filter(name="区域线").exists()
    assert not Department.rows(demo_actor()).exists()
    assert not Notice.objects.exists()
    assert not Told.objects.exists()
