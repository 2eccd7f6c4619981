"""What a text finds, for whom, in which order."""

from dataclasses import replace

import pytest

from guanxi.kernel import acts, registry
from guanxi.kernel.actor import Policy, system_actor
from guanxi.kernel.paging import order_keys, page_of
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.values import create_record
from guanxi.search.find import narrow, search_all
from guanxi.search.layout import check_searched, open_classes, searched_fields

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")
TRICKS = ("华为", "hw", "huawei", "5678", "138", "13812345678", "华", "K-77", "zhang", "example",
          "华为 OR 1=1", '华为" OR "', "华*", "n*", "nb华为", "o1", "' | '", "%", "_", "*")  # fmt: skip


def page(spec, actor, text, **more):
    keys = order_keys(spec, "-updated_at", actor=actor)
    return page_of(spec, actor, narrow(spec, actor, unscoped(spec, actor), text), keys=keys, **more)


def titles(actor, text, **more):
    return {
        group.spec.key: [row.title for row in group.rows]
        for group in search_all(actor, text, **more)
    }


def with_rule(actor, field, mine, others=None):
    policies = {("customers.customer", field): (mine, mine if others is None else others)}
    return replace(actor, rights=replace(actor.rights, policies=policies))


@pytest.fixture
def huawei(team, add):
    return add(team.lin.id, "华为技术", "13812345678", "zhang@huawei.example", number="K-77")


@pytest.mark.parametrize(
    "text",
    ["hw", "华为", "技术", "华", "华为 5678", "HW", "ｈｗ", "１２３４", "华为技术", "華為", "huaweijs"[:6],
     "138 1234 5678", "+86 138-1234-5678", "5678", "K-77", "k77"[:1], "zhang", "huawei.example",
     "  华为  ", "华为，技术"],
)  # fmt: skip
def test_texts_that_find(huawei, team, text, customers):
    assert titles(team.lin.actor, text)[customers.key] == ["华为技术"]


@pytest.mark.parametrize(
    "text", ["中兴", "5679", "wh", "技华", "华为 中兴", "--", "！？", "。", "%"]
)
def test_texts_that_find_nothing(huawei, team, text, customers):
    assert titles(team.lin.actor, text) == {}
    assert page(customers, team.lin.actor, text, size=10).rows == []


def test_a_blank_text_narrows_nothing(huawei, team, customers):
    base = unscoped(customers, team.lin.actor)
    assert narrow(customers, team.lin.actor, base, " \u3000") is base
    assert titles(team.lin.actor, "") == {}


@pytest.mark.parametrize("text", TRICKS)
def test_another_salesperson_finds_nothing(huawei, team, text, customers):
    assert titles(team.wang.actor, text, everything=True).get(customers.key, []) == []
    assert page(customers, team.wang.actor, text, size=10).rows == []


def test_the_manager_and_whoever_it_is_shared_with_find_it(huawei, team, customers):
    assert titles(team.chen.actor, "华为")[customers.key] == ["华为技术"]
    acts.share_record(SYSTEM, huawei, person_id=team.wang.id)
    assert titles(team.wang.actor, "华为")[customers.key] == ["华为技术"]


def test_after_a_handover_only_the_new_owner_finds_it(huawei, team, customers):
    acts.transfer_record(SYSTEM, huawei, owner_id=team.wang.id)
    assert titles(team.lin.actor, "华为") == {}
    assert titles(team.wang.actor, "华为")[customers.key] == ["华为技术"]


@pytest.mark.parametrize("policy", [Policy.HIDDEN, Policy.MASKED])
@pytest.mark.parametrize("rows", ["mine", "others"])
def test_masked_numbers_are_not_searched(huawei, team, customers, policy, rows):
    masked = (policy, Policy.FREE) if rows == "mine" else (Policy.FREE, policy)
    actor = with_rule(team.lin.actor, "channels", *masked)
    for text in ("5678", "1381", "13812345678", "zhang", "huawei.example"):
        assert titles(actor, text) == {}, text
    assert titles(actor, "华为")[customers.key] == ["华为技术"]
    assert titles(actor, "华为 5678") == {}


def test_masked_titles_are_not_searched(huawei, team, customers):
    actor = with_rule(team.lin.actor, "name", Policy.MASKED)
    for text in ("华为", "hw", "huaweijishu", "华"):
        assert titles(actor, text) == {}, text
    assert page(customers, actor, "5678", size=5).rows[0].pk == huawei.pk


def test_a_masked_number_shows_masked_beside_its_title(huawei, team):
    actor = with_rule(team.lin.actor, "channels", Policy.MASKED)
    (group,) = search_all(actor, "K-77")
    shown = [value.text for value in group.rows[0].values]
    assert all("1234" not in text for text in shown)


def test_readonly_fields_are_searched(huawei, team, customers):
    actor = with_rule(team.lin.actor, "channels", Policy.READONLY)
    assert titles(actor, "5678")[customers.key] == ["华为技术"]


