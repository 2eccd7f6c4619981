"""Looking as another person: everything they see, nothing that changes, all of it on record."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guanxi.access.viewing import only_reading
from guanxi.kernel.actor import system_actor
from guanxi.kernel.acts import share_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import NotAllowed
from guanxi.modules.customers.models import Customer
from guanxi.people.models import Security, User, Viewing
from guanxi.people.organisation import touch
from guanxi.people.rights import actor_of
from guanxi.search.models import Recent
from guanxi.testing.people import api_client

SYSTEM = system_actor("tests")
pytestmark = pytest.mark.django_db
ADMINISTER = {("people", verb): "all" for verb in ("view", "edit", "view_as")}
SELL = {("records", verb): "own" for verb in ("view", "edit", "create", "invalidate")} | {
    ("people", "view"): "all",
    ("terms", "view"): "all",
}


@pytest.fixture
def office(firm):
    firm.admin = firm.signs_in(firm.person("管理员", firm.role("管理", ADMINISTER)), "guanli")
    firm.second = firm.signs_in(firm.person("另一位", firm.role("管理二", ADMINISTER)), "guanli2")
    firm.seller = firm.signs_in(firm.person("张伟", firm.role("代表", SELL)), "zhangwei")
    firm.huawei = firm.customer("华为", firm.seller)
    firm.client = Client()
    firm.client.force_login(User.objects.get(pk=firm.admin.user_id))
    return firm


def look(office, person):
    return office.client.post(f"/persons/{person.pk}/view-as/")


def test_one_sees_what_the_other_sees(office):
    client, url = office.client, f"/customers/{office.huawei.pk}/"
    assert client.get(url).status_code == 404
    assert client.get(f"/persons/{office.seller.pk}/view-as/").status_code == 200
    assert look(office, office.seller)["Location"] == "/"
    page = client.get(url)
    assert page.status_code == 200
    assert "您正在以 <strong>张伟</strong> 的身份查看" in page.content.decode()
    assert client.get("/organisation/").context["frame"]["viewing"]["name"] == "张伟"
    assert not Recent.objects.exists()
    assert client.post("/viewing/end/")["Location"] == f"/persons/{office.seller.pk}/"
    assert client.get(url).status_code == 404
    assert client.get("/").context["frame"]["viewing"] is None


def test_nothing_can_be_changed(office):
    look(office, office.seller)
    client, pk, version = office.client, office.huawei.pk, office.huawei.version
    for url, sent in {
        f"/customers/{pk}/field/name/": {"name": "改", "version": version},
        f"/customers/{pk}/invalidate/": {"version": version},
        "/customers/new/": {"name": "新客户"},
        "/profile/": {"part": "preferences", "theme": "dark"},
        "/profile/theme/": {"theme": "dark"},
        "/profile/tokens/": {"name": "偷", "scope": "write", "days": "30"},
        "/accounts/password/change/": {"oldpassword": "x"},
        f"/persons/{office.second.pk}/view-as/": {},
    }.items():
        answer = client.post(url, sent)
        assert answer.status_code == 403, url
        assert "不能修改任何内容" in answer.content.decode(), url
    part = client.post(f"/customers/{pk}/invalidate/", headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert Customer.rows(SYSTEM).get(pk=pk).version == version
    assert Customer.rows(SYSTEM).count() == Viewing.objects.count() == 1
    assert User.objects.get(pk=office.admin.user_id).theme == "auto"


def test_refusals_say_as_whom_one_looks_and_lead_back(office):
    look(office, office.seller)
    for url, status in (("/customers/999999/", 404), ("/setup/", 404), ("/notices/", 403)):
        answer = office.client.get(url)
        assert answer.status_code == status
        assert "/viewing/end/" in answer.content.decode(), url
    refused = office.client.post(f"/customers/{office.huawei.pk}/invalidate/")
    assert "/viewing/end/" in refused.content.decode()
    office.client.post("/viewing/end/")
    assert "/viewing/end/" not in office.client.get("/customers/999999/").content.decode()


def test_the_one_door_refuses_whatever_the_surface(office):
    """Also where no page stands in between."""
    watching = actor_of(office.seller, surface="api", only_looks=True)
    for write in (
        lambda: change(watching, office.huawei).__enter__(),
        lambda: share_record(watching, office.huawei, person_id=office.admin.pk),
    ):
        with pytest.raises(NotAllowed, match="不能修改任何内容"):
            write()


def test_the_session_opens_no_way_into_the_api(office):
    look(office, office.seller)
    assert office.client.get("/api/v1/customers").status_code == 401
    program = api_client(office.seller)
    assert program.get("/api/v1/customers").status_code == 200


def test_secrets_of_the_person_stay_closed(office):
    look(office, office.seller)
    for url in ("/profile/", "/profile/tokens/", "/accounts/password/change/", "/notices/"):
        answer = office.client.get(url)
        assert answer.status_code == 403
        assert "只属于 张伟" in answer.content.decode()


def test_no_statement_that_writes_passes_while_looking(office):
    """Pages that note something on the way, as the search box does, write nothing either."""
    look(office, office.seller)
    for url in (
        "/",
        "/customers/",
        f"/customers/{office.huawei.pk}/",
        "/search/?q=hw",
        "/persons/",
    ):
        assert office.client.get(url).status_code == 200, url
    with connection.execute_wrapper(only_reading), pytest.raises(NotAllowed):
        Recent.objects.filter(person_id=office.seller.pk).delete()


def test_it_is_logged(office):
    look(office, office.seller)
    office.client.post("/viewing/end/")
    (line,) = office.client.get("/viewing/").context["lines"]
    assert (line["viewer"], line["person"], line["address"]) == ("管理员", "张伟", "127.0.0.1")
    assert line["started"]
    assert line["ended"]
    seller = Client()
    seller.force_login(User.objects.get(pk=office.seller.user_id))
    assert seller.get("/viewing/").status_code == 404
    look(office, office.seller)
    office.client.post("/accounts/logout/")
    assert Viewing.objects.filter(ended_at=None).count() == 0


def test_after_thirty_minutes_it_is_over(office):
    look(office, office.seller)
    viewing = Viewing.objects.get()
    assert viewing.until - viewing.started_at == timedelta(minutes=30)
    late = timezone.now() - timedelta(minutes=1)
    Viewing.objects.update(until=late)
    sent = {"version": 1}
    answer = office.client.post(f"/persons/{office.seller.pk}/invalidate/", sent)
    assert answer.status_code == 403, "begun as somebody else, it is not done in one's own name"
    assert office.client.get("/").context["frame"]["person_name"] == "管理员"
    assert Viewing.objects.get().ended_at == late


def test_administrators_are_not_looked_as_unless_allowed(office):
    refused = look(office, office.second)
    assert refused.status_code == 409
    assert "安全设置" in refused.content.decode()
    assert look(office, office.admin).status_code == 409
    answer = office.client.post("/security/", {"idle_minutes": "x", "view_administrators": "1"})
    assert answer.status_code == 422
    sent = {"idle_minutes": "", "password_days": "90", "view_administrators": "1"}
    assert office.client.post("/security/", sent).status_code == 303
    assert Security.objects.get().password_days == 90
    assert look(office, office.second).status_code == 303
    Security.objects.update(view_administrators=False)
    touch()
    assert office.client.get("/").context["frame"]["viewing"] is None


def test_it_takes_a_right_of_its_own(office):
    role = office.role("只改人员", {("people", "view"): "all", ("people", "edit"): "all"})
    clerk = office.signs_in(office.person("文员", role), "wenyuan")
    client = Client()
    client.force_login(User.objects.get(pk=clerk.user_id))
    assert client.post(f"/persons/{office.seller.pk}/view-as/").status_code == 404
    assert "view-as" not in client.get(f"/persons/{office.seller.pk}/").content.decode()
    assert "view-as" in office.client.get(f"/persons/{office.seller.pk}/").content.decode()
    office.client.post(f"/persons/{office.seller.pk}/invalidate/", {"version": 2, "reason": ""})
    assert not Viewing.objects.exists()
