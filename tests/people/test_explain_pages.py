"""The page that says who may do what with a record, and why."""

import pytest
from django.test import Client

from guanxi.kernel.actor import system_actor
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.change import change
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.sales.models import Pipeline, Stage
from guanxi.people.models import User

SYSTEM = system_actor("tests")
pytestmark = pytest.mark.django_db
SELL = {
    ("records", "view"): "own",
    ("records", "create"): "own",
    ("terms", "view"): "all",
    ("people", "view"): "all",
}


@pytest.fixture
def sales(firm):
    firm.admin = firm.administrator()
    role = firm.role("代表", SELL)
    firm.seller = firm.signs_in(firm.person("张伟", role), "zhangwei")
    firm.other = firm.signs_in(firm.person("王芳", role), "wangfang")
    firm.huawei = firm.customer("华为", firm.seller)
    return firm


def browser(person):
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client


def words(answer):
    return {str(verb["label"]): (verb["may"], verb["reasons"]) for verb in told(answer)["verbs"]}


def told(answer):
    assert answer.status_code == 200
    return answer.context["told"]


def test_each_right_is_answered_with_its_reason(sales):
    client = browser(sales.seller)
    url = f"/customers/{sales.huawei.pk}/access/"
    assert url in client.get(f"/customers/{sales.huawei.pk}/").content.decode()
    mine = words(client.get(url, {"person": sales.seller.pk}))
    assert mine["查看"] == (True, ["角色「代表」授予业务记录的「查看」：本人：张伟 就是负责人"])
    assert mine["修改"] == (False, ["没有角色授予客户的「修改」权限。"])
    theirs = words(client.get(url, {"person": sales.other.pk}))
    assert theirs["查看"][0] is False
    assert "撤销历史" not in theirs


def test_the_way_there_stays_where_a_record_can_only_be_viewed(sales):
    """Just then people ask why they can't change it."""
    pk = sales.huawei.pk
    invalidate_record(SYSTEM, sales.huawei)
    page = browser(sales.seller).get(f"/customers/{pk}/").content.decode()
    assert f"/customers/{pk}/access/" in page
    invalidate_record(SYSTEM, sales.other)
    page = browser(sales.admin).get(f"/persons/{sales.other.pk}/").content.decode()
    assert f"/persons/{sales.other.pk}/reaches/" in page
    assert f"/persons/{sales.other.pk}/account/" not in page


def test_from_the_person_the_same_is_said(sales):
    client = browser(sales.seller)
    url = f"/persons/{sales.other.pk}/reaches/"
    sent = {"object": "customers", "record": sales.huawei.pk}
    here = told(client.get(url, sent))
    there = told(client.get(f"/customers/{sales.huawei.pk}/access/", {"person": sales.other.pk}))
    assert (here["head"], here["verbs"]) == (there["head"], there["verbs"])


def test_what_the_reader_may_not_see_is_not_confirmed(sales):
    stranger = browser(sales.other)
    assert stranger.get(f"/customers/{sales.huawei.pk}/access/").status_code == 404
    answers = []
    for record in (sales.huawei.pk, 987654321):
        sent = {"object": "customers", "record": record}
        answer = stranger.get(f"/persons/{sales.seller.pk}/reaches/", sent)
        assert answer.status_code == 422
        answers.append(answer.content.decode().replace(str(record), ""))
    assert "华为" not in answers[0]
    assert "told" not in answer.context
    for sent in ({"object": "nothing"}, {"object": "customers", "record": "x"}):
        assert stranger.get(f"/persons/{sales.seller.pk}/reaches/", sent).status_code in (404, 422)


def test_a_parent_out_of_the_readers_sight_is_not_named(sales):
    raw = {"customer": str(sales.huawei.pk), "owner": str(sales.other.pk), "title": "基站"}
    pipeline = Pipeline(name="直销", code="direct", is_default=True)
    with change(SYSTEM, pipeline):
        pass
    with change(SYSTEM, Stage(name="初步", code="new", pipeline=pipeline)):
        pass
    deal = create_record(SYSTEM, spec("sales.opportunity"), raw)
    answer = browser(sales.other).get(
        f"/opportunities/{deal.pk}/access/", {"person": sales.seller.pk}
    )
    view = words(answer)["查看"]
    assert view[0] is True
    assert "张伟" not in "".join(view[1])


def test_without_the_right_to_see_rights_there_is_no_page(sales):
    role = sales.role("只看记录", {("records", "view"): "all"})
    blind = browser(sales.signs_in(sales.person("赵六", role), "zhaoliu"))
    url = f"/customers/{sales.huawei.pk}/access/"
    page = blind.get(f"/customers/{sales.huawei.pk}/")
    assert page.status_code == 200
    assert url not in page.content.decode()
    assert blind.get(url).status_code == 404
    assert blind.get(f"/persons/{sales.seller.pk}/reaches/").status_code == 404
