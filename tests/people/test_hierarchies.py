"""Several hierarchies side by side: each has superiors and departments of its own, and reach."""

import pytest
from django.test import Client

from guanxi.kernel import scope
from guanxi.kernel.actor import Reach, system_actor
from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid
from guanxi.kernel.registry import spec
from guanxi.kernel.values import edit_record
from guanxi.modules.customers.models import Customer
from guanxi.people.explain import explain_access
from guanxi.people.models import Department, Grant, Role, Standing, Tree, UnitPlace, User
from guanxi.people.organisation import organisation, stamp
from guanxi.people.rights import actor_of

SYSTEM = system_actor("tests")
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
VIEW, EDIT = ("records", "view"), ("records", "edit")


def tree(name):
    made = Tree(name=name)
    with change(SYSTEM, made):
        pass
    return made


def stands(person, *places):
    """places: (hierarchy, superior or None, department or None)"""
    fresh = type(person).rows(SYSTEM).get(pk=person.pk)
    with change(SYSTEM, fresh) as edit:
        rows = [Standing(tree=t, superior=above, department=unit) for t, above, unit in places]
        edit.set_parts("standings", rows)


def unit(name, of=None, parent=None, *places):
    made = Department(name=name, tree=of, parent=parent)
    with change(SYSTEM, made) as edit:
        edit.set_parts("places", [UnitPlace(tree=t, parent=above) for t, above in places])
    return made


def role(name, through, grants):
    made = Role(name=name, code=name)
    with change(SYSTEM, made) as edit:
        rows = [Grant(object=o, verb=v, reach=r, tree=through) for (o, v), r in grants.items()]
        edit.set_parts("grants", rows)
    return made


def seen(person, verb="view"):
    return set(Customer.rows(actor_of(person), verb).values_list("name", flat=True))


@pytest.fixture
def firm2(firm):
    """张伟 has two superiors: 李娜 in the line, 陈工 in the professional line."""
    firm.pro = tree("专业线")
    below = {VIEW: "own_and_below", EDIT: "own"}
    firm.li = firm.person("李娜", role("线下属", None, below))
    firm.chen = firm.person("陈工", role("专业下属", firm.pro, below))
    firm.zhang = firm.person("张伟", role("本人", None, {VIEW: "own"}), superior=firm.li)
    firm.wang = firm.person("王芳", superior=firm.li)
    stands(firm.zhang, (firm.pro, firm.chen, None))
    firm.customer("张的", firm.zhang)
    firm.customer("王的", firm.wang)
    firm.customer("陈的", firm.chen)
    return firm


def test_two_superiors_each_see_through_their_own_hierarchy(firm2):
    assert seen(firm2.li) == {"张的", "王的"}
    assert seen(firm2.chen) == {"张的", "陈的"}
    assert seen(firm2.chen, "edit") == {"陈的"}
    assert seen(firm2.zhang) == {"张的"}


def test_single_rows_agree_with_lists(firm2):
    customers = spec("customers.customer")
    for person in (firm2.li, firm2.chen, firm2.zhang, firm2.wang):
        actor = actor_of(person)
        every = list(Customer.rows(SYSTEM))
        ids = {row.pk for row in every if row.name in seen(person)}
        assert {row.pk for row in every if scope.may(customers, actor, "view", row)} == ids
        sight = scope.stays_in_sight(customers, actor, every)
        assert {row.pk for row, hit in zip(every, sight, strict=True) if hit} == ids


def test_both_hierarchies_unite_and_neither_leaks_into_the_other(firm2):
    """Who leads in both sees both; below 陈工 in the line is nobody."""
    deep = firm2.person("新人", superior=firm2.zhang)
    firm2.customer("新人的", deep)
    assert "新人的" in seen(firm2.li)
    assert "新人的" not in seen(firm2.chen), "the line below 张伟 is not the professional one"
    stands(deep, (firm2.pro, firm2.zhang, None))
    assert "新人的" in seen(firm2.chen)


def test_a_moved_person_is_seen_by_the_new_superior_only(firm2):
    other = firm2.person("周工", Role.rows(SYSTEM).get(code="专业下属"))
    stands(firm2.zhang, (firm2.pro, other, None))
    assert seen(firm2.chen) == {"陈的"}
    assert seen(other) == {"张的"}
    assert seen(firm2.li) == {"张的", "王的"}


def test_departments_of_another_hierarchy_drive_reach(firm):
    region = tree("区域")
    east = unit("华东区", region)
    shanghai = unit("上海", region, east)
    sales = unit("大客户部", None, None, (region, shanghai))
    head = role("区域总监", region, {VIEW: "department_and_below"})
    boss = firm.person("区域总", head)
    stands(boss, (region, None, east))
    inside = firm.person("张伟", department=sales)
    guest = firm.person("王芳")
    stands(guest, (region, None, shanghai))
    stranger = firm.person("赵六")
    for person in (inside, guest, stranger):
        firm.customer(f"{person.name}的", person)
    assert seen(boss) == {"张伟的", "王芳的"}
    shanghai = Department.rows(SYSTEM).get(pk=shanghai.pk)
    with change(SYSTEM, shanghai):
        shanghai.parent = None
    assert seen(boss) == set()


