import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.actor import Policy, Reach, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.columns import column, policy
from guanxi.modules.customers.models import Customer
from guanxi.people.organisation import organisation, stamp
from guanxi.people.rights import BROAD, Given, policies_from, rights_of

SYSTEM = system_actor("tests")
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

VIEW, EDIT = ("records", "view"), ("records", "edit")
KEY = "customers.customer"


def seen(firm, person, verb="view"):
    return set(Customer.rows(firm.actor(person), verb).values_list("name", flat=True))


@pytest.fixture
def sales(firm):
    """Head office > sales > east > Suzhou; 王 leads 李, 李 leads 赵; 孙 sells in another branch."""
    firm.head = firm.department("总部")
    firm.sales = firm.department("销售部", firm.head)
    firm.east = firm.department("华东", firm.sales)
    firm.suzhou = firm.department("苏州", firm.east)
    firm.north = firm.department("华北", firm.head)
    firm.wang = firm.person("王总", department=firm.sales)
    firm.li = firm.person("李经理", department=firm.east, superior=firm.wang)
    firm.zhao = firm.person("赵敏", department=firm.suzhou, superior=firm.li)
    firm.sun = firm.person("孙强", department=firm.north)
    for person in (firm.wang, firm.li, firm.zhao, firm.sun):
        firm.customer(person.name, person)
    return firm


def hold(firm, person, *roles):
    fresh = type(person).rows(SYSTEM).get(pk=person.pk)
    with change(SYSTEM, fresh) as edit:
        edit.set_parts("roles", [_held(role) for role in roles])


def _held(role):
    from_model = role._meta.apps.get_model("people", "PersonRole")
    return from_model(role=role)


@pytest.mark.parametrize(
    ("reach", "names"),
    [
        ("none", set()),
        ("own", {"李经理"}),
        ("own_and_below", {"李经理", "赵敏"}),
        ("department", {"李经理"}),
        ("department_and_below", {"李经理", "赵敏"}),
        ("all", {"王总", "李经理", "赵敏", "孙强"}),
    ],
)
def test_each_reach_covers_its_rows(sales, reach, names):
    hold(sales, sales.li, sales.role("看", {VIEW: reach}))
    assert seen(sales, sales.li) == names


def test_reaches_of_two_roles_unite(sales):
    hold(
        sales,
        sales.sun,
        sales.role("本部门", {VIEW: "department"}),
        sales.role("编辑", {EDIT: "all"}),
    )
    assert seen(sales, sales.sun) == {"孙强"}
    hold(
        sales,
        sales.li,
        sales.role("下属", {VIEW: "own_and_below"}),
        sales.role("无", {VIEW: "none"}),
    )
    assert seen(sales, sales.li) == {"李经理", "赵敏"}


def test_view_and_edit_are_granted_apart(sales):
    hold(sales, sales.li, sales.role("看下属改自己", {VIEW: "own_and_below", EDIT: "own"}))
    assert seen(sales, sales.li) == {"李经理", "赵敏"}
    assert seen(sales, sales.li, "edit") == {"李经理"}


def test_an_invalidated_role_and_an_invalidated_person_grant_nothing(sales):
    role = sales.role("全部", {VIEW: "all"})
    hold(sales, sales.li, role)
    assert len(seen(sales, sales.li)) == 4
    role.refresh_from_db()
    with change(SYSTEM, role, verb="invalidate"):
        role.voided_at = role.updated_at
    assert seen(sales, sales.li) == set()


def test_a_moved_department_takes_its_people_along_at_once(sales):
    hold(sales, sales.wang, sales.role("部门以下", {VIEW: "department_and_below"}))
    assert seen(sales, sales.wang) == {"王总", "李经理", "赵敏"}
    sales.east.refresh_from_db()
    with change(SYSTEM, sales.east):
        sales.east.parent = sales.head
    assert seen(sales, sales.wang) == {"王总"}


def test_a_line_of_superiors_of_any_length_is_followed(firm):
    above = None
    people = []
    for number in range(40):
        above = firm.person(f"第{number}级", superior=above)
        people.append(above.pk)
    assert organisation(stamp()).team(people[0]) == set(people)
    assert organisation(stamp()).team(people[-1]) == {people[-1]}