def test_each_field_has_a_letter_of_its_own(customers, team):
    letters = [item.letter for item in searched_fields(customers)]
    assert len(set(letters)) == len(letters) == len(customers.search + customers.phones)
    closed = with_rule(team.lin.actor, "number", Policy.HIDDEN)
    (texts, numbers), (fewer, same) = (
        open_classes(actor, customers) for actor in (team.lin.actor, closed)
    )
    lost = {*texts, *numbers} - {*fewer, *same}
    assert len(lost) == 1


def test_invalidated_rows_are_left_to_the_page(huawei, team, customers):
    acts.invalidate_record(SYSTEM, huawei, reason="倒闭")
    assert titles(team.lin.actor, "华为") == {}
    (group,) = search_all(team.lin.actor, "华为", everything=True)
    assert [(row.title, row.is_void) for row in group.rows] == [("华为技术", True)]


def test_exact_titles_come_first_then_beginnings_then_the_newest(team, add, customers):
    for name in ("华为", "深圳市华为数字", "华为终端", "大华为民", "新华为业", "北京华为"):
        add(team.lin.id, name)
    assert titles(team.lin.actor, "华为", limit=6)[customers.key] == [
        "华为", "北京华为", "华为终端", "深圳市华为数字", "新华为业", "大华为民",
    ]  # fmt: skip
    (group,) = search_all(team.lin.actor, "华为", limit=3)
    assert (len(group.rows), group.more) == (3, True)


def test_customers_stand_before_everything_else(huawei, team):
    create_record(SYSTEM, registry.spec("people.person"), {"name": "华小龙"})
    create_record(SYSTEM, registry.spec("customers.customersource"), {"name": "华为云市场"})
    keys = [group.spec.key for group in search_all(SYSTEM, "华", everything=True)]
    assert keys == ["customers.customer", "people.person", "customers.customersource"]
    assert "customers.customersource" not in titles(SYSTEM, "华")


def test_objects_without_the_right_are_not_searched(huawei, team):
    create_record(SYSTEM, registry.spec("people.person"), {"name": "华小龙"})
    grants = {k: v for k, v in team.lin.actor.rights.grants.items() if k[0] != "people.person"}
    actor = replace(team.lin.actor, rights=replace(team.lin.actor.rights, grants=grants))
    assert titles(actor, "华", everything=True) == {"customers.customer": ["华为技术"]}


def test_narrowed_lists_page_through_all_hits_once(team, add, customers):
    for number in range(7):
        add(team.lin.id if number % 2 else team.wang.id, f"华为{number}")
        add(team.lin.id, f"中兴{number}")
    seen, after = [], ""
    while True:
        found = page(customers, team.chen.actor, "华为", size=3, after=after)
        seen += [row.name for row in found.rows]
        if not found.has_next:
            break
        after = found.last
    assert seen == [f"华为{number}" for number in reversed(range(7))]


def test_a_suggestion_asks_a_fixed_number_of_statements(team, add, django_assert_max_num_queries):
    for number in range(30):
        add(team.lin.id, f"华为{number}", f"138123456{number:02}")
    with django_assert_max_num_queries(12):
        assert len(search_all(team.lin.actor, "华为")[0].rows) == 5


def test_a_field_beyond_a_link_stops_the_start(customers, monkeypatch):
    wrong = replace(customers, search=("name", "parent.name"))
    monkeypatch.setattr(registry, "specs", lambda: iter([wrong]))
    (error,) = check_searched()
    assert "parent.name" in error.msg
    many = replace(customers, search=tuple(f.name for f in customers.model._meta.fields
                                           if hasattr(f, "kind"))[:20])  # fmt: skip
    monkeypatch.setattr(registry, "specs", lambda: iter([many]))
    assert len(check_searched()) == 1


@pytest.mark.parametrize(
    ("text", "first", "then"),
    [
        ("hw", {"华为技术", "深圳市华威机电", "Hwajin"}, {"北方汇文技术", "东方华为技术"}),
        ("HWJ", {"华为技术", "深圳市华威机电"}, {"北方汇文技术", "东方华为技术"}),
        ("huawei", {"华为技术", "深圳市华威机电"}, set()),
    ],
)
def test_titles_whose_initials_begin_so_come_before_newer_ones(team, add, text, first, then):
    for name in ("华为技术", "深圳市华威机电", "Hwajin", "北方汇文技术", "东方华为技术"):
        add(team.lin.id, name)
    (group,) = search_all(team.lin.actor, text, limit=9)
    found = [row.title for row in group.rows]
    assert (set(found[: len(first)]), set(found[len(first) :])) == (first, then)


def test_a_masked_title_is_not_found_by_its_beginning(huawei, team, customers):
    actor = with_rule(team.lin.actor, "name", Policy.MASKED)
    assert titles(actor, "hw") == {}