def test_no_loops_within_a_hierarchy_but_across_them(firm2):
    stands(firm2.chen, (firm2.pro, None, None))
    with pytest.raises(Invalid) as refused:
        stands(firm2.chen, (firm2.pro, firm2.zhang, None))
    assert list(refused.value.errors) == ["standings.0.superior"]
    with pytest.raises(Invalid):
        stands(firm2.chen, (firm2.pro, firm2.chen, None))
    product = tree("产品线")
    stands(firm2.chen, (firm2.pro, None, None), (product, firm2.zhang, None))
    region = tree("区域")
    top = unit("华东区", region)
    low = unit("上海", region, top)
    raw = {"places": [], "parent": str(low.pk)}
    with pytest.raises(Invalid) as refused:
        edit_record(SYSTEM, Department.rows(SYSTEM).get(pk=top.pk), raw)
    assert "parent" in refused.value.errors
    a = unit("甲部", None, None, (region, low))
    fresh = Department.rows(SYSTEM).get(pk=low.pk)
    with pytest.raises(Invalid):
        edit_record(SYSTEM, fresh, {"parent": str(a.pk)})


def test_an_invalidated_hierarchy_reaches_nobody_else(firm2):
    invalidate_record(SYSTEM, Tree.rows(SYSTEM).get(pk=firm2.pro.pk))
    assert seen(firm2.chen) == {"陈的"}


def test_the_explanation_names_the_hierarchy(firm2):
    record = Customer.rows(SYSTEM).get(name="张的")
    text = "\n".join(explain_access(firm2.chen, record))
    assert "本人及下属（专业线）：负责人 张伟 是下属" in text
    record = Customer.rows(SYSTEM).get(name="王的")
    text = "\n".join(explain_access(firm2.chen, record))
    assert "查看: 否\n    角色「专业下属」授予业务记录的「查看」：本人及下属（专业线）" in text


def test_the_picture_is_made_once(firm2):
    at = stamp()
    picture = organisation(at)
    assert organisation(at) is picture
    assert picture.through(firm2.pro.pk).owners(firm2.chen.pk, Reach.OWN_AND_BELOW) == tuple(
        sorted((firm2.chen.pk, firm2.zhang.pk))
    )
    assert picture.through(987654).owners(firm2.chen.pk, Reach.OWN_AND_BELOW) == (firm2.chen.pk,)


@pytest.fixture
def client(firm2):
    found = Client()
    admin = firm2.administrator()
    found.force_login(User.objects.get(pk=admin.user_id))
    return found


def test_the_chart_switches_between_hierarchies(firm2, client):
    page = client.get("/organisation/")
    assert [tab["label"] for tab in page.context["tabs"]] == ["行政线", "专业线"]
    page = client.get("/organisation/", {"hierarchy": firm2.pro.pk})
    drawn = [(one["name"], one["level"], one["superior"]) for one in page.context["outside"]]
    assert drawn == [("陈工", 0, ""), ("张伟", 1, "陈工")]
    assert client.get("/organisation/?hierarchy=x").status_code == 404


def test_persons_and_departments_are_placed_on_the_chart(firm2, client):
    base = f"/organisation/hierarchies/{firm2.pro.pk}/"
    sent = {"record": firm2.wang.pk, "superior": firm2.zhang.pk}
    assert client.get(f"{base}persons/", {"record": firm2.zhang.pk}).status_code == 200
    assert client.post(f"{base}persons/", sent).status_code == 303
    assert seen(firm2.chen) == {"张的", "陈的", "王的"}
    loop = client.post(f"{base}persons/", {"record": firm2.chen.pk, "superior": firm2.wang.pk})
    assert loop.status_code == 422
    assert "上级不能绕回到本人" in loop.content.decode()
    assert client.post(f"{base}persons/", {"superior": firm2.wang.pk}).status_code == 422
    assert client.post(f"{base}persons/", {"record": firm2.wang.pk}).status_code == 303
    assert seen(firm2.chen) == {"张的", "陈的"}
    east, sales = unit("华东区", firm2.pro), unit("大客户部")
    sent = {"record": sales.pk, "parent": east.pk}
    assert client.post(f"{base}departments/", sent).status_code == 303
    page = client.get("/organisation/", {"hierarchy": firm2.pro.pk})
    assert [(one["name"], one["level"]) for one in page.context["tree"]] == [
        ("华东区", 0),
        ("大客户部", 1),
    ]
    sent = {"record": east.pk, "parent": sales.pk}
    assert client.post(f"{base}departments/", sent).status_code == 422
    line = [one["name"] for one in client.get("/organisation/").context["tree"]]
    assert line == ["大客户部"]


def test_the_rights_of_a_role_name_the_hierarchy(firm2, client):
    role_ = Role.rows(SYSTEM).get(code="本人")
    url = f"/roles/{role_.pk}/rights/"
    assert "本人及下属（专业线）" in client.get(url).content.decode()
    sent = {"version": role_.version, "records:view": f"own_and_below@{firm2.pro.pk}"}
    assert client.post(url, sent).status_code == 303
    grant = Grant._all.get(role=role_)
    assert (grant.reach, grant.tree_id) == ("own_and_below", firm2.pro.pk)
    deep = firm2.person("新人")
    firm2.customer("新人的", deep)
    stands(deep, (firm2.pro, firm2.zhang, None))
    assert seen(firm2.zhang) == {"张的", "新人的"}
    sent = {"version": role_.version + 1, "records:view": "own_and_below@999"}
    client.post(url, sent)
    assert Grant._all.get(role=role_).tree_id == firm2.pro.pk