def test_a_loop_in_stored_rows_does_not_hang_the_closure():
    picture = organisation(stamp())
    looped = type(picture)({1: 1, 2: 2}, {1: (1,), 2: (2,)}, {1: (2,), 2: (1,)}, {1: (2,), 2: (1,)})
    assert looped.team(1) == {1, 2}
    assert looped.owners(1, Reach.DEPARTMENT_AND_BELOW) == (1, 2)


def test_a_rolled_back_change_leaves_no_memory_behind(sales):
    """Rights looked up inside a transaction that fails must not be remembered afterwards."""
    role = sales.role("全部", {VIEW: "all"})
    person = type(sales.li).rows(SYSTEM).get(pk=sales.li.pk)
    with pytest.raises(ZeroDivisionError), change(SYSTEM, person) as edit:
        edit.set_parts("roles", [_held(role)])
        rights_of(person.pk)
        raise ZeroDivisionError
    assert seen(sales, sales.li) == set()


def _policy(firm, person, field, *, mine):
    return policy(firm.actor(person), column(KEY, field), mine=mine)


def test_my_rows_take_the_freest_others_the_strictest(sales):
    hold(
        sales,
        sales.li,
        sales.role("严", {VIEW: "all", EDIT: "all"}, [(KEY, "revenue", "masked", "hidden")]),
        sales.role("宽", {VIEW: "all", EDIT: "all"}, [(KEY, "revenue", "free", "readonly")]),
    )
    assert _policy(sales, sales.li, "revenue", mine=True) is Policy.FREE
    assert _policy(sales, sales.li, "revenue", mine=False) is Policy.HIDDEN


def test_a_role_without_rows_of_the_object_frees_nothing(sales):
    hold(
        sales,
        sales.li,
        sales.role("严", {VIEW: "own", EDIT: "own"}, [(KEY, "revenue", "masked", "hidden")]),
        sales.role("别的", {("terms", "view"): "all"}),
    )
    assert _policy(sales, sales.li, "revenue", mine=True) is Policy.MASKED
    assert _policy(sales, sales.li, "revenue", mine=False) is Policy.HIDDEN


def test_an_own_rows_role_does_not_tighten_the_rows_a_manager_reaches(sales):
    hold(
        sales,
        sales.li,
        sales.role("自己", {VIEW: "own", EDIT: "own"}, [(KEY, "revenue", "free", "hidden")]),
        sales.role("下属", {VIEW: "own_and_below", EDIT: "own_and_below"}),
    )
    assert _policy(sales, sales.li, "revenue", mine=False) is Policy.FREE


REACHES = st.sampled_from([None, *(reach for reach in Reach if reach is not Reach.NONE)])
POLICIES = st.sampled_from(list(Policy))
ROLE = st.tuples(REACHES, REACHES, POLICIES, POLICIES)


def _powers(roles, *, mine):
    """(sees the value, may change it) on a row of mine, or on one every broad reach covers."""
    by_role, rules = {}, {}
    for number, (view, edit, on_mine, on_others) in enumerate(roles):
        grants = {VIEW: view, EDIT: edit}
        by_role[number] = {key: reach for key, reach in grants.items() if reach is not None}
        rules[number] = (on_mine, on_others)
    reaching = {
        verb: any(
            g.get(("records", verb)) in (set(Reach) if mine else BROAD) for g in by_role.values()
        )
        for verb in ("view", "edit")
    }
    given = {role: {key: Given(one) for key, one in g.items()} for role, g in by_role.items()}
    found = policies_from(KEY, given, rules)[0 if mine else 1]
    sees = reaching["view"] and found >= Policy.READONLY
    return sees, reaching["view"] and reaching["edit"] and found is Policy.FREE


def _edits_freely(role, *, mine):
    _view, edit, on_mine, on_others = role
    within = edit is not None if mine else edit in BROAD
    return within and (on_mine if mine else on_others) is Policy.FREE


@given(st.lists(ROLE, min_size=2, max_size=3), st.booleans())
def test_roles_together_never_grant_what_none_of_them_grants(roles, mine):
    sees, writes = _powers(roles, mine=mine)
    if sees:
        assert any(_powers([role], mine=mine)[0] for role in roles)
    if writes:
        assert any(_edits_freely(role, mine=mine) for role in roles)


@given(st.lists(ROLE, min_size=2, max_size=3))
def test_on_my_rows_roles_together_grant_all_that_each_of_them_grants(roles):
    sees, writes = _powers(roles, mine=True)
    assert sees or not any(_powers([role], mine=True)[0] for role in roles)
    assert writes or not any(_powers([role], mine=True)[1] for role in roles)
