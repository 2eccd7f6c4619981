import pytest
from django.test import Client

from guanxi.kernel.actor import system_actor
from guanxi.people.models import Department, FieldRule, Grant, Person, PersonRole, Role, User
from guanxi.people.signin import AnyNameBackend

SYSTEM = system_actor("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(firm):
    return firm.administrator()


@pytest.fixture
def seller(firm):
    role = firm.role("销售", {("people", "view"): "all", ("records", "view"): "own"})
    return firm.signs_in(firm.person("张伟", role, mobile="13800001234"), "zhangwei")


def browser(person):
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client


def stored(record):
    return type(record).rows(SYSTEM).get(pk=record.pk)


def grants(role):
    found = Grant._all.filter(role=role)
    return {(g.object, g.verb): g.reach for g in found}


def test_rights_are_saved_cell_by_cell(firm, admin):
    role = firm.role("试用", {("records", "view"): "own", ("records", "edit"): "own"})
    kept = Grant._all.get(role=role, verb="view").pk
    url = f"/roles/{role.pk}/rights/"
    client = browser(admin)
    page = client.get(url).content.decode()
    assert "（本人）" in page
    sent = {
        "version": stored(role).version,
        "records:view": "department",
        "records:edit": "",
        "customers.customer:export": "all",
        "people.role:transfer": "all",
        "terms:view": "own",
        "nothing:view": "all",
        "records:fly": "all",
    }
    assert client.post(url, sent)["Location"] == url
    assert grants(role) == {
        ("records", "view"): "department",
        ("customers.customer", "export"): "all",
    }
    assert Grant._all.get(role=role, verb="view").pk == kept


def test_rights_of_a_stale_page_are_not_saved_and_not_lost(firm, admin):
    role = firm.role("试用", {("records", "view"): "own"})
    url, client = f"/roles/{role.pk}/rights/", browser(admin)
    version = stored(role).version
    client.post(url, {"version": version, "records:view": "all"})
    answer = client.post(url, {"version": version, "records:view": "", "records:edit": "own"})
    assert answer.status_code == 409
    assert "刚才有别人改过" in answer.content.decode()
    assert grants(role) == {("records", "view"): "all"}


def test_the_last_administrator_keeps_the_rights_on_this_page_too(firm, admin):
    role = Role.rows(SYSTEM).get(name="管理员的角色")
    sent = {"version": role.version, "people:edit": ""}
    answer = browser(admin).post(f"/roles/{role.pk}/rights/", sent)
    assert answer.status_code == 409
    assert "最后一位管理员" in answer.content.decode()
    assert grants(role)["people", "edit"] == "all"


def test_field_rights_are_kept_per_object(firm, admin):
    rule = ("sales.opportunity", "amount", "free", "masked")
    role = firm.role("试用", {("records", "view"): "all"}, [rule])
    url = f"/roles/{role.pk}/rights/fields/?object=customers.customer"
    client = browser(admin)
    assert "年营业额" in client.get(url).content.decode() or client.get(url).status_code == 200
    sent = {
        "version": stored(role).version,
        "mine:revenue": "readonly",
        "others:revenue": "hidden",
        "others:channels": "masked",
        "others:name": "sideways",
        "others:nothing": "hidden",
    }
    assert client.post(url, sent).status_code == 303
    found = {(r.object, r.field): (r.mine, r.others) for r in FieldRule._all.filter(role=role)}
    assert found == {
        ("sales.opportunity", "amount"): ("free", "masked"),
        ("customers.customer", "revenue"): ("readonly", "hidden"),
        ("customers.customer", "channels"): ("free", "masked"),
    }
    sent = {"version": stored(role).version, "mine:revenue": "free", "others:revenue": "free"}
    client.post(url, sent)
    assert not FieldRule._all.filter(role=role, field="revenue").exists()
    assert client.get(f"/roles/{role.pk}/rights/fields/?object=no.thing").status_code == 404


def test_what_belongs_to_nobody_has_one_policy_for_all_rows(firm, admin):
    role = firm.role("试用", {("terms", "view"): "all"})
    url = f"/roles/{role.pk}/rights/fields/?object=catalog.product"
    sent = {"version": stored(role).version, "others:remark": "hidden"}
    browser(admin).post(url, sent)
    rule = FieldRule._all.get(role=role)
    assert (rule.mine, rule.others) == ("hidden", "hidden")


def test_strangers_do_not_administer(firm, seller):
    role = firm.role("试用", {("records", "view"): "own"})
    client = browser(seller)
    assert client.get(f"/roles/{role.pk}/rights/").status_code == 200
    sent = {"version": stored(role).version, "records:view": "all"}
    assert client.post(f"/roles/{role.pk}/rights/", sent).status_code == 403
    assert grants(role) == {("records", "view"): "own"}
    for path in (
        f"/persons/{seller.pk}/account/",
        f"/organisation/persons/{seller.pk}/",
        f"/organisation/departments/{firm.department('一部').pk}/",
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {"act": "reset"}).status_code == 404
    blind = firm.signs_in(firm.person("无权"), "wuquan")
    for path in ("/organisation/", f"/roles/{role.pk}/rights/", f"/persons/{seller.pk}/account/"):
        assert browser(blind).get(path).status_code == 404
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_a_person_is_given_a_sign_in_and_its_password_is_shown_once(firm, admin):
    person = firm.person("单晓燕")
    url, client = f"/persons/{person.pk}/account/", browser(admin)
    assert 'value="shanxiaoyan"' in client.get(url).content.decode()
    version = stored(person).version
    answer = client.post(url, {"act": "give", "username": "1", "version": version})
    assert answer.status_code == 400 and "以字母开头" in answer.content.decode()
    sent = {"act": "give", "username": "shanxiaoyan", "version": version}
    answer = client.post(url, sent)
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AnyNameBackend().authenticate(None, username="shanxiaoyan", password=password)
    assert client.post(url, sent).status_code == 409
    assert password not in client.get(url).content.decode()
    assert AnyNameBackend().authenticate(None, username="shanxiaoyan", password=password)


def test_a_reset_sent_twice_resets_once(firm, admin, seller):
    url, client = f"/persons/{seller.pk}/account/", browser(admin)
    sent = {"act": "reset", "version": stored(seller).version}
    password = client.post(url, sent).context["password"]
    answer = client.post(url, sent)
    assert answer.status_code == 409 and not answer.context["password"]
    assert AnyNameBackend().authenticate(None, username="zhangwei", password=password)


def test_a_sign_in_is_closed_and_opened(firm, admin, seller):
    url, client = f"/persons/{seller.pk}/account/", browser(admin)
    theirs = browser(seller)
    client.post(url, {"act": "close", "version": stored(seller).version})
    assert theirs.get("/profile/").status_code == 303
    assert "已停用" in client.get(url).content.decode()
    client.post(url, {"act": "open", "version": stored(seller).version})
    assert theirs.get("/profile/").status_code == 200
    me = stored(admin)
    answer = client.post(f"/persons/{me.pk}/account/", {"act": "close", "version": me.version})
    assert answer.status_code == 400 and "最后一位管理员" in answer.content.decode()


def test_one_changes_what_is_ones_own(firm, seller):
    client = browser(seller)
    sent = {
        "part": "person",
        "version": stored(seller).version,
        "name": "张伟东",
        "mobile": "138 0000 5678",
        "phone": "0512-62880000转12",
        "email": "",
    }
    sent |= {"job": "总裁", "roles": "1", "signs_in": "0"}
    assert client.post("/profile/", sent)["Location"] == "/profile/"
    person = stored(seller)
    assert (person.name, person.mobile_e164, person.job) == ("张伟东", "+8613800005678", "")
    assert (person.phone, person.phone_e164) == ("0512-62880000转12", "+8651262880000")
    assert "0512-62880000转12" in client.get("/profile/").content.decode()
    assert PersonRole._all.filter(person=person).count() == 1
    answer = client.post("/profile/", sent)
    assert answer.status_code == 409
    answer = client.post(
        "/profile/", sent | {"version": person.version, "mobile": "138", "name": ""}
    )
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'value="138"' in text and text.count("has-error") == 2


def test_preferences_are_kept_in_account_and_browser(firm, seller):
    client = browser(seller)
    sent = {
        "part": "preferences",
        "language": "en",
        "theme": "dark",
        "density": "compact",
        "time_zone": "Europe/Berlin",
    }
    answer = client.post("/profile/", sent)
    assert {
        name: answer.cookies[name].value for name in ("theme", "density", "guanxi_language")
    } == {
        "theme": "dark",
        "density": "compact",
        "guanxi_language": "en",
    }
    user = User.objects.get(pk=seller.user_id)
    assert (user.language, user.theme, user.density, user.time_zone) == (
        "en",
        "dark",
        "compact",
        "Europe/Berlin",
    )
    assert "My profile" in client.get("/profile/").content.decode()
    assert client.post("/profile/", {"time_zone": "Mars/Olympus"}).status_code == 400
    client.post("/profile/theme/", {"theme": "light", "next": "/organisation/"})
    assert User.objects.get(pk=seller.user_id).theme == "light"
    client.post("/profile/theme/", {"theme": "pink"})
    assert User.objects.get(pk=seller.user_id).theme == "light"


def test_departments_and_people_are_moved(firm, admin):
    top = firm.department("总部")
    sales = firm.department("销售部", top)
    person = firm.person("张伟", department=top)
    client = browser(admin)
    page = client.get("/organisation/").content.decode()
    assert page.index("总部") < page.index("张伟") < page.index("销售部")
    url = f"/organisation/departments/{top.pk}/"
    sent = {"version": stored(top).version, "parent": str(sales.pk), "head": ""}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "部门不能放在自己下面" in answer.content.decode()
    url = f"/organisation/persons/{person.pk}/"
    asked = client.get(f"{url}?superior={admin.pk}").content.decode()
    assert "/departments/suggest/" in asked and "/persons/suggest/" in asked
    assert "<option" not in asked and "总部" in asked and stored(admin).name in asked
    boss = stored(admin)
    sent = {
        "version": stored(person).version,
        "department": str(sales.pk),
        "superior": str(boss.pk),
    }
    assert client.post(url, sent)["Location"] == "/organisation/"
    moved = stored(person)
    assert (moved.department_id, moved.superior_id) == (sales.pk, boss.pk)
    assert client.post(url, sent).status_code == 422
    sent = {"version": moved.version, "department": "999999", "superior": ""}
    assert client.post(url, sent).status_code == 422
    assert stored(person).department_id == sales.pk


def test_an_organisation_of_any_depth_and_size_costs_the_same_statements(
    firm, admin, django_assert_max_num_queries
):
    above = None
    for number in range(12):
        above = firm.department(f"第{number}层", above)
        for place in range(3):
            firm.person(f"员工{number}-{place}", department=above)
    client = browser(admin)
    client.get("/organisation/")
    with django_assert_max_num_queries(12):
        client.get("/organisation/")
    assert Department.rows(SYSTEM).count() == 12 and Person.rows(SYSTEM).count() == 37


def test_the_ways_to_these_pages_are_offered(firm, admin, seller):
    page = browser(admin).get(f"/persons/{seller.pk}/").content.decode()
    assert f"/persons/{seller.pk}/account/" in page and 'href="/organisation/"' in page
    assert "/account/" not in browser(seller).get(f"/persons/{seller.pk}/").content.decode()
    role = Role.rows(SYSTEM).get(name="销售")
    assert f"/roles/{role.pk}/rights/" in browser(admin).get(f"/roles/{role.pk}/").content.decode()
