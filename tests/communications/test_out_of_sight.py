"""Communications and plans for an opportunity of one's own whose customer is a colleague's."""

import pytest

from guanxi.kernel import registry
from guanxi.kernel.errors import Invalid
from guanxi.kernel.values import create_record, edit_record
from guanxi.testing.imports import bring, reasons
from guanxi.testing.people import actor, api_client, browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TALK, PLAN = "activities.communication", "activities.plan"


@pytest.fixture
def deal(world, company):
    """Ben's opportunity with Anna's customer."""
    customer = world.customer("甲骨文公司")
    values = {"title": "采购", "customer": str(customer.pk), "amount": "1000"}
    values["owner"] = str(company.ben.pk)
    return create_record(actor(company.boss), registry.spec("sales.opportunity"), values)


def rows(company, key):
    return registry.spec(key).model.rows(actor(company.boss))


@pytest.mark.parametrize(
    ("key", "raw"),
    [(TALK, {"text": "谈了报价"}), (PLAN, {"due_on": "2090-01-01", "title": "回访"})],
)
def test_nothing_attaches_to_a_customer_out_of_sight(world, company, deal, key, raw):
    with pytest.raises(Invalid) as caught:
        create_record(actor(company.ben), registry.spec(key), raw | {"opportunity": str(deal.pk)})
    assert list(caught.value.errors) == ["customer"]
    assert "共享给您" in caught.value.errors["customer"][0]
    assert not rows(company, key).exists()
    assert world.days(deal.customer) == (None, None)


def test_it_attaches_as_soon_as_the_customer_is_in_sight(world, company, deal):
    edit_record(actor(company.boss), deal.customer, {"owner": str(company.ben.pk)})
    raw = {"opportunity": str(deal.pk), "text": "谈了报价"}
    made = create_record(actor(company.ben), registry.spec(TALK), raw)
    assert made.customer_id == deal.customer_id
    assert world.days(deal.customer)[0] is not None


def test_the_pages_write_nothing_and_name_nobody(world, company, deal):
    ben = browser(company.ben)
    for path in ("communications/new", "communications/quick", "plans/new"):
        page = ben.get(f"/{path}/?opportunity={deal.pk}").content.decode()
        assert "甲骨文" not in page
    sent = {"opportunity": deal.pk, "text": "谈了报价", "form_token": "x" * 24}
    page = ben.post("/communications/quick/", sent)
    assert page.status_code == 422
    assert "共享给您" in page.content.decode()
    assert "甲骨文" not in page.content.decode()
    assert not rows(company, TALK).exists()


def test_a_program_is_refused_likewise(company, deal):
    body = {"opportunity": deal.pk, "text": "谈了报价"}
    answer = api_client(company.ben).post(
        "/api/v1/communications", body, content_type="application/json"
    )
    assert answer.status_code == 422
    assert not rows(company, TALK).exists()


def test_a_plan_for_a_customer_out_of_sight_is_done_without_a_talk(world, company, deal):
    """A manager may hand over a plan; the talk of its customer stays with who sees that."""
    raw = {"customer": str(deal.customer_id), "title": "回访", "due_on": "2090-01-01"}
    raw["owner"] = str(company.ben.pk)
    plan = create_record(actor(company.boss), registry.spec(PLAN), raw)
    with pytest.raises(Invalid) as caught:
        create_record(
            actor(company.ben), registry.spec(TALK), {"plan": str(plan.pk), "text": "谈了报价"}
        )
    assert list(caught.value.errors) == ["customer"]
    assert world.fresh(plan).is_open


def test_a_file_attaches_nothing_either(world, company, deal):
    table = "商机,沟通内容,沟通时间\n采购,谈了报价,2026-01-05 10:00\n"
    imported = bring(company.ben, TALK, table)
    assert "共享给您" in reasons(imported)[2]
    assert world.days(deal.customer) == (None, None)
