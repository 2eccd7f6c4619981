"""Over a link nobody learns more than is shown: conditions, orders, groups and sums against a plain
evaluation of the presented values, for readers of every reach."""

import base64
import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.custom.specs import CUSTOM_FIELD
from guanxi.kernel import kinds, stamps
from guanxi.kernel.actor import Policy
from guanxi.kernel.change import change
from guanxi.kernel.columns import column, is_open, policies
from guanxi.kernel.describe import describe
from guanxi.kernel.errors import Wrong
from guanxi.kernel.measure import Count, Sum, measure
from guanxi.kernel.models import Share
from guanxi.kernel.paging import jump, order_keys, page_of
from guanxi.kernel.present import present
from guanxi.kernel.query import compile_q, matches, read
from guanxi.kernel.registry import spec
from guanxi.kernel.sight import sight
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer, CustomerLevel
from guanxi.modules.sales.models import Opportunity, Stage
from guanxi.people.models import Department
from guanxi.people.organisation import make_stamp
from guanxi.testing.people import SYSTEM, Company, actor

pytestmark = pytest.mark.django_db
OPPORTUNITY = spec("sales.opportunity")
ROWS = 26
SEES_DEALS = {("sales.opportunity", "view"): "all", ("terms", "view"): "all"}
MASKED = (("customers.customer", "name", "free", "masked"),)
READERS = {
    "everything": ({("*", "view"): "all"}, ()),
    "own customers": (SEES_DEALS | {("customers.customer", "view"): "own"}, ()),
    "customers of the department": (
        SEES_DEALS | {("customers.customer", "view"): "department", ("people", "view"): "all"},
        (),
    ),
    "no customers, no terms": ({("sales.opportunity", "view"): "all"}, ()),
    "names of others masked": (SEES_DEALS | {("customers.customer", "view"): "all"}, MASKED),
    "own deals": ({("records", "view"): "own", ("terms", "view"): "all"}, ()),
}
CUSTOM = ("text", "integer", "decimal", "date", "choice", "boolean")


