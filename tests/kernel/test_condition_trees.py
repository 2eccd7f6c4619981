"""One language, two readers: what the database finds is what the evaluator accepts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.columns import column
from guanxi.kernel.describe import describe
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds import PERIODS
from guanxi.kernel.query import compile_q, matches, read
from guanxi.kernel.registry import spec
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.modules.sales.models import Opportunity
from guanxi.testing.people import Company, actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")
TEXTS = [
    "华为技术", "华为", "ＡＢＣ", "abc", "ABC", "Abc公司", "100%", "a_b", "a%b", "a\\b", "\\", "%", "_",
    "é", "É", "ß", "ẞ", "İ", "𠮷野家", "😀", "'\"", "[a]*", "１２３", "123", "①", "㈱", "x" * 100,
]  # fmt: skip
PATHS = [
    "name", "works_at", "remark", "nature", "level", "owner", "industry", "headcount", "revenue",
    "revenue_currency", "founded_on", "tags", "job", "created_at", "registered_phone", "channels.value",
    "channels.kind", "channels.is_main", "addresses.city", "classings.kind", "level.name",
    "owner.email", "owner.signs_in", "parent.revenue", "parent.tags", "parent.founded_on",
    "parent.revenue_currency",
]  # fmt: skip
DAYS = [0, 1, 29, 30, 31, 36_500]


class Reader:
    """Keeps its rights out of Hypothesis's reports."""

    def __init__(self, reader):
        self.actor = reader


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        company = Company()
        company.uses("USD")
        for number, text in enumerate(TEXTS):
            _customer(company, number, text)
        yield Reader(actor(company.boss))
        transaction.set_rollback(True)


def _customer(company, number, text):
    """Each third without what may be left out; a chain of parents; dates around today."""
    row = Customer(name=text, main_class_id=_some("main_class", 0), status_id=_some("status", 0))
    if number % 3:
        row.works_at, row.remark = text[::-1], f"{text}\n{text}"
        row.level_id, row.industry_id = _some("level", number), _some("industry", number)
        row.owner_id = (company.boss, company.anna, company.ben)[number % 3].pk
        row.headcount, row.revenue = number % 5, Decimal(number) / 100
        row.revenue_currency = ("CNY", "USD")[number % 2]
        row.founded_on = timezone.localdate() - timedelta(days=DAYS[number % 5])
        row.tags = [f"标签{number % 4}", "%"]
        row.registered_phone = f"138{number:08d}"
        row.parent = Customer.rows(SYSTEM).order_by("pk").last()
    with change(SYSTEM, row) as edit:
        edit.at = timezone.now() - timedelta(hours=7 * number)
        if number % 3 == 1:
            lines = [
                CustomerChannel(kind="wechat", value=text),
                CustomerChannel(kind="qq", value="1"),
            ]
            edit.set_parts("channels", lines)


def _some(link, number):
    rows = Customer._meta.get_field(link).related_model.rows(SYSTEM).order_by("pk")
    return rows[number % rows.count()].pk


def raw_arguments(path, operator):
    """JSON arguments an address could carry for this operator, acceptable or not."""
    kind = column(CUSTOMER, path).kind
    numbers = ["0", "1", "0.07", "4", 3, "-1", "1e5", "１２", "", None, True]
    days = ["2025-01-31", timezone.localdate().isoformat(), "2025-02-30", "", None, 5]
    values = {"text": TEXTS, "number": numbers, "money": numbers, "date": days, "datetime": days}
    some = st.sampled_from(
        values.get(kind.widget, [*TEXTS[:4], 1, 2, "3", "office", "mobile", "USD", "1"])
    )
    if operator.takes == "days":
        return st.sampled_from([*DAYS, "7", -1, "x", 10**30, float("inf"), None])
    if operator.takes == "period":
        return st.sampled_from([*PERIODS, "never", {}, None])
    if operator.takes == "range":
        return st.tuples(some, some).map(list)
    if operator.takes in ("values", "tree"):
        return st.lists(some, max_size=3)
    return some


@st.composite
def leaves(draw):
    path = draw(st.sampled_from(PATHS))
    operators = column(CUSTOMER, path).kind.operators
    name = draw(st.sampled_from(sorted(operators)))
    return [path, name, draw(raw_arguments(path, operators[name]))]


trees = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"and": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"or": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=5,
)


@given(tree=trees)
@settings(max_examples=250)
def test_database_and_evaluator_agree(world, tree):
    try:
        node = read(CUSTOMER, tree, actor=world.actor)
    except Wrong as wrong:
        assert wrong.message
        return
    found = set(Customer.rows(world.actor).filter(compile_q(node)).values_list("pk", flat=True))
    assert found == {row.pk for row in Customer.rows(world.actor) if matches(node, row)}
    assert isinstance(describe(node, actor=world.actor), str)


