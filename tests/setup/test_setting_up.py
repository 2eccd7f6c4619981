"""The first start: company, departments and colleagues by paste, the check-list, numbering."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from guanxi.kernel.change import change
from guanxi.kernel.company import company as firm
from guanxi.kernel.company import currencies
from guanxi.kernel.numbering import Rule, rule_of
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer
from guanxi.people.models import Department, Person, PersonRole, Role, User
from guanxi.setup.pasting import read_colleagues, read_departments
from guanxi.setup.steps import STEPS, state_of
from guanxi.testing.people import SYSTEM, Company, actor, browser

LIST = """总经办
销售中心
\t华东销售部
\t华南销售部
　　客服部
市场部"""


@pytest.fixture
def company(db):
    return Company()


@pytest.fixture
def boss(company):
    return browser(company.boss)


@pytest.fixture
def sales(company):
    return str(Role.rows(SYSTEM).get(code="sales").pk)


def paths(text):
    places, errors = read_departments(text)
    assert errors == []
    return ["/".join(place.path) for place in places]


@pytest.mark.parametrize(
    "text",
    [
        "A\n  B\n    C\n  D\nE",
        "A\n\tB\n\t\tC\n\tD\nE",
        "A\n　B\n　　C\n　D\nE",
        "A\tB\tC\nA\tD\nE",
        "A\n\tB\tC\n\tD\n\nE\nE",
        "- A\n  - B\n    - C\n  - D\n- E",
        "A\r\n├─B\r\n│ ├─C\r\n├─D\r\nE",
    ],
)
def test_departments_are_read_however_they_are_indented(text):
    assert paths(text) == ["A", "A/B", "A/B/C", "A/D", "E"]


def test_colleagues_are_read_by_titles_and_in_the_usual_order():
    by_title = read_colleagues("手机\t姓名\t不认识\n138\t王芳\tx\n\n\t李强\t")
    assert [row.values for row in by_title] == [{"mobile": "138", "name": "王芳"}, {"name": "李强"}]
    assert [row.line for row in by_title] == [2, 4]
    usual = read_colleagues("王芳，华东销售部，经理\n李强")
    assert usual[0].values == {"name": "王芳", "department": "华东销售部", "job": "经理"}


def test_departments_are_added_once_and_taken_back(boss):
    before = Department.rows(SYSTEM).count()
    assert boss.post("/setup/departments/", {"list": LIST}).status_code == 303
    made = {
        one.name: one.parent.name if one.parent else ""
        for one in Department.rows(SYSTEM).select_related("parent")
    }
    assert made["华南销售部"] == made["客服部"] == "销售中心"
    assert made["市场部"] == ""
    # The fixture's 华东销售部 stands at the top, so the one below 销售中心 is another.
    assert Department.rows(SYSTEM).count() == before + 6
    assert boss.post("/setup/departments/", {"list": f"{LIST}\n法务部"}).status_code == 303
    assert Department.rows(SYSTEM).count() == before + 7


@pytest.mark.parametrize("typed", ["", " \n\t", "x" * 51])
def test_a_list_that_can_t_be_read_is_told_and_kept(boss, typed):
    before = Department.rows(SYSTEM).count()
    answer = boss.post("/setup/departments/", {"list": typed})
    assert answer.status_code == 400
    assert "id_list_error" in answer.text
    assert typed.strip() in answer.text
    assert Department.rows(SYSTEM).count() == before


STAFF = "姓名\t部门\t手机\t上级\n李强\t华东销售部\t138 0013 8001\t周总\n周总\t华东销售部\t\t"


def test_colleagues_get_first_passwords_that_are_shown_once(boss, sales):
    answer = boss.post("/setup/staff/", {"list": STAFF, "role": sales})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    person = Person.rows(SYSTEM).get(name="李强")
    assert person.superior.name == "周总"
    assert person.department.name == "华东销售部"
    assert [row.role.code for row in PersonRole._all.filter(person=person)] == ["sales"]
    user = User.objects.get(pk=person.user_id)
    assert user.must_change_password
    [password] = [
        line.split(">")[-1]
        for line in answer.text.replace("</samp>", "\n").splitlines()
        if line.split(">")[-1].count("-") == 2 and user.check_password(line.split(">")[-1])
    ]
    assert password not in boss.get("/setup/staff/").text
    visitor = Client()
    assert visitor.login(username=user.username, password=password)
    assert "/accounts/password/change/" in visitor.get("/")["Location"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("王芳\t没有的部门", "没有的部门"),
        ("王芳\t\t\t12", "第 2 行"),
        ("王芳\t\t\t\t不是邮箱", "第 2 行"),
        ("\t华东销售部", "第 2 行"),
        ("王芳\t\t\t\t\t没有的上级", "没有的上级"),
        ("王芳\t\t\t\t\t\t没有的角色", "没有的角色"),
    ],
)
def test_one_wrong_line_and_nobody_is_added(boss, sales, line, word):
    people, users = Person.rows(SYSTEM).count(), User.objects.count()
    answer = boss.post("/setup/staff/", {"list": f"好人\t华东销售部\n{line}", "role": sales})
    assert answer.status_code == 400
    assert word in answer.text
    assert "好人" in answer.text
    assert (Person.rows(SYSTEM).count(), User.objects.count()) == (people, users)


def test_imported_colleagues_are_given_sign_ins_and_keep_their_role(boss, sales):
    lead = Role.rows(SYSTEM).get(code="sales_director")
    plain, led = Person(name="导入甲"), Person(name="导入乙")
    with change(SYSTEM, plain):
        pass
    with change(SYSTEM, led) as edit:
        edit.set_parts("roles", [PersonRole(role=lead)])
    answer = boss.post("/setup/staff/", {"act": "rest", "role": sales})
    assert "导入甲" in answer.text and "导入乙" in answer.text
    held = dict(PersonRole._all.values_list("person_id", "role__code"))
    assert (held[plain.pk], held[led.pk]) == ("sales", "sales_director")
    assert not Person.rows(SYSTEM).live().filter(user=None).exists()


def test_too_many_at_once_are_sent_to_the_import(boss, sales):
    answer = boss.post(
        "/setup/staff/", {"list": "\n".join(f"某{n}" for n in range(51)), "role": sales}
    )
    assert answer.status_code == 400
    assert "文件导入" in answer.text


def picture():
    content = BytesIO()
    Image.new("RGB", (4, 4), "red").save(content, "PNG")
    return SimpleUploadedFile("标志.png", content.getvalue())


def test_the_company_stands_in_the_menu_and_gives_its_currency(boss, company):
    sent = {"name": "江南机电有限公司", "short_name": "江南机电", "currency": "USD"}
    sent["currencies"] = ["EUR", "CNY"]
    assert boss.post("/setup/company/", {**sent, "logo": picture()}).status_code == 303
    text = boss.get("/customers/").text
    assert "江南机电" in text and "/company/logo/" in text
    assert browser(company.anna).get("/company/logo/")["Content-Type"] == "image/png"
    values = {"name": "甲", "revenue": "5"}
    assert create_record(actor(company.boss), spec(Customer), values).revenue_currency == "USD"
    values |= {"name": "乙", "revenue_currency": "EUR"}
    assert create_record(actor(company.boss), spec(Customer), values).revenue_currency == "EUR"
    assert currencies() == ("USD", "CNY", "EUR")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"name": "", "currency": "CNY"}, "name"),
        ({"name": "好" * 121, "currency": "CNY"}, "name"),
        ({"name": "好", "short_name": "好" * 21, "currency": "CNY"}, "short_name"),
        ({"name": "好", "currency": "XXX"}, "currency"),
        ({"name": "好", "currency": "CNY", "currencies": ["USD", "XXX"]}, "currencies"),
        ({"name": "好", "currency": "CNY", "logo": SimpleUploadedFile("a.png", b"x")}, "logo"),
    ],
)
def test_bad_input_of_the_company_is_told_at_its_field(boss, sent, name):
    answer = boss.post("/setup/company/", sent)
    assert answer.status_code == 400
    assert f"id_{name}_error" in answer.text
    assert firm().name == ""


def test_steps_are_skipped_found_again_and_the_card_goes(boss, company):
    me = actor(company.boss)
    assert "开始设置" in boss.get("/").text
    assert boss.post("/setup/company/skip/").status_code == 303
    assert state_of(me, STEPS[0]) == "skipped"
    assert "已跳过" in boss.get("/setup/").text
    boss.post("/setup/company/open/")
    assert state_of(me, STEPS[0]) == ""
    for step in STEPS:
        boss.post(f"/setup/{step.key}/skip/")
    assert "/setup/company/" not in boss.get("/").text.split("<main")[-1]
    assert boss.post("/setup/nothing/skip/").status_code == 404
    assert boss.post("/setup/company/burn/").status_code == 404


def test_a_step_that_is_done_says_so_by_itself(boss, company):
    boss.post("/setup/company/", {"name": "江南机电", "currency": "CNY"})
    assert state_of(actor(company.boss), STEPS[0]) == "done"


def test_numbering_shows_what_comes_next_and_is_changed(boss):
    assert "KH-00001" in boss.get("/numbering/").text
    sent = {"pattern": "C{yyyy}-{n:3}", "reset": "year", "next": "7", "gapless": "1"}
    preview = boss.get("/numbering/customers/preview/", sent).text
    assert "-007" in preview and "-009" in preview
    assert boss.post("/numbering/customers/", sent).status_code == 303
    assert rule_of(spec(Customer), 1) == Rule("C{yyyy}-{n:3}", "year", gapless=True)
    made = create_record(SYSTEM, spec(Customer), {"name": "甲"})
    assert made.number.endswith("-007")
    assert "-008" in boss.get("/numbering/").text
    assert boss.get("/numbering/departments/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"pattern": "KH", "reset": "never", "next": "1"}, "pattern"),
        ({"pattern": "{n}", "reset": "month", "next": "1"}, "pattern"),
        ({"pattern": "x" * 40 + "{n}", "reset": "never", "next": "1"}, "pattern"),
        ({"pattern": "{n}", "reset": "weekly", "next": "1"}, "reset"),
        ({"pattern": "{n}", "reset": "never", "next": "0"}, "next"),
        ({"pattern": "{n}", "reset": "never", "next": "abc"}, "next"),
        ({"pattern": "{n}", "reset": "never", "next": ""}, "next"),
    ],
)
def test_a_rule_that_does_not_work_is_told_at_its_field(boss, sent, name):
    answer = boss.post("/numbering/customers/", sent)
    assert answer.status_code == 400
    assert f"id_{name}_error" in answer.text
    assert rule_of(spec(Customer), 1).pattern == "KH-{n:5}"


ADDRESSES = ["setup/", "setup/company/", "setup/departments/", "setup/staff/"]


@pytest.mark.parametrize("address", [*ADDRESSES, "numbering/", "numbering/customers/"])
def test_all_of_it_is_for_administrators(company, address):
    for person in (company.anna, company.looker, company.nobody):
        visitor = browser(person)
        assert visitor.get(f"/{address}").status_code == 404
        assert visitor.post(f"/{address}", {"list": "x"}).status_code == 404
