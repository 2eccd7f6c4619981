"""Every object: its list, filters, order, operators, pages, columns, numbers."""

from decimal import Decimal
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.utils import translation

from guanxi.kernel import kinds, registry
from guanxi.kernel.columns import Column, column
from guanxi.kernel.measure import groupable, measurable
from guanxi.kernel.paging import order_keys
from guanxi.kernel.query import compile_q, matches, read, value_of
from guanxi.kernel.spec import Capability
from guanxi.pages.conditions import ask
from guanxi.pages.listing import listing, scoped
from guanxi.pages.lists import offered_columns
from guanxi.testing.every_object import ALL, Case, skip_unless, words
from guanxi.testing.samples import candidates, make

SIZE = 20


def test_list_in_both_languages(self: Any, case: Case) -> None:
    for language in ("zh-hans", "en"):
        page = case.get(client=case.browser(language=language))
        assert page.status_code == 200
        with translation.override(language):
            assert str(case.spec.plural) in words(page)
        newest = case.ids(case.get(client=case.browser(language=language), **ALL))
        assert {row.pk for row in case.rows} <= set(newest)


def test_list_hides_invalid_rows_until_asked(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    row = case.rows[0]
    case.browser().post(case.url(row.pk, "invalidate"), {"reason": "试"})
    assert row.pk not in case.ids(case.get(per_page="200"))
    assert row.pk in case.ids(case.get(per_page="200", void="void"))
    assert row.pk in case.ids(case.get(**ALL))


def test_every_filter_finds_what_the_evaluator_finds(self: Any, case: Case) -> None:
    assert case.spec.filters
    stored = list(case.spec.model.rows(case.boss))
    for path in case.spec.filters:
        query = _filter(case, column(case.spec, path), path)
        asked = ask(case.boss, case.spec, _data(query))
        assert len(asked.node.items) == 1, f"{path}: {query} means nothing"
        page = case.get(**query, **ALL)
        assert page.status_code == 200, path
        expected = {row.pk for row in stored if matches(asked.node, row)}
        assert set(case.ids(page)) == expected, path
        # What no form sets, a row may be without: worked out, or what it arose from.
        typed = "." in path or path in case.spec.form_fields
        worked_out = not typed and not any(getattr(row, path) for row in stored)
        if case.spec.ruled_by(path) is None and path not in _taken(case) and not worked_out:
            assert expected, f"{path}: {query} finds nothing, so nothing was tried"


def test_filter_that_cannot_be_read_says_so(self: Any, case: Case) -> None:
    for path in case.spec.filters:
        kind = column(case.spec, path).kind
        bad = "no-such-thing"
        if isinstance(kind, kinds.TextKind):
            bad = "字" * (kind.max + 1)
        if isinstance(kind, (kinds.TagsKind, kinds.PhoneKind)):
            continue
        name = f"{path}_from" if _has_ends(kind) else path
        page = case.get(**{name: bad})
        assert page.status_code == 200, path
        assert 'role="alert"' in page.content.decode(), path


def test_every_column_sorts_both_ways(self: Any, case: Case) -> None:
    for path in case.spec.columns:
        col = column(case.spec, path)
        for sign in ("", "-"):
            shown = case.ids(case.get(sort=f"{sign}{path}", **ALL))
            keys = order_keys(case.spec, f"{sign}{path}", actor=case.boss)
            if not col.sortable:
                assert shown == case.ids(case.get(**ALL)), path
                continue
            assert keys[0].orm == col.sort
            assert len(shown) == case.count(), path
            if _sorts_by_code_point(keys[0].orm):
                assert shown == _sorted_ids(case, keys), f"{sign}{path}"


def test_unknown_order_means_the_usual_one(self: Any, case: Case) -> None:
    usual = case.ids(case.get(**ALL))
    assert case.ids(case.get(sort="no_such_column", **ALL)) == usual
    assert case.ids(case.get(sort="version", **ALL)) == usual


def test_every_operator_of_every_column(self: Any, case: Case) -> None:
    stored = list(case.spec.model.rows(case.boss))
    tried = 0
    for path in _queryable(case):
        col = column(case.spec, path)
        for name, operator in col.kind.operators.items():
            for argument in _arguments(case, col, operator.takes):
                node = read(case.spec, [path, name, argument], actor=case.boss)
                by_database = set(
                    case.spec.model.rows(case.boss)
                    .filter(compile_q(node))
                    .values_list("pk", flat=True)
                )
                by_evaluator = {row.pk for row in stored if matches(node, row)}
                assert by_database == by_evaluator, (path, name, argument)
                tried += 1
    assert tried


def test_pages_of_a_list(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    for number in range(100, 100 + 2 * SIZE + 3):
        case.make(number)
    client = case.browser()
    everything = case.ids(client.get(case.url(), {"per_page": "200"}))
    page, seen = client.get(case.url(), {"per_page": SIZE}), []
    while True:
        seen.append(case.ids(page))
        step = _step(page, "next")
        if not step:
            break
        page = client.get(step)
    assert [one for ids in seen for one in ids] == everything
    back = len(seen) - 1
    while step := _step(page, "prev"):
        page, back = client.get(step), back - 1
        assert case.ids(page) == seen[back], f"page {back + 1} on the way back"
    assert back == 0
    for number, ids in enumerate(seen, start=1):
        jumped = client.get(case.url(), {"per_page": SIZE, "page": number})
        assert case.ids(jumped) == ids, f"jump to {number}"


def test_jump_to_no_page_shows_the_first(self: Any, case: Case) -> None:
    first = case.ids(case.get())
    for text in ("0", "", "-1", "abc", "²", "1.5", "１", "9" * 30):
        page = case.get(page=text, per_page=text)
        assert page.status_code == 200, text
        assert case.ids(page) == first, text


def test_jump_beyond_the_end_changes_nothing(self: Any, case: Case) -> None:
    stood = case.ids(case.get())
    page = case.get(page="9999")
    assert page.status_code == 200
    assert case.ids(page) == stood


def test_total_page_counts_exactly(self: Any, case: Case) -> None:
    page = case.get("total")
    live = case.spec.model.rows(case.boss).live().count()
    assert page.context["pager"]["total"] == live
    assert case.get().context["pager"]["total"] == live


def test_columns_are_chosen_per_person(self: Any, case: Case) -> None:
    client = case.browser()
    offered = offered_columns(case.boss, case.spec)
    client.post(case.url("columns"), {"column": offered[:4]})
    heads = [head["path"] for head in client.get(case.url()).context["table"]["columns"]]
    assert heads == offered[:4]
    assert "table" in case.get(client=case.browser(case.company.looker)).context
    others = case.get(client=case.browser(case.company.looker)).context["table"]["columns"]
    assert [head["path"] for head in others] == list(case.spec.columns)
    client.post(case.url("columns"), {"column": ["no_such", "version", "id.x"]})
    assert client.get(case.url()).status_code == 200
    client.post(case.url("columns"), {"reset": "1"})
    heads = [head["path"] for head in client.get(case.url()).context["table"]["columns"]]
    assert heads == list(case.spec.columns)


def test_every_number_of_statistics_opens_its_rows(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.STATISTICS)
    client = case.browser()
    for col in groupable(case.spec, case.boss):
        page = client.get(case.url("statistics"), {"by": col.path})
        assert page.status_code == 200, col.path
        counted = 0
        for row in page.context["stats"]["rows"]:
            for cell in row["cells"]:
                opened = listing(case.boss, case.spec, _data_of(cell["url"]))
                assert not opened.asked.errors, cell["url"]
                assert f"{opened.total(case.boss):,}" == cell["text"], (col.path, row["label"])
                counted += opened.total(case.boss)
        assert counted == case.spec.model.rows(case.boss).live().count(), col.path
        last = page.context["stats"]["rows"][-1]["cells"][0]["url"]
        assert client.get(last).status_code == 200, last


def test_every_sum_is_exact(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.STATISTICS)
    sums = measurable(case.spec, case.boss)
    by = groupable(case.spec, case.boss)[0].path
    for col in sums:
        page = case.get("statistics", measure=col.path, by=by)
        for row in page.context["stats"]["rows"]:
            for cell in row["cells"]:
                opened = listing(case.boss, case.spec, _data_of(cell["url"]))
                rows = scoped(case.spec, case.boss, opened.narrowed)
                total = sum((value_of(col, one) or 0 for one in rows), Decimal(0))
                assert Decimal(cell["text"].replace(",", "")) == total, (col.path, row["label"])
    if not sums:
        assert case.get("statistics", measure=case.spec.title, by=by).status_code == 200


def test_statistics_refuse_what_cannot_be_counted(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.STATISTICS)
    parts = [f"{one.name}.{one.fields[0]}" for one in case.spec.parts]
    for by in ("no_such", "version", "id", case.spec.title, "extra", "a.b.c", *parts):
        for measured in ("", "no_such", case.spec.title, "created_at"):
            page = case.get("statistics", measure=measured, by=by, then=by, step="week")
            assert page.status_code == 200, (by, measured)


def test_board_shows_each_row_once(self: Any, case: Case) -> None:
    board = case.spec.board
    if board is None:
        assert case.get("board").status_code == 404
        return
    page = case.get("board")
    assert page.status_code == 200
    columns = page.context["board"]["columns"]
    within = {getattr(row, f"{board.within}_id") for row in case.rows}
    shown: list[int] = []
    for group in within:
        columns = case.get("board", within=group).context["board"]["columns"]
        for one in columns:
            assert one["count"] == len(one["cards"])
            shown += [card["id"] for card in one["cards"]]
    assert sorted(shown) == sorted(row.pk for row in case.rows)


def test_picker_offers_valid_rows_only(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.PICK)
    row, gone = case.rows[0], case.rows[1]
    if case.spec.can(Capability.INVALIDATE):
        case.browser().post(case.url(gone.pk, "invalidate"))
    page = case.get("pick", field="link", **{"return": "/here/?a=1"})
    assert page.status_code == 200
    assert "return" in page.content.decode()
    offered = {int(one["value"]) for one in _options(case, "样例 0") if one["value"]}
    live = set(case.spec.model.rows(case.boss).live().values_list("pk", flat=True))
    assert offered <= live
    if case.spec.key != "people.person" and case.spec.search:
        assert row.pk in offered
    assert case.get("pick", q="绝无此词啊").status_code == 200
    assert case.get("pick", **{"return": "//evil.example"}).context["dialog"]["close_url"] == "/"


def _options(case: Case, text: str) -> Any:
    return case.get("suggest", q=text).context["options"]


def _step(page: Any, rel: str) -> str:
    pager = page.context["pager"]
    return pager["next_url" if rel == "next" else "prev_url"]


def _data(query: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in query.items():
        data[name] = value
    return data


def _data_of(url: str) -> QueryDict:
    return QueryDict(url.partition("?")[2])


def _has_ends(kind: kinds.Kind) -> bool:
    numbers = (kinds.MoneyKind, kinds.IntegerKind, kinds.PercentKind)
    return isinstance(kind, (kinds.DateKind, *numbers))


def _filter(case: Case, col: Column, path: str) -> dict[str, str]:
    """A query by this filter that finds at least one row: the value of one that has some."""
    found = [value for value in _stored(case, col) if not col.kind.is_empty(value)]
    value = found[0] if found else _sample(case, col)
    if isinstance(col.kind, kinds.DateKind):
        return {f"{path}_from": col.kind.show(value)[:10], f"{path}_to": col.kind.show(value)[:10]}
    if _has_ends(col.kind):
        return {f"{path}_from": col.kind.edit_text(value)}
    if isinstance(col.kind, kinds.TagsKind):
        return {path: value[0]}
    if isinstance(col.kind, kinds.BooleanKind):
        return {path: "1" if value else "0"}
    if isinstance(col.kind, kinds.BirthdayKind):
        return {path: "366"}
    return {path: col.kind.edit_text(value)}


def _taken(case: Case) -> set[str]:
    """Fields only rules fill in: samples have none."""
    return {name for ruled in case.spec.ruled for name in ruled.takes}


def _sample(case: Case, col: Column) -> Any:
    if isinstance(col.kind, kinds.LinkKind):
        found = candidates(case.boss, col.kind, {}, case.spec.model)
        return found[0] if found else make(registry.spec(col.kind.to), case.boss, 90).pk
    return col.kind.sample(1)


def _stored(case: Case, col: Column) -> list[Any]:
    if col.parts is None:
        return [value_of(col, row) for row in case.rows]
    field = col.parts.model._meta.get_field(col.path.split(".")[1])
    rows = col.parts.model._all.filter(**{f"{col.parts.owner_field}__in": case.rows})
    return [getattr(row, field.attname) for row in rows]


def _queryable(case: Case) -> list[str]:
    """Own columns, child rows, and one hop over each link."""
    own = list(dict.fromkeys([*case.spec.form_fields, *case.spec.columns, "created_at", "id"]))
    children = [f"{parts.name}.{name}" for parts in case.spec.parts for name in parts.fields]
    hops = []
    for name in case.spec.form_fields:
        kind = column(case.spec, name).kind
        if isinstance(kind, kinds.LinkKind):
            hops.append(f"{name}.{registry.spec(kind.to).title}")
    return list(dict.fromkeys([*own, *children, *hops]))


def _arguments(case: Case, col: Column, takes: str) -> list[Any]:
    if takes in ("none", "actor"):
        return [None]
    if takes == "days":
        return [0, 30, 36_500]
    if takes == "period":
        return list(kinds.PERIODS)
    values = [_json(col, value) for value in _stored(case, col) if not col.kind.is_empty(value)][:3]
    if takes == "range":
        return [[value, value] for value in values] + [[value, None] for value in values]
    if takes in ("values", "tree"):
        return [values, values[:1]]
    return values


def _json(col: Column, value: Any) -> Any:
    if isinstance(col.kind, kinds.TagsKind):
        return value[0]
    if isinstance(col.kind, kinds.InstantKind):
        return col.kind.show(value)[:10]
    return col.kind.to_json(value)


def _sorts_by_code_point(orm: str) -> bool:
    return connection.vendor == "sqlite" or orm.endswith(("_key", "position"))


def _sorted_ids(case: Case, keys: Any) -> list[int]:
    """The ids in this order, by Python: what is empty comes last either way."""
    names = [key.orm for key in keys]
    rows = list(case.spec.model.rows(case.boss).values("id", *names))
    for key in reversed(keys):
        filled = [row for row in rows if row[key.orm] is not None]
        empty = [row for row in rows if row[key.orm] is None]
        rows = sorted(filled, key=lambda row: row[key.orm], reverse=key.down) + empty
    return [row["id"] for row in rows]
