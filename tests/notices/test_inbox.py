"""Notices: who is told what, the bell, the inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.jobs.models import Job, State
from guanxi.kernel import acts, registry
from guanxi.kernel.journal import open_batch
from guanxi.kernel.outbox import deliver, publish_batch
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.customers.models import Customer
from guanxi.notices.events import HANDED_OVER, SHARED, job_ended
from guanxi.notices.models import Notice
from guanxi.notices.service import About, about, notify
from guanxi.people.models import User
from guanxi.testing.people import SYSTEM, actor, browser

pytestmark = pytest.mark.postgres
CUSTOMER = "customers.customer"


def customer(owner, name="宁波海天机械"):
    made = create_record(actor(owner), registry.spec(CUSTOMER), {"name": name})
    return Customer.rows(SYSTEM).get(pk=made.pk)


def told(person):
    return list(Notice.objects.filter(person_id=person.pk).order_by("id"))


def unread(person):
    return User.objects.get(pk=person.user_id).unread


def hand_over(company, record, to):
    acts.transfer_record(actor(company.boss), record, owner_id=to.pk)
    deliver()


def test_the_new_owner_is_told_once_and_the_one_who_did_it_is_not(company):
    record = customer(company.anna)
    hand_over(company, record, company.ben)
    deliver()
    (notice,) = told(company.ben)
    assert (notice.kind, notice.object, notice.record_id) == (HANDED_OVER, CUSTOMER, record.pk)
    assert notice.from_person_id == company.boss.pk
    assert unread(company.ben) == 1
    assert told(company.boss) == []


def test_who_lost_sight_of_it_is_not_told(company):
    hand_over(company, customer(company.anna), company.ben)
    assert told(company.anna) == []


def test_an_owner_changed_in_the_form_is_told_and_what_is_made_for_oneself_is_not(company):
    record = customer(company.anna)
    deliver()
    assert told(company.anna) == []
    edit_record(actor(company.boss), record, {"owner": str(company.ben.pk)})
    deliver()
    assert [one.kind for one in told(company.ben)] == [HANDED_OVER]


def test_sharing_is_told_to_the_colleague(company):
    record = customer(company.anna)
    acts.share_record(actor(company.anna), record, person_id=company.ben.pk)
    deliver()
    assert [one.kind for one in told(company.ben)] == [SHARED]


def test_a_bulk_share_is_one_notice_with_its_number(company):
    records = [customer(company.anna, f"杭州第{n}纺织厂") for n in range(3)]
    batch = open_batch(actor(company.anna), registry.spec(CUSTOMER), kind="bulk")
    for record in records:
        within = actor(company.anna).within(batch.pk)
        acts.share_record(within, record, person_id=company.ben.pk)
    deliver()
    (notice,) = told(company.ben)
    assert (notice.count, notice.record_id) == (3, None)


def test_a_bulk_transfer_is_one_notice_with_its_number(company):
    records = [customer(company.anna, f"苏州第{n}电子厂") for n in range(3)]
    batch = open_batch(actor(company.boss), registry.spec(CUSTOMER), kind="bulk")
    for record in records:
        within = actor(company.boss).within(batch.pk)
        acts.transfer_record(within, record, owner_id=company.ben.pk)
    publish_batch(f"{CUSTOMER}.bulk_transfer", batch)
    deliver()
    (notice,) = told(company.ben)
    assert (notice.count, notice.record_id) == (3, None)
    assert "转交给您 3 条客户" in browser(company.ben).get("/notices/").content.decode()


def test_nobody_is_told_of_what_they_cant_see(company):
    record = customer(company.anna)
    assert notify([company.ben.pk, company.nobody.pk], SHARED, about(record)) == 0
    assert notify([company.looker.pk], SHARED, about(record)) == 1


def test_the_inbox_says_who_and_what_and_opening_reads_it(company):
    record = customer(company.anna)
    hand_over(company, record, company.ben)
    client = browser(company.ben)
    page = client.get("/notices/").content.decode()
    assert "宁波海天机械" in page
    assert "总管 把它转交给了您。" in page
    assert 'class="badge">1<' in page
    (notice,) = told(company.ben)
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer["Location"] == f"/customers/{record.pk}/"
    assert unread(company.ben) == 0
    assert 'class="badge"' not in client.get("/notices/").content.decode()


def test_the_inbox_forgets_what_has_gone_out_of_sight(company):
    record = customer(company.anna)
    hand_over(company, record, company.ben)
    hand_over(company, Customer.rows(SYSTEM).get(pk=record.pk), company.anna)
    assert unread(company.ben) == 1
    page = browser(company.ben).get("/notices/").content.decode()
    assert "宁波海天机械" not in page
    assert unread(company.ben) == 0


def test_a_notice_of_somebody_else_is_not_there(company):
    hand_over(company, customer(company.anna), company.ben)
    (notice,) = told(company.ben)
    stranger = browser(company.anna)
    assert stranger.get(f"/notices/{notice.pk}/").status_code == 404
    stranger.post("/notices/mark/", {"ids": str(notice.pk)})
    assert unread(company.ben) == 1


def test_marking_all_read_and_one_unread_again(company):
    for name in ("温州立信阀门", "绍兴越城印染"):
        hand_over(company, customer(company.anna, name), company.ben)
    client = browser(company.ben)
    client.post("/notices/mark/", {"all": "1"})
    assert unread(company.ben) == 0
    client.post("/notices/mark/", {"ids": str(told(company.ben)[0].pk), "unread": "1"})
    assert unread(company.ben) == 1
    page = client.get("/notices/?unread=1").content.decode()
    assert "温州立信阀门" in page
    assert "绍兴越城印染" not in page


def test_filtered_by_kind_and_nonsense_in_the_address(company):
    hand_over(company, customer(company.anna), company.ben)
    client = browser(company.ben)
    assert "宁波海天机械" in client.get(f"/notices/?kind={HANDED_OVER}").content.decode()
    assert "宁波海天机械" not in client.get(f"/notices/?kind={SHARED}").content.decode()
    assert client.get("/notices/?kind=%00x&before=abc").status_code == 200
    assert client.post("/notices/mark/", {"ids": "x,9" * 50, "back": "//evil.example"})[
        "Location"
    ] == ("/notices/")


def test_the_bell_alone_and_the_card_of_the_start_page(company):
    hand_over(company, customer(company.anna), company.ben)
    client = browser(company.ben)
    bell = client.get("/notices/bell/", headers={"HX-Request": "true"}).content.decode()
    assert "badge" in bell
    assert "<html" not in bell
    assert "宁波海天机械" in client.get("/").content.decode()


@pytest.mark.parametrize(("seconds", "count"), [(3, 0), (90, 1)])
def test_long_work_tells_its_end(company, seconds, count):
    ended = timezone.now()
    job = Job.objects.create(
        kind="exchange.import",
        arguments={"import_id": 7},
        person_id=company.anna.pk,
        surface="page",
        state=State.DONE,
        started_at=ended - timedelta(seconds=seconds),
        finished_at=ended,
    )
    job_ended(job)
    assert [one.url for one in told(company.anna)] == ["/import/7/"] * count


def test_a_kind_nobody_declared_is_a_fault_of_the_programmer(company):
    with pytest.raises(KeyError):
        notify([company.ben.pk], "nobody.knows", About(url="/"))
