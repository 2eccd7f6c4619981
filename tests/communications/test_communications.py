"""What a communication carries over, where it stands, and what may be written down."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.custom.rules import disable_field, enable_field
from guanxi.custom.specs import CUSTOM_FIELD
from guanxi.kernel import registry
from guanxi.kernel.actor import VERBS
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.errors import Invalid
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.activities.specs import COMMUNICATION
from guanxi.talk.entries import write_past
from guanxi.talk.models import Entry
from guanxi.testing.people import SYSTEM, actor, api_client, browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def eager(company):
    spec = registry.spec("customers.customerintention")
    return create_record(actor(company.boss), spec, {"name": "很想买"})


@pytest.fixture
def deal(world, company):
    """An opportunity of a customer of Anna's."""
    values = {"title": "甲公司采购", "customer": str(world.customer().pk), "amount": "1000"}
    return create_record(actor(company.anna), registry.spec("sales.opportunity"), values)


@pytest.fixture
def information(company):
    """A switched-on number of the communications, and its path."""
    words = {"object": COMMUNICATION.key, "name": "样品数", "kind": "integer"}
    field = create_record(SYSTEM, CUSTOM_FIELD, words)
    enable_field(SYSTEM, field)
    return field


def test_intention_goes_to_the_customer_only_when_asked_for(world, eager):
    customer = world.customer()
    world.talk(customer, days_ago=5, intention=str(eager.pk))
    assert world.fresh(customer).intention_id is None
    world.talk(customer, days_ago=4, intention=str(eager.pk), updates_customer="1")
    assert world.fresh(customer).intention_id == eager.pk


def test_what_was_said_before_the_newest_talk_does_not_change_the_customer(world, eager):
    customer = world.customer()
    world.talk(customer, days_ago=1)
    world.talk(customer, days_ago=8, intention=str(eager.pk), updates_customer="1")
    assert world.fresh(customer).intention_id is None


def test_who_may_not_change_the_customer_is_told_at_the_box(world, company, eager):
    grants = {("*", "view"): "all"}
    grants |= {("activities.communication", verb): "all" for verb in VERBS}
    talker = company.person("只记录", grants)
    customer = world.customer()
    with pytest.raises(Invalid) as caught:
        world.talk(customer, by=talker, intention=str(eager.pk), updates_customer="1")
    assert list(caught.value.errors) == ["updates_customer"]
    assert not COMMUNICATION.model.rows(actor(company.boss)).exists()
    world.talk(customer, by=talker, intention=str(eager.pk))
    assert world.fresh(customer).intention_id is None


def test_the_opportunity_is_one_of_this_customer(world, company, deal):
    stranger = world.customer("乙公司")
    with pytest.raises(Invalid) as caught:
        world.talk(stranger, opportunity=str(deal.pk))
    assert list(caught.value.errors) == ["opportunity"]
    talk = world.talk(deal.customer, opportunity=str(deal.pk))
    edit_record(actor(company.boss), world.fresh(deal), {"customer": str(stranger.pk)})
    # What was said stays where it was said, and can still be put right.
    edit_record(actor(company.anna), world.fresh(talk), {"text": "谈了交期"})
    assert world.fresh(talk).customer_id != stranger.pk


