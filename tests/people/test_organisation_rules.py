import pytest

from guanxi.kernel.actor import system_actor
from guanxi.kernel.acts import delete_record, invalidate_record, restore_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.people.accounts import close_signin
from guanxi.people.models import Department, Person, PersonRole, Role, Standing, Tree
from guanxi.testing.people import EVERYTHING, api_client, browser

SYSTEM = system_actor("tests")
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def stored(record):
    return type(record).rows(SYSTEM).get(pk=record.pk)


def test_a_department_can_be_moved_but_not_below_itself(firm):
    top = firm.department("一部")
    middle = firm.department("二部", top)
    low = firm.department("三部", middle)
    top = stored(top)
    with pytest.raises(Invalid) as refusal, change(SYSTEM, top):
        top.parent = low
    assert "parent" in refusal.value.errors
    assert stored(top).parent_id is None
    low = stored(low)
    with change(SYSTEM, low):
        low.parent = None
    assert stored(low).parent_id is None


def test_superiors_make_no_loop(firm):
    first = firm.person("甲")
    second = firm.person("乙", superior=first)
    third = firm.person("丙", superior=second)
    for above in (third, first):
        below = stored(first)
        with pytest.raises(Invalid) as refusal, change(SYSTEM, below):
            below.superior = above
        assert "superior" in refusal.value.errors
    assert stored(first).superior_id is None


def test_a_department_with_people_is_not_deleted(firm):
    department = firm.department("客服部")
    firm.person("小周", department=department)
    with pytest.raises(Refused) as refusal:
        delete_record(SYSTEM, stored(department))
    assert refusal.value.code == "in_use"
    assert "1" in refusal.value.message
    assert Department.rows(SYSTEM).filter(pk=department.pk).exists()


def test_an_empty_department_is_deleted(firm):
    department = firm.department("筹备组")
    delete_record(SYSTEM, stored(department))
    assert not Department.rows(SYSTEM).filter(pk=department.pk).exists()


def _dismiss(firm, person):
    person = stored(person)
    with change(SYSTEM, person) as edit:
        edit.set_parts("roles", [])


def _void_role(firm, person):
    invalidate_record(SYSTEM, Role.rows(SYSTEM).get(name=f"{person.name}的角色"))


def _strip_role(firm, person):
    role = Role.rows(SYSTEM).get(name=f"{person.name}的角色")
    with change(SYSTEM, role) as edit:
        edit.set_parts("grants", [])


WAYS = {
    "roles taken away": _dismiss,
    "person invalidated": lambda firm, person: invalidate_record(SYSTEM, stored(person)),
    "person deleted": lambda firm, person: delete_record(SYSTEM, stored(person)),
    "sign-in closed": lambda firm, person: close_signin(SYSTEM, stored(person)),
    "role invalidated": _void_role,
    "grants taken away": _strip_role,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_last_administrator_stays(firm, way):
    person = firm.administrator()
    with pytest.raises((Invalid, Refused)):
        WAYS[way](firm, person)
    left = stored(person)
    assert left.signs_in and not left.is_void
    assert left.user.is_active
    assert firm.actor(left).may("people.role", "edit")


@pytest.mark.parametrize("way", WAYS)
def test_one_of_two_administrators_may_go(firm, way):
    person = firm.administrator()
    firm.administrator("第二位", "dier")
    WAYS[way](firm, person)
    remaining = Person.rows(SYSTEM).get(name="第二位")
    assert firm.actor(remaining).may("people.role", "edit")


def test_an_administrator_who_can_not_sign_in_does_not_count(firm):
    first = firm.administrator()
    firm.person("没有账号", Role.rows(SYSTEM).get(name="管理员的角色"))
    with pytest.raises(Invalid):
        _dismiss(firm, first)


def test_editing_staff_is_not_enough_to_give_roles(firm):
    strong = firm.role("管理", {("*", "edit"): "all", ("*", "view"): "all"})
    clerk = firm.person(
        "人事",
        firm.role("人事", {("people.person", "edit"): "all", ("people.person", "view"): "all"}),
    )
    actor, me = firm.actor(clerk), stored(clerk)
    with pytest.raises(Invalid) as refusal, change(actor, me) as edit:
        edit.set_parts("roles", [PersonRole(role=strong)])
    assert "roles" in refusal.value.errors
    me = stored(clerk)
    with change(actor, me):
        me.job = "人事专员"
    assert stored(clerk).job == "人事专员"
    with pytest.raises(NotAllowed):
        close_signin(actor, me)


def _void(client, address, record):
    return client.post(f"/departments/{address}", {"version": record.version, "tick": record.pk})


def test_a_department_is_not_invalidated_over_the_heads_of_its_people(firm):
    admin = firm.signs_in(firm.person("总管", firm.role("全权", EVERYTHING)), "zongguan")
    unit = firm.department("售后部")
    firm.person("小赵", department=unit)
    firm.person("小钱", department=firm.department("热线组", unit))
    unit = stored(unit)
    said = "该部门及下级部门还有 2 名员工，请先调走。"
    client = browser(admin)
    assert said in _void(client, f"{unit.pk}/invalidate/", unit).content.decode()
    bulk = _void(client, "bulk/invalidate/", unit)
    assert said in client.get(bulk["Location"]).content.decode()
    answer = api_client(admin).post(
        f"/api/v1/departments/{unit.pk}/invalidate", {}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not stored(unit).is_void


def test_who_stands_in_a_department_by_a_hierarchy_counts_too(firm):
    unit = firm.department("华南")
    person = firm.person("小孙")
    tree = Tree(name="区域线")
    with change(SYSTEM, tree):
        pass
    with change(SYSTEM, stored(person)) as edit:
        edit.set_parts("standings", [Standing(tree=tree, department=unit)])
    with pytest.raises(Invalid):
        invalidate_record(SYSTEM, stored(unit))


def test_a_department_whose_people_have_left_is_invalidated_and_comes_back(firm):
    unit = firm.department("售后部")
    person = firm.person("小赵", department=unit)
    invalidate_record(SYSTEM, stored(person))
    invalidate_record(SYSTEM, stored(unit))
    assert stored(unit).is_void
    restore_record(SYSTEM, stored(unit))
    assert not stored(unit).is_void