@pytest.mark.parametrize("path", PATHS)
def test_every_operator_on_every_type(world, path):
    col, rows, tried = column(CUSTOMER, path), list(Customer.rows(world.actor)), 0
    for name, operator in col.kind.operators.items():
        for raw in _exhaustive(col, operator.takes):
            try:
                node = read(CUSTOMER, [path, name, raw], actor=world.actor)
            except Wrong:
                continue
            found = set(
                Customer.rows(world.actor).filter(compile_q(node)).values_list("pk", flat=True)
            )
            assert found == {row.pk for row in rows if matches(node, row)}, (path, name, raw)
            negated = read(CUSTOMER, {"not": [path, name, raw]}, actor=world.actor)
            rest = set(
                Customer.rows(world.actor).filter(compile_q(negated)).values_list("pk", flat=True)
            )
            assert rest == {row.pk for row in rows} - found, (path, name, raw)
            tried += 1
    assert tried >= len(col.kind.operators)


def _exhaustive(col, takes):
    if takes in ("none", "actor"):
        return [None]
    if takes == "days":
        return DAYS
    if takes == "period":
        return list(PERIODS)
    today = timezone.localdate().isoformat()
    ids = [str(pk) for pk in range(1, 6)]
    values = {"date": [today, "2025-01-31"], "datetime": [today], "number": ["0", "3"]}
    values |= {"money": ["0.07", "0.1"], "link": ids, "person": ids, "boolean": ["1", "0"]}
    values |= {"email": ["anna@example.com", "x@example.com"], "phone": ["138", "0000"]}
    values |= {"tags": ["标签1", "%", "标"], "choice": ["organisation", "mobile", "wechat"]}
    found = values.get(col.kind.widget, [*TEXTS, "138", "0000"])
    if takes == "range":
        return [[found[0], found[-1]], [found[0], ""], ["", found[-1]], ["", ""]]
    return [found, found[:1], []] if takes in ("values", "tree") else found


def test_one_hop_over_a_link_that_is_empty(world):
    row = Opportunity(title="无客户", pipeline_id=_pipeline(), stage_id=_stage())
    with change(SYSTEM, row):
        pass
    for leaf, expected in (
        (["customer.name", "empty"], True),
        (["customer.name", "filled"], False),
        (["customer.name", "is_not", "华为"], True),
        (["customer.name", "not_contains", "华"], True),
        (["customer.revenue", "empty"], True),
        (["customer.tags", "has_none", ["标签1"]], True),
        (["customer.level", "not_in", ["1"]], True),
    ):
        node = read(OPPORTUNITY, leaf, actor=world.actor)
        assert matches(node, row) is expected, leaf
        assert Opportunity.rows(world.actor).filter(compile_q(node)).exists() is expected, leaf


def _stage():
    return Opportunity._meta.get_field("stage").related_model.rows(SYSTEM).order_by("pk")[0].pk


def _pipeline():
    return (
        Opportunity._meta.get_field("stage").related_model.rows(SYSTEM).get(pk=_stage()).pipeline_id
    )


@pytest.mark.parametrize(
    "tree",
    [
        {"xor": []}, {"and": {}}, {"and": [], "or": []}, {"not": []}, ["name"],
        ["name", "is", 1, 2], "name", 7,
        ["nope", "is", "x"], ["name", "like", "x"], ["channels", "is", "x"], ["name.x", "is", "x"],
        ["parent.parent.name", "is", "x"], ["version", "is", 1], ["book", "is", 1],
        ["extra", "is", 1], ["name", "is", ""], ["name", "is", None],
        ["name", "contains", "\x00"], ["owner", "in", ["x"]],
        ["name", "contains", "\ud800"], ["created_at", "period", {}], ["created_at", "is", "soon"],
        ["revenue", "between", ["1"]], ["revenue", "between", "12"], ["level", "in", [[1]]],
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_not_ignored(world, tree):
    with pytest.raises(Wrong):
        read(CUSTOMER, tree, actor=world.actor)


def test_trees_have_a_limit(world):
    leaf = ["name", "is", "x"]
    read(CUSTOMER, {"and": [leaf] * 60}, actor=world.actor)
    with pytest.raises(Wrong):
        read(CUSTOMER, {"and": [leaf] * 61}, actor=world.actor)
    deep = leaf
    for _level in range(7):
        deep = {"and": [deep]}
    with pytest.raises(Wrong):
        read(CUSTOMER, deep, actor=world.actor)
