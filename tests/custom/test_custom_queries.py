"""Custom values answer conditions, orders and sums alike on both databases and in Python."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel import query
from guanxi.kernel.actor import system_actor
from guanxi.kernel.columns import column
from guanxi.kernel.extra import extras
from guanxi.kernel.measure import measure
from guanxi.kernel.paging import jump, order_keys, page_of
from guanxi.kernel.spec import Count, Sum
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.text import name_key
from guanxi.kernel.values import read_values

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")
VALUES = {
    "text": (
        "",
        "甲方",
        "Ａ-1",
        "a-1",
        "A_1",
        "100%",
        "o'Neil",
        '"引"',
        "\\n",
        "Zebra",
        "apple",
        "o001",
    ),
    "long_text": ("", "第一行\n第二行", "短"),
    "integer": ("", "0", "-5", "9", "10", "100", "999999999999"),
    "decimal": ("", "0", "-0.5", "0.07", "9.9999", "10", "99999999999999"),
    "date": ("", "1800-01-01", "2025-12-31", "2026-01-01", "2026-02-28", "2200-12-31"),
    "choice": ("", "o001", "o002", "o003"),
    "boolean": ("", "1"),
}
ARGUMENTS = {
    "value": lambda kind: st.sampled_from(VALUES[kind][1:] if kind != "boolean" else ("1", "0")),
    "values": lambda kind: st.lists(st.sampled_from(VALUES[kind][1:]), min_size=1, max_size=3),
    "range": lambda kind: st.lists(st.sampled_from(VALUES[kind]), min_size=2, max_size=2),
    "days": lambda kind: st.integers(0, 400),
    "period": lambda kind: st.sampled_from(["this_year", "last_month", "next_quarter"]),
    "none": lambda kind: st.none(),
}


@pytest.fixture
def rows(fields, add):
    """Customers that hold every value there is, and one that holds none."""
    kinds = list(VALUES)
    made = [add("空白")]
    for number in range(max(map(len, VALUES.values()))):
        raw = {getattr(fields, kind): VALUES[kind][number % len(VALUES[kind])] for kind in kinds}
        made.append(add(f"客户{number}", **raw))
    return made


def leaves(spec, fields, prefix=""):
    """A strategy for conditions on any custom field with any operator of its type."""

    def of(kind):
        path = prefix + getattr(fields, kind)
        operators = column(spec, path).kind.operators
        return st.sampled_from(sorted(operators)).flatmap(
            lambda name: ARGUMENTS[operators[name].takes](kind).map(lambda raw: [path, name, raw])
        )

    return st.sampled_from(list(VALUES)).flatmap(of)


def trees(leaf):
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda one: {"not": one}, inner),
            st.builds(lambda many: {"and": many}, st.lists(inner, max_size=3)),
            st.builds(lambda many: {"or": many}, st.lists(inner, max_size=3)),
        ),
        max_leaves=5,
    )


def agree(spec, tree, records):
    node = query.read(spec, tree, actor=SYSTEM)
    found = set(unscoped(spec, SYSTEM).filter(query.compile_q(node)).values_list("pk", flat=True))
    assert found == {record.pk for record in records if query.matches(node, record)}, tree


def test_database_and_evaluator_agree(rows, customers, fields):
    @given(trees(leaves(customers, fields)))
    def check(tree):
        agree(customers, tree, rows)

    check()


def test_over_a_link_as_well(rows, customers, fields, add):
    children = [add(f"子公司{number}", parent=str(row.pk)) for number, row in enumerate(rows)]
    every = rows + children

    @given(trees(leaves(customers, fields, prefix="parent.")))
    def check(tree):
        agree(customers, tree, every)

    check()


@pytest.mark.parametrize("name", ["is_not", "not_contains", "empty"])
def test_negations_include_rows_without_the_key(rows, customers, fields, name):
    tree = [fields.text, name, "甲方"]
    node = query.read(customers, tree, actor=SYSTEM)
    assert rows[0] in unscoped(customers, SYSTEM).filter(query.compile_q(node))


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind != "long_text"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_follow_the_order_with_empty_numbers_and_dates_last(
    rows, customers, fields, kind, sign
):
    col = column(customers, getattr(fields, kind))
    keys = order_keys(customers, f"{sign}{col.path}", actor=SYSTEM)
    assert keys[0].orm == col.sort
    key = name_key if kind == "text" else lambda value: value
    held = {row.pk: None if (it := col.extra.get(row)) is None else key(it) for row in rows}
    seen, after = [], ""
    while True:
        page = page_of(
            customers, SYSTEM, unscoped(customers, SYSTEM), keys=keys, size=4, after=after
        )
        seen += [row.pk for row in page.rows]
        number = len(seen) // 4 if page.has_next else 0
        if number:
            hop = jump(
                customers, SYSTEM, unscoped(customers, SYSTEM), keys=keys, size=4, number=number
            )
            assert [row.pk for row in hop.rows] == seen[-4:]
        if not page.has_next:
            break
        after = page.last
    assert sorted(seen) == sorted(held)
    filled = [held[pk] for pk in seen if held[pk] is not None]
    assert [held[pk] for pk in seen] == filled + [None] * (len(seen) - len(filled))
    assert filled == sorted(filled, reverse=bool(sign))
    back = page_of(customers, SYSTEM, unscoped(customers, SYSTEM), keys=keys, size=4, before=after)
    assert [row.pk for row in back.rows] == seen[seen.index(back.rows[0].pk) :][:4]


def test_sums_are_exact(customers, fields, add):
    for number in range(30):
        add(
            f"客户{number}", **{fields.decimal: "0.07", fields.choice: "强" if number % 2 else "弱"}
        )
    found = measure(
        SYSTEM, customers, unscoped(customers, SYSTEM), Sum(fields.decimal, by=fields.choice)
    )
    assert {figure.label: figure.value for figure in found} == {
        "强": Decimal("1.05"),
        "弱": Decimal("1.05"),
    }


@pytest.mark.parametrize(
    ("kind", "step"),
    [("choice", ""), ("boolean", "")]
    + [("date", step) for step in ("month", "quarter", "year", "")],
)
def test_every_number_opens_its_rows(rows, customers, fields, kind, step):
    asked = Count(by=getattr(fields, kind), step=step)
    figures = measure(SYSTEM, customers, unscoped(customers, SYSTEM), asked)
    assert sum(figure.value for figure in figures) == len(rows)
    for figure in figures:
        node = query.read(customers, figure.tree, actor=SYSTEM)
        assert unscoped(customers, SYSTEM).filter(query.compile_q(node)).count() == figure.value


def test_another_account_set_does_not_know_the_field(customers, fields):
    stranger = system_actor("tests", book=2)
    reading = read_values(stranger, customers, {fields.text: "甲"}, record=customers.model())
    assert list(reading.errors) == [fields.text]
    assert not reading.values
    assert extras(customers, book=2) == []
