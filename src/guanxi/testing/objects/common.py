"""Every object: what the operation manual promises for every list: acts of each row, an invalid row
that is only viewed, the recycle bin, order by hand of several rows."""

from typing import Any

import pytest

from guanxi.kernel.spec import Capability
from guanxi.testing.every_object import ALL, Case, skip_unless, words

ACTS = {
    "edit": Capability.EDIT,
    "invalidate": Capability.INVALIDATE,
    "delete": Capability.DELETE,
    "transfer": Capability.TRANSFER,
    "share": Capability.SHARE,
}


def test_each_row_offers_what_is_granted(self: Any, case: Case) -> None:
    row = case.rows[0]
    granted = [act for act in ("edit", "invalidate", "delete") if case.spec.can(ACTS[act])]
    rules = [one.info for one in case.spec.actions]  # type: ignore[attr-defined]
    own = [one.name for one in rules if one.in_list and (not one.when or getattr(row, one.when))]
    assert _offered(case, row) == ["view", *granted, *own]
    assert _offered(case, row, client=case.browser(case.company.looker)) == ["view"]


def test_an_invalid_row_is_viewed_or_restored_nothing_else(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client, row = case.browser(), case.make(40)
    client.post(case.url(row.pk, "invalidate"))
    assert _offered(case, row) == ["view", "restore"]
    assert _offered(case, row, client=case.browser(case.company.looker)) == ["view"]
    labels = [act["url"] for act in case.get(void="void").context["bulk"]["actions"]]
    assert labels == [case.url("bulk", "restore")]
    for act, capability in ACTS.items():
        if not case.spec.can(capability):
            continue
        page = client.get(case.url(row.pk, act))
        assert page.status_code == 409, act
        assert "已失效" in words(page), act
        assert f'href="{case.url(row.pk)}"' in page.content.decode(), act
    assert client.get(case.url(row.pk)).status_code == 200


def test_the_recycle_bin_gives_back_what_was_deleted(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.DELETE)
    client, row = case.browser(), case.make(41)
    title = str(row)
    client.post(case.url(row.pk, "delete"))
    address = f"/recycle/?object={case.spec.path}"
    found = client.get(address).context["rows"]
    assert [one["title"] for one in found] == [title]
    for person in (case.company.looker, case.company.nobody, case.company.anna):
        other = case.browser(person)
        assert other.get(address).context["rows"] == []
        other.post("/recycle/", {"tick": found[0]["id"]})
        assert case.fresh(row) is None
    client.post("/recycle/", {"tick": found[0]["id"]})
    assert str(case.fresh(row)) == title
    assert client.get(address).context["rows"] == []


def test_several_rows_are_put_in_order(self: Any, case: Case) -> None:
    if not case.spec.by_position:
        pytest.skip("not ordered by hand")
    client, sort = case.browser(), case.url("sort")
    order = _entries(client.get(sort))
    chosen = [order[1], order[3]]
    client.post(sort, {"row": chosen, "act": "up"})
    assert _entries(client.get(sort))[:4] == [order[1], order[0], order[3], order[2]]
    client.post(sort, {"row": chosen, "act": "up"})
    assert _entries(client.get(sort))[:4] == [order[1], order[3], order[0], order[2]]
    client.post(sort, {"row": chosen, "act": "down"})
    assert _entries(client.get(sort))[:4] == [order[0], order[1], order[3], order[2]]
    client.post(sort, {"row": chosen, "to": len(order)})
    last = [one for one in order if one not in chosen] + chosen
    assert _entries(client.get(sort)) == last
    newest = case.make(42)
    assert _entries(client.get(sort)) == [*last, newest.pk]
    assert case.ids(case.get(per_page="200")) == [*last, newest.pk]


def test_order_below_one_parent_leaves_the_others(self: Any, case: Case) -> None:
    if not case.spec.order_within:
        pytest.skip("not ordered below a parent")
    client, sort = case.browser(), case.url("sort")
    attribute = f"{case.spec.order_within}_id"
    parent = case.spec.model._meta.get_field(case.spec.order_within).related_model
    below = parent.rows(case.boss).live().order_by("pk").first().pk
    for number in (43, 44, 45):
        case.make(number, **{case.spec.order_within: str(below)})
    before = _entries(client.get(sort))
    address = f"{sort}?group={below}"
    group = _entries(client.get(address))
    assert len(group) >= 3
    client.post(address, {"row": group[-1], "to": 1})
    assert _entries(client.get(address)) == [group[-1], *group[:-1]]
    after = _entries(client.get(sort))
    assert [one for one in after if one not in group] == [one for one in before if one not in group]
    rows = case.spec.model.rows(case.boss).in_bulk(group)
    assert {getattr(row, attribute) for row in rows.values()} == {below}


def test_many_are_shared_at_once(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.SHARE)
    client, ben = case.browser(), case.company.ben
    rows = [case.make(number) for number in (46, 47)]
    url = case.url("bulk", "share")
    asked = client.post(url, {"tick": [row.pk for row in rows]})
    sent = case.form(asked, "bulk", "share")
    assert client.post(url, sent).status_code == 422
    for row in rows:
        client.post(case.url(row.pk, "transfer"), {"owner": case.company.anna.pk})
    his = case.browser(ben)
    assert his.get(case.url(rows[0].pk)).status_code == 404
    assert client.post(url, sent | {"person": ben.pk}).status_code == 303
    assert [his.get(case.url(row.pk)).status_code for row in rows] == [200, 200]
    assert his.get(case.url(rows[0].pk, "edit")).status_code == 403


def _offered(case: Case, row: Any, *, client: Any = None) -> list[str]:
    """The acts at the end of this row in the list of all rows."""
    page = case.get(client=client, **ALL)
    shown = next(one for one in page.context["table"]["rows"] if one["id"] == row.pk)
    links = _links(str(shown["acts"]))
    start = case.url(row.pk)
    own = [link.removeprefix(start) for link in links if link.startswith(start)]
    return [tail.partition("/")[0] or "view" for tail in own]


def _links(html: str) -> list[str]:
    return [piece.partition('"')[0] for piece in html.split('href="')[1:]]


def _entries(page: Any) -> list[int]:
    return [entry["id"] for entry in page.context["entries"]]