class World:
    """Opportunities of several people over customers of several people, some over none."""

    def __init__(self):
        make_stamp()
        self.company = company = Company()
        self.fields = {kind: self._custom(kind) for kind in CUSTOM}
        far = Department(name="华南销售部")
        with change(SYSTEM, far):
            pass
        self.stranger = company.person("远方", {}, department=far)
        self.people = (company.anna, company.ben, self.stranger, None)
        self.readers = {}
        for name, (grants, rules) in READERS.items():
            person = company.person(name, grants, rules=rules)
            self.readers[name] = person
        self.customers = [self._customer(number) for number in range(12)]
        for number in range(ROWS):
            self._opportunity(number)
        self._share()
        self.actors = {name: actor(person) for name, person in self.readers.items()}
        self.shown = {}

    def _custom(self, kind):
        raw = {"object": "customers.customer", "kind": kind, "name": f"自定义{kind}"}
        raw |= {"asked": "1", "options": [{"label": "强"}, {"label": "弱"}]}
        return create_record(
            SYSTEM, CUSTOM_FIELD, raw if kind == "choice" else raw | {"options": []}
        ).path

    def _owner(self, number):
        everyone = (*self.people, *self.readers.values())
        person = everyone[number % len(everyone)]
        return person.pk if person else None

    def _customer(self, number):
        row = Customer(name=f"客户{'乙丙甲丁'[number % 4]}{number}", owner_id=self._owner(number))
        for link in ("main_class", "status"):
            target = Customer._meta.get_field(link).related_model
            setattr(row, link, target.rows(SYSTEM).order_by("pk")[0])
        levels = [None, *CustomerLevel.rows(SYSTEM).order_by("pk")[:2]]
        row.level = levels[number % 3]
        row.revenue = (None, Decimal("0.07"), Decimal(70))[number % 3]
        row.revenue_currency = ("CNY", "USD")[number % 2]
        row.headcount = (None, 3, 4)[number % 3]
        row.nature = ("", "organisation", "individual")[number % 3]
        row.founded_on = date(2024, 12, 30) + timedelta(days=40 * number) if number % 4 else None
        row.tags = ["甲", "乙"][: number % 3]
        row.works_at = "ab"[number % 2] if number % 3 else ""
        stored = {
            "text": "xy"[number % 2],
            "integer": number % 3,
            "decimal": 7000,
            "choice": "o001",
        }
        stored |= {"date": f"2025-0{number % 3 + 1}-15", "boolean": True}
        row.extra = {self.fields[kind]: value for kind, value in stored.items() if number % 4}
        with change(SYSTEM, row):
            pass
        return row

    def _opportunity(self, number):
        row = Opportunity(
            title=f"商机{number}", stage=Stage.rows(SYSTEM).order_by("pk")[number % 3]
        )
        row.pipeline_id, row.owner_id = row.stage.pipeline_id, self._owner(number // 2)
        row.customer = None if number % 7 == 0 else self.customers[number % 12]
        row.amount = Decimal(number)
        with change(SYSTEM, row):
            pass

    def _share(self):
        for person in self.readers.values():
            Share.objects.create(
                object="customers.customer", record_id=self.customers[0].pk,
                person_id=person.pk, level="read",
            )  # fmt: skip

    def paths(self):
        native = (
            "name level revenue headcount nature founded_on tags works_at owner created_at parent"
        )
        found = [f"customer.{name}" for name in [*native.split(), *self.fields.values()]]
        return [*found, "owner.department", "owner.signs_in", "stage.kind", "amount", "customer"]

    def values(self, name):
        """{id: {path: what the reader is shown}}, None for nothing; ids for links."""
        if name not in self.shown:
            reader = self.actors[name]
            open_paths = [p for p in self.paths() if is_open(reader, column(OPPORTUNITY, p))]
            rows = list(Opportunity.rows(reader).select_related("customer", "owner", "stage"))
            self.shown[name] = {
                row.id: {value.column.path: _plain(value.raw) for value in row.values}
                for row in present(reader, OPPORTUNITY, rows, open_paths)
            }
        return self.shown[name]

    def __repr__(self):
        return "the world"


def _plain(raw):
    return raw.id if isinstance(raw, kinds.Linked) else raw


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        stamps.note(stamps.NONE)
        yield World()
        transaction.set_rollback(True)
    stamps.note(stamps.NONE)


readers = st.sampled_from(sorted(READERS))


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
    @given(trees(world), readers)
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


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_operator_over_every_link(world, name):
    open_ones = [
        leaf for leaf in leaves(world) if is_open(world.actors[name], column(OPPORTUNITY, leaf[0]))
    ]
    assert len(open_ones) > 150
    for leaf in open_ones:
        _check(world, name, leaf)
        _check(world, name, {"not": leaf})


ORDERS = (
    "customer.name", "customer.level", "customer.revenue", "customer.founded_on", "customer.owner",
    "customer", "owner.department", "owner", "stage.win_rate", "amount", "customer.created_at",
)  # fmt: skip


def _sorts(world, name, path):
    """{id: what the row sorts by, as shown}: titles by their stored key, short lists by position."""
    reader, col = world.actors[name], column(OPPORTUNITY, path)
    rows = {row.pk: row for row in Opportunity.rows(reader)}
    shown = {
        row.id: row.values[0] for row in present(reader, OPPORTUNITY, list(rows.values()), [path])
    }
    found = {}
    for one in rows:
        value = shown[one]
        stored = unscoped(OPPORTUNITY, reader).filter(pk=one).values_list(col.sort, flat=True)[0]
        counts = value.raw is not None and value.text != "***"
        found[one] = stored if counts else None
    return found


@pytest.mark.parametrize("name", sorted(READERS))
def test_orders_and_their_cursors(world, name):
    reader = world.actors[name]
    customs = [f"customer.{path}" for path in world.fields.values()]

    @given(
        st.lists(st.sampled_from([*ORDERS, *customs]), min_size=1, max_size=2, unique=True),
        st.lists(st.booleans(), min_size=2, max_size=2),
        st.integers(2, 11),
    )
    @settings(max_examples=15)
    def check(paths, downs, size):
        words = [f"{'-' if down else ''}{path}" for path, down in zip(paths, downs, strict=False)]
        keys = order_keys(OPPORTUNITY, " ".join(words), actor=reader)
        sorts = {path: _sorts(world, name, path) for path in paths}
        known = {key.orm: key for key in keys}
        for path in paths:
            # What the reader sees nowhere is no order at all, as what is closed to the reader.
            if column(OPPORTUNITY, path).sort not in known:
                assert set(sorts.pop(path).values()) == {None}
        if not sorts:
            assert keys == order_keys(OPPORTUNITY, "", actor=reader)
            return
        expected = list(Opportunity.rows(reader).order_by("pk").values_list("pk", flat=True))
        if keys[-1].down:
            expected.reverse()
        for path, values in reversed(sorts.items()):
            down = known[column(OPPORTUNITY, path).sort].down
            filled = [one for one in expected if values[one] is not None]
            empty = [one for one in expected if values[one] is None]
            expected = sorted(filled, key=values.get, reverse=down) + empty
        rows = unscoped(OPPORTUNITY, reader)
        page = page_of(OPPORTUNITY, reader, rows, keys=keys, size=size)
        pages = [page]
        while page.has_next:
            page = page_of(OPPORTUNITY, reader, rows, keys=keys, size=size, after=page.last)
            pages.append(page)
            assert len(pages) <= ROWS
        assert [row.pk for one in pages for row in one.rows] == expected, words
        for number in range(len(pages) - 1, 0, -1):
            back = page_of(
                OPPORTUNITY, reader, rows, keys=keys, size=size, before=pages[number].first
            )
            assert [row.pk for row in back.rows] == [row.pk for row in pages[number - 1].rows]
        for number, one in enumerate(pages, start=1):
            jumped = jump(OPPORTUNITY, reader, rows, keys=keys, size=size, number=number)
            assert [row.pk for row in jumped.rows] == [row.pk for row in one.rows]
            assert jumped.last == one.last

    check()


@pytest.mark.parametrize("name", sorted(READERS))
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


def test_who_reaches_everything_pays_nothing(world):
    for reader in (SYSTEM, world.actors["everything"]):
        for path in world.paths():
            col = column(OPPORTUNITY, path)
            found = sight(reader, col)
            assert found is None or found.whole and found.q == Q(**{f"{col.hop}__isnull": False})
        keys = order_keys(OPPORTUNITY, "customer.name owner.department", actor=reader)
        assert all(key.guard is None for key in keys)


def test_cursors_hold_nothing_out_of_sight(world):
    """They stand in addresses, where anybody may read them."""
    reader = world.actors["own customers"]
    keys = order_keys(OPPORTUNITY, "customer.name", actor=reader)
    page = page_of(OPPORTUNITY, reader, unscoped(OPPORTUNITY, reader), keys=keys, size=ROWS - 1)
    assert json.loads(base64.urlsafe_b64decode(f"{page.first}==="))[0] is not None
    assert json.loads(base64.urlsafe_b64decode(f"{page.last}==="))[0] is None


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


def test_keys_are_open_only_with_their_text(world):
    """The stored key of a text sorts as the text does; no other word leads past the white list."""
    rules = (("customers.customer", "name", "masked", "masked"),)
    reader = actor(world.company.person("名称隐藏", {("*", "view"): "all"}, rules=rules))
    usual = order_keys(spec("customers.customer"), "", actor=reader)
    for word in ("name_key", "-name_key", "name", "owner__name_key", "no_such_key", "_key"):
        assert order_keys(spec("customers.customer"), word, actor=reader) == usual, word
    keys = order_keys(OPPORTUNITY, "customer", actor=reader)
    assert keys == order_keys(OPPORTUNITY, "", actor=reader)