def test_switched_on_information_is_condition_column_export_and_api(world, company, information):
    customer, path = world.customer(), information.path
    few, many = (world.talk(customer, text=text) for text in ("少", "多"))
    api = api_client(company.anna)
    for talk, count in ((few, 2), (many, 30)):
        url = f"/api/v1/communications/{talk.pk}"
        answer = api.patch(url, {path: count}, content_type="application/json")
        assert (answer.status_code, answer.json().get(path)) == (200, count)
    asked = {"filter": json.dumps([path, "ge", 10])}
    assert [row["id"] for row in api.get("/api/v1/communications", asked).json()["items"]] == [
        many.pk
    ]
    anna = browser(company.anna)
    page = anna.get("/communications/").content.decode()
    assert f'name="{path}_from"' in page
    assert "样品数" in page
    anna.post("/communications/columns/", {"column": ["text", path]})
    file = anna.post("/export/communications/", {"format": "csv"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "样品数" in text.splitlines()[0]
    assert {"少,2", "多,30"} <= set(text.splitlines())


def test_switching_off_hides_the_field_and_keeps_the_values(world, company, information):
    path = information.path
    talk = world.talk(world.customer(), **{path: "7"})
    disable_field(SYSTEM, information)
    api = api_client(company.anna)
    url = f"/api/v1/communications/{talk.pk}"
    assert path not in api.get(url).json()
    assert "样品数" not in browser(company.anna).get("/communications/new/").content.decode()
    edit_record(actor(company.anna), world.fresh(talk), {"text": "改过"})
    enable_field(SYSTEM, type(information).rows(SYSTEM).get(pk=information.pk))
    assert api.get(url).json()[path] == 7


def test_a_talk_stands_in_three_timelines_of_who_may_see_it(world, company, deal):
    contact = create_record(
        actor(company.anna),
        registry.spec("contacts.contact"),
        {"name": "王小二", "companies": [{"customer": str(deal.customer_id), "is_main": True}]},
    )
    talk = world.talk(
        deal.customer,
        opportunity=str(deal.pk),
        contact=str(contact.pk),
        text="样机下周寄",
        next_step="寄样机",
    )
    anna = browser(company.anna)
    for url in (
        f"/customers/{deal.customer_id}/",
        f"/contacts/{contact.pk}/",
        f"/opportunities/{deal.pk}/",
    ):
        part = anna.get(f"{url}timeline/").content.decode()
        assert "样机下周寄" in part
        assert "寄样机" in part
        assert f'href="/communications/{talk.pk}/"' in part
        alone = anna.get(f"{url}timeline/?kind=communications").context["timeline"]["entries"]
        assert [entry["who"] for entry in alone] == ["安娜"]
        assert "样机下周寄" not in anna.get(f"{url}timeline/?kind=changes").content.decode()
    reader = company.person("只看客户", {("customers.customer", "view"): "all"})
    page = browser(reader).get(f"/customers/{deal.customer_id}/").content.decode()
    assert "样机下周寄" not in page
    assert "kind=communications" not in page
    invalidate_record(actor(company.anna), world.fresh(talk))
    assert "样机下周寄" not in anna.get(f"/customers/{deal.customer_id}/timeline/").content.decode()


def test_the_timeline_goes_on_where_it_was_left(world, company):
    customer = world.customer()
    texts = [f"第{number}次" for number in range(45)]
    for number, text in enumerate(texts):
        world.talk(customer, days_ago=1 + number // 2, text=text)
    anna, url, seen = browser(company.anna), f"/customers/{customer.pk}/timeline/", []
    while url:
        found = anna.get(url).context["timeline"]
        seen += [entry["text"] for entry in found["entries"] if not entry.get("system")]
        url = found.get("more_part", "")
    assert sorted(seen) == sorted(texts)
    assert anna.get(f"/customers/{customer.pk}/timeline/?before=x.y.9-9.z").status_code == 200


def test_history_brought_along_stands_where_it_happened(world, company):
    """Comments are stored newest first here, and one talk lies between them."""
    customer, now = world.customer(), timezone.now()
    about = {"object": "customers.customer", "record_id": customer.pk, "author": "旧系统"}
    days = range(1, 31)
    write_past([Entry(**about, text=str(day), at=now - timedelta(days=day)) for day in days])
    world.talk(customer, days_ago=5, text="当天电话")
    anna, url, seen = browser(company.anna), f"/customers/{customer.pk}/timeline/", []
    while url:
        found = anna.get(url).context["timeline"]
        seen += [entry for entry in found["entries"] if not entry.get("system")]
        url = found.get("more_part", "")
    assert [entry["iso"] for entry in seen] == sorted((one["iso"] for one in seen), reverse=True)
    assert len(seen) == len(days) + 1


def test_a_talk_is_written_down_above_the_timeline(world, company, deal):
    anna, url = browser(company.anna), f"/customers/{deal.customer_id}/"
    page = anna.get(url)
    form = page.context["inline"]
    sent = {"return": url, "inline": "1", "form_token": form["token"], **form["hidden"]}
    sent |= {"type": str(world.kind.pk)}
    empty = anna.post("/communications/quick/", sent | {"text": ""})
    assert empty.status_code == 422
    part = anna.post(
        "/communications/quick/", sent | {"text": "", "next_step": "寄样机"}, headers=HTMX
    )
    assert part.status_code == 422
    assert part.content.decode().lstrip().startswith("<form")
    assert "寄样机" in part.content.decode()
    done = anna.post("/communications/quick/", sent | {"text": "电话里谈了价"})
    assert (done.status_code, done["Location"]) == (303, url)
    assert "电话里谈了价" in anna.get(f"{url}timeline/").content.decode()


HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "form"}


def test_who_may_not_write_talks_has_no_form(world, company):
    customer = world.customer()
    assert browser(company.looker).get(f"/customers/{customer.pk}/").context["inline"] is None


def test_topics_are_ticked_and_unticked_without_a_script(world, company):
    topics = registry.spec("activities.hottopic").model.rows(actor(company.boss)).live()
    first, second = topics.order_by("position")[:2]
    talk = world.talk(world.customer(), topics=[{"topic": str(first.pk)}])
    anna, url = browser(company.anna), f"/communications/{talk.pk}/edit/"
    chips = _chips(anna.get(url))
    assert [one["value"] for one in chips if one["checked"]] == [str(first.pk)]
    sent = {"version": str(world.fresh(talk).version), "topics-TOTAL": str(len(chips))}
    for place, chip in enumerate(chips):
        sent |= {f"topics-{place}-id": chip["id"]} if chip["id"] else {}
        sent |= {f"topics-{place}-topic": chip["value"]} if chip["value"] == str(second.pk) else {}
    assert anna.post(url, sent).status_code == 303
    chips = _chips(anna.get(url))
    assert [one["value"] for one in chips if one["checked"]] == [str(second.pk)]


def _chips(page):
    sections = page.context["sections"]
    parts = [one for section in sections for one in section["parts"] if one["name"] == "topics"]
    return parts[0]["chips"]
