"""Over a link conditions, groups and sums know no more than is shown: against a plain evaluation of
the presented values."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel import kinds
from guanxi.kernel.actor import Policy
from guanxi.kernel.change import change
from guanxi.kernel.columns import column, is_open, policies
from guanxi.kernel.describe import describe
from guanxi.kernel.errors import Wrong
from guanxi.kernel.measure import Count, Sum, measure
from guanxi.kernel.present import present
from guanxi.kernel.query import compile_q, matches, read
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity
from guanxi.people.models import Department
from guanxi.testing.people import SYSTEM, actor

pytestmark = pytest.mark.django_db
OPPORTUNITY = spec("sales.opportunity")
SEES_DEALS = {("sales.opportunity", "view"): "all", ("terms", "view"): "all"}


def arguments(col, operator):
    """JSON arguments some of the stored values answer to."""
    if operator.takes in ("none", "actor"):
        return [None]
    if operator.takes == "days":
        return [0, 600]
    if operator.takes == "period":
        return ["this_year", "last_year"]
    kind = col.kind
    texts = {
        "date": ["2025-01-15", "2025-06-01"], "datetime": ["2025-01-15", "2200-01-01"],
        "number": ["3", "0"], "money": ["0.07", "70"], "boolean": ["1", "0"], "tags": ["甲", "乙"],
    }  # fmt: skip
    some = texts.get(kind.widget, ["客户", "客户甲2", "a", "x"])
    if isinstance(kind, kinds.ChoiceKind):
        some = sorted(kind.choices)[:2]
    if isinstance(kind, kinds.LinkKind):
        ids = spec(kind.to).model.rows(SYSTEM).values_list("pk", flat=True)[:3]
        some = [str(one) for one in ids] or ["1"]
    if operator.takes == "range":
        return [[some[0], some[-1]], [some[0], ""], ["", some[-1]], ["", ""]]
    return [some, some[:1]] if operator.takes in ("values", "tree") else some


def leaves(world):
    return [
        [path, name, raw]
        for path in world.paths()
        for name, operator in sorted(column(OPPORTUNITY, path).kind.operators.items())
        for raw in arguments(column(OPPORTUNITY, path), operator)
    ]


def trees(world):
    return st.recursive(
        st.sampled_from(leaves(world)),
        lambda inner: st.one_of(
            st.builds(lambda one: {"not": one}, inner),
            st.builds(lambda many: {"and": many}, st.lists(inner, max_size=3)),
            st.builds(lambda many: {"or": many}, st.lists(inner, max_size=3)),
        ),
        max_leaves=5,
    )


def holds(node, shown):
    """A plain evaluation over what is shown."""
    if hasattr(node, "column"):
        return node.operator.test(shown[node.column.path], node.argument)
    found = [holds(item, shown) for item in node.items]
    return not found[0] if node.joins == "not" else (all if node.joins == "and" else any)(found)


def _check(world, name, tree):
    """Raises Wrong where the reader may not ask this."""
    reader, shown = world.actors[name], world.values(name)
    node = read(OPPORTUNITY, tree, actor=reader)
    expected = {one for one in shown if holds(node, shown[one])}
    found = Opportunity.rows(reader).filter(compile_q(node)).values_list("pk", flat=True)
    assert set(found) == expected, (name, tree)
    return node, expected


def test_conditions_know_what_is_shown_and_no_more(world):
    @given(trees(world), st.sampled_from(sorted(world.actors)))
    @settings(max_examples=200)
    def check(tree, name):
        try:
            node, expected = _check(world, name, tree)
        except Wrong:
            return
        reader = world.actors[name]
        assert {row.pk for row in Opportunity.rows(reader) if matches(node, row)} == expected
        assert isinstance(describe(node, actor=reader), str)

    check()


def test_every_operator_over_every_link(world, name):
    open_ones = [
        leaf for leaf in leaves(world) if is_open(world.actors[name], column(OPPORTUNITY, leaf[0]))
    ]
    assert len(open_ones) > 150
    for leaf in open_ones:
        _check(world, name, leaf)
        _check(world, name, {"not": leaf})


def test_groups_and_sums(world, name):
    reader, shown = world.actors[name], world.values(name)
    rows = Opportunity.rows(reader)
    cuts = [
        ("customer.level", ""), ("customer.nature", ""), ("customer.founded_on", "quarter"),
        ("customer.owner", ""), ("owner.department", ""), ("owner.signs_in", ""),
        ("customer.founded_on", ""), ("customer", ""), ("stage.kind", ""),
        (f"customer.{world.fields['choice']}", ""), (f"customer.{world.fields['boolean']}", ""),
        (f"customer.{world.fields['date']}", "month"),
    ]  # fmt: skip
    for path, step in cuts:
        col = column(OPPORTUNITY, path)
        groups = defaultdict(set)
        for one, values in shown.items():
            groups[_group(values[path], step)].add(one)
        figures = measure(reader, OPPORTUNITY, rows, Count(by=path, step=step))
        assert {f.key: f.value for f in figures} == {k: len(v) for k, v in groups.items()}, path
        for figure in figures:
            opened = rows.filter(compile_q(read(OPPORTUNITY, figure.tree, actor=reader)))
            assert set(opened.values_list("pk", flat=True)) == groups[figure.key], (path, figure)
            assert figure.label
        both = measure(reader, OPPORTUNITY, rows, Count(by="stage"), then=Count(by=path, step=step))
        assert sum(figure.value for figure in both) == len(shown)
        for figure in both:
            opened = rows.filter(compile_q(read(OPPORTUNITY, figure.tree, actor=reader)))
            assert opened.count() == figure.value, (col.path, figure)
    for path in ("customer.headcount", "customer.revenue", f"customer.{world.fields['decimal']}"):
        _sums(world, name, path)


def _group(value, step):
    if value in ("", None):
        return None
    if not step:
        return value
    month = {"month": value.month, "quarter": (value.month - 1) // 3 * 3 + 1}[step]
    return date(value.year, month, 1)


def _sums(world, name, path):
    reader, shown = world.actors[name], world.values(name)
    stages = dict(Opportunity.rows(reader).values_list("pk", "stage_id"))
    expected = defaultdict(Decimal)
    for one, values in shown.items():
        currency = _currency(reader, one) if path.endswith("revenue") else ""
        if currency is None:
            continue
        expected[stages[one], currency] += values[path] or 0
    figures = measure(reader, OPPORTUNITY, Opportunity.rows(reader), Sum(path, by="stage"))
    assert {(f.key, f.currency): f.value for f in figures} == dict(expected), path


def _currency(reader, one):
    """The currency of the customer behind an opportunity, where the reader may see the customer."""
    seen = Customer.rows(reader).filter(opportunities=one)
    return seen.values_list("revenue_currency", flat=True).first()


def test_what_lies_behind_a_closed_link_is_closed(world):
    rules = (("sales.opportunity", "customer", "free", "hidden"),)
    grants = SEES_DEALS | {("customers.customer", "view"): "all"}
    reader = actor(world.company.person("连接隐藏", grants, rules=rules))
    col = column(OPPORTUNITY, "customer.level")
    assert policies(reader, col) == (Policy.FREE, Policy.HIDDEN)
    with pytest.raises(Wrong):
        read(OPPORTUNITY, ["customer.level", "filled"], actor=reader)
    theirs = Opportunity.rows(reader).filter(customer__level__isnull=False)[:1]
    assert present(reader, OPPORTUNITY, list(theirs), ["customer.level"])[0].values[0].text == ""


def test_a_tree_is_climbed_only_where_it_is_seen(world):
    """Which departments lie below another is told by rows the reader does not see."""
    below = Department(name="华南一部", parent=Department.rows(SYSTEM).get(name="华南销售部"))
    with change(SYSTEM, below):
        pass
    for name, expected in (("everything", 2), ("own customers", 1)):
        leaf = ["department", "under", [str(below.parent_id)]]
        assert (
            len(read(spec("people.person"), leaf, actor=world.actors[name]).items[0].argument)
            == expected
        )
