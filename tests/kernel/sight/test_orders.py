"""Over a link an order knows no more than is shown, and its cursors hold no more."""

import base64
import json

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.columns import column
from guanxi.kernel.paging import jump, order_keys, page_of
from guanxi.kernel.present import present
from guanxi.kernel.registry import spec
from guanxi.kernel.sight import sight
from guanxi.kernel.sweep import unscoped
from guanxi.modules.sales.models import Opportunity
from guanxi.testing.people import SYSTEM, actor

pytestmark = pytest.mark.django_db
OPPORTUNITY = spec("sales.opportunity")
ROWS = 26

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
        _walk(reader, keys, size, expected)

    check()


def _walk(reader, keys, size, expected):
    """Forwards, backwards, and by jumps."""
    rows = unscoped(OPPORTUNITY, reader)
    page = page_of(OPPORTUNITY, reader, rows, keys=keys, size=size)
    pages = [page]
    while page.has_next:
        page = page_of(OPPORTUNITY, reader, rows, keys=keys, size=size, after=page.last)
        pages.append(page)
        assert len(pages) <= ROWS
    assert [row.pk for one in pages for row in one.rows] == expected, keys
    for number in range(len(pages) - 1, 0, -1):
        back = page_of(OPPORTUNITY, reader, rows, keys=keys, size=size, before=pages[number].first)
        assert [row.pk for row in back.rows] == [row.pk for row in pages[number - 1].rows]
    for number, one in enumerate(pages, start=1):
        jumped = jump(OPPORTUNITY, reader, rows, keys=keys, size=size, number=number)
        assert [row.pk for row in jumped.rows] == [row.pk for row in one.rows]
        assert jumped.last == one.last


def test_who_reaches_everything_pays_nothing(world):
    for reader in (SYSTEM, world.actors["everything"]):
        for path in world.paths():
            col = column(OPPORTUNITY, path)
            found = sight(reader, col)
            assert found is None or found.whole and found.q == Q(**{f"{col.hop}__isnull": False})
        keys = order_keys(OPPORTUNITY, "customer.name owner.department", actor=reader)
        assert all(key.guard is None for key in keys)


def test_rows_whose_key_counts_are_ordered_by_the_column_itself(world):
    """Which an index serves; where the key is empty only the rest orders."""
    reader, rows = world.actors["own customers"], unscoped(OPPORTUNITY, SYSTEM)
    keys = order_keys(OPPORTUNITY, "customer.name", actor=reader)
    assert keys[0].guard is not None
    with CaptureQueriesContext(connection) as asked:
        page_of(OPPORTUNITY, reader, rows, keys=keys, size=ROWS)
    orders = [one["sql"].partition(" ORDER BY ")[::2] for one in asked if "LIMIT" in one["sql"]]
    (filled, by_name), (_empty, by_number) = orders[:2]
    assert "CASE" not in filled + by_name + by_number
    assert '"customers_customer"."book" = 1' in filled
    # The first column that was asked for, which is the id.
    assert by_number.startswith("1 ASC LIMIT")


def test_cursors_hold_nothing_out_of_sight(world):
    """They stand in addresses, where anybody may read them."""
    reader = world.actors["own customers"]
    keys = order_keys(OPPORTUNITY, "customer.name", actor=reader)
    page = page_of(OPPORTUNITY, reader, unscoped(OPPORTUNITY, reader), keys=keys, size=ROWS - 1)
    assert json.loads(base64.urlsafe_b64decode(f"{page.first}==="))[0] is not None
    assert json.loads(base64.urlsafe_b64decode(f"{page.last}==="))[0] is None


def test_keys_are_open_only_with_their_text(world):
    """The stored key of a text sorts as the text does; no other word leads past the white list."""
    rules = (("customers.customer", "name", "masked", "masked"),)
    reader = actor(world.company.person("名称隐藏", {("*", "view"): "all"}, rules=rules))
    usual = order_keys(spec("customers.customer"), "", actor=reader)
    for word in ("name_key", "-name_key", "name", "owner__name_key", "no_such_key", "_key"):
        assert order_keys(spec("customers.customer"), word, actor=reader) == usual, word
    keys = order_keys(OPPORTUNITY, "customer", actor=reader)
    assert keys == order_keys(OPPORTUNITY, "", actor=reader)
