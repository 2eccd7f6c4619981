"""Every object over the API: listed, made, changed, refused to strangers, masked and hidden."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.kernel import kinds
from guanxi.kernel.columns import column
from guanxi.kernel.models import Change
from guanxi.kernel.spec import Capability
from guanxi.people.models import Person
from guanxi.testing.every_object import Case, skip_unless
from guanxi.testing.objects.rights import can_hold_secret, secret_for
from guanxi.testing.people import EVERYTHING, actor, api_client
from guanxi.testing.samples import make, sample_values

JSON = "application/json"
#: Token, state of the organisation, ids, rows, links to oneself; beyond that comes what links ask.
BASE = 6


def address(case: Case, *steps: Any) -> str:
    return "/".join(["/api/v1", case.spec.path, *map(str, steps)])


def program(case: Case, person: Person | None = None) -> Client:
    return api_client(person or case.company.boss)


def send(client: Client, method: str, url: str, body: Any, **headers: str) -> Any:
    return getattr(client, method)(url, body, content_type=JSON, headers=headers)


def walk(client: Client, url: str) -> list[dict[str, Any]]:
    """All rows of a list, page by page as `next` leads."""
    found: list[dict[str, Any]] = []
    while url:
        page = client.get(url).json()
        found += page["items"]
        parts = urlsplit(page["next"] or "")
        url = f"{parts.path}?{parts.query}" if page["next"] else ""
    return found


def test_api_lists_every_row_once(self: Any, case: Case) -> None:
    client = program(case)
    client.post(address(case, case.rows[0].pk, "invalidate"), {}, content_type=JSON)
    page = client.get(address(case), {"page_size": "200", "total": "1"}).json()
    ids = [row["id"] for row in page["items"]]
    live = case.spec.model.rows(case.boss).live()
    assert (sorted(ids), page["total"], page["next"]) == (
        sorted(live.values_list("pk", flat=True)),
        live.count(),
        None,
    )
    small = walk(client, f"{address(case)}?page_size=2&fields={case.spec.title}")
    assert [row["id"] for row in small] == ids
    assert all(set(row) == {"id", "version", case.spec.title} for row in small)
    everything = client.get(address(case), {"void": "all", "total": "1", "page_size": "1"}).json()
    assert everything["total"] == case.count()
    assert client.get(address(case), {"page": "2", "page_size": "2"}).json()["items"] == [
        row for row in page["items"] if row["id"] in ids[2:4]
    ]


def test_api_shows_what_was_made(self: Any, case: Case) -> None:
    """What the sample holds comes back: by the list, and by the record with its child rows."""
    client, row = program(case), case.rows[1]
    answer = client.get(address(case, row.pk))
    shown = answer.json()
    assert answer["ETag"].startswith(f'"{row.version}-')
    assert shown["version"] == row.version
    for name in case.spec.form_fields:
        stored, value = getattr(row, row._meta.get_field(name).attname), shown[name]
        if isinstance(column(case.spec, name).kind, (kinds.LinkKind, kinds.FileKind)):
            assert (value or {"id": None})["id"] == stored, name
        elif stored in (None, "", []):
            assert value in (None, "", []), name
        else:
            assert value not in (None, "", []), name
    for parts in case.spec.parts:
        stored = parts.model._all.filter(**{parts.owner_field: row.pk}).order_by("position", "id")
        assert [line["id"] for line in shown[parts.name]] == [one.pk for one in stored]
        assert all(set(line) == {"id", *parts.fields} for line in shown[parts.name])
    listed = client.get(address(case), {"page_size": "200"}).json()["items"]
    mine = next(one for one in listed if one["id"] == row.pk)
    assert mine == {name: shown[name] for name in mine}


def test_api_makes_changes_and_deletes(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    client, title, before = program(case), case.spec.title, case.count()
    values = _sendable(case)
    made = send(client, "post", address(case), values)
    assert made.status_code == 201, made.content
    url, shown = urlsplit(made["Location"]).path, made.json()
    assert url == address(case, shown["id"])
    assert case.count() == before + 1
    # Masked values are not sent back: the mask would be taken for the value.
    again = {name: shown[name] for name in values if not case.spec.part(name)}
    again = {name: value for name, value in again.items() if not _guarded(case, name)}
    same = send(client, "patch", url, again, **{"If-Match": made["ETag"]})
    assert (same.status_code, same.json()["version"]) == (200, 1), same.content
    changed = send(client, "patch", url, {title: "接口改名"}, **{"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()[title]) == (200, "接口改名"), changed.content
    stale = send(client, "patch", url, {title: "后到"}, **{"If-Match": made["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    note = Change.objects.filter(object=case.spec.key, record_id=shown["id"]).order_by("-pk")[0]
    assert (note.surface, note.person_id) == ("api", case.company.boss.pk)
    gone = client.delete(url, headers={"If-Match": changed["ETag"]})
    assert gone.status_code == (204 if case.spec.can(Capability.DELETE) else 409), gone.content
    assert client.get(url).status_code == (404 if gone.status_code == 204 else 200)


def _sendable(case: Case) -> dict[str, Any]:
    """A sample without child rows that have a page of their own."""
    values = sample_values(case.spec, 41, actor=case.boss)
    own = {parts.name for parts in case.spec.parts if parts.own_page}
    return {name: value for name, value in values.items() if name not in own}


def _guarded(case: Case, name: str) -> bool:
    return column(case.spec, name).kind.guarded


def test_api_replaces_child_rows(self: Any, case: Case) -> None:
    client, row = program(case), case.rows[1]
    for parts in [one for one in case.spec.parts if not one.own_page]:
        url = address(case, row.pk)
        read = client.get(url)
        kept = read.json()[parts.name][:1]
        if not kept:
            continue
        assert send(client, "patch", url, {parts.name: kept}).status_code == 428
        answer = send(client, "patch", url, {parts.name: kept}, **{"If-Match": read["ETag"]})
        assert answer.status_code == 200, answer.content
        assert [one["id"] for one in answer.json()[parts.name]] == [kept[0]["id"]]


def test_api_names_what_it_does_not_know(self: Any, case: Case) -> None:
    client, row = program(case), case.rows[0]
    for url, method in ((address(case), "post"), (address(case, row.pk), "patch")):
        answer = send(client, method, url, {"no_such_field": 1, "version": 9})
        assert answer.status_code == 422
        told = {error["field"]: error["code"] for error in answer.json()["errors"]}
        assert told == {"no_such_field": "unknown_field", "version": "read_only"}
    for query in ({"filter": '["no_such", "is", 1]'}, {"order": "no_such"}, {"fields": "no_such"}):
        answer = client.get(address(case), query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, *query)


def test_api_takes_every_operator(self: Any, case: Case) -> None:
    """No condition the description offers is ever an error of ours."""
    client = program(case)
    arguments = {"none": None, "actor": None, "days": 3, "period": "today", "range": ["1", None]}
    for name in case.spec.form_fields:
        for operator, one in column(case.spec, name).kind.operators.items():
            tree = json.dumps([name, operator, arguments.get(one.takes, "1")])
            answer = client.get(address(case), {"filter": tree, "total": "1"})
            assert answer.status_code in (200, 400), (tree, answer.content)


def test_api_without_rights_nothing_exists(self: Any, case: Case) -> None:
    client, row = program(case, case.company.nobody), case.rows[0]
    answers = _every_answer(case, client, row)
    assert set(answers.values()) == {404}, answers
    named = [one["name"] for one in client.get("/api/v1/").json()["objects"]]
    assert case.spec.path not in named
    described = client.get("/api/v1/openapi.json").json()
    assert address(case) not in described["paths"]
    page = case.browser(case.company.nobody).get(f"/api/docs/{case.spec.path}/")
    assert page.status_code == 404


def test_api_who_may_look_may_not_touch(self: Any, case: Case) -> None:
    row, version = case.rows[0], case.rows[0].version
    looker = program(case, case.company.looker)
    reader = api_client(case.company.boss, scope="read")
    for client in (looker, reader):
        for (method, _url), status in _every_answer(case, client, row).items():
            assert status == (200 if method == "get" else 403), method
    assert case.fresh(row).version == version


def test_api_strangers_never_meet(self: Any, case: Case) -> None:
    if not case.spec.scope.has_owner:
        pytest.skip("the rows have no owner")
    anna, ben = case.company.anna, case.company.ben
    rows = {
        one.pk: make(case.spec, actor(one), 60 + one.pk, owner=str(one.pk)) for one in (anna, ben)
    }
    for person, other in ((anna, ben), (ben, anna)):
        client, mine, theirs = program(case, person), rows[person.pk], rows[other.pk]
        assert client.get(address(case, mine.pk)).status_code == 200
        answers = _every_answer(case, client, theirs, only_record=True)
        assert set(answers.values()) == {404}, answers
        listed = [row["id"] for row in walk(client, f"{address(case)}?void=all&page_size=200")]
        assert mine.pk in listed
        assert theirs.pk not in listed
        for query in ({"q": str(theirs)}, {"filter": f'["owner", "in", [{other.pk}]]'}):
            found = client.get(address(case), {**query, "total": "1", "page_size": "200"}).json()
            assert theirs.pk not in [row["id"] for row in found["items"]], query
            assert found["total"] == len(found["items"]), query
        assert case.fresh(theirs).version == theirs.version


def test_api_masks_and_hides(self: Any, case: Case) -> None:
    name = next(n for n in case.spec.form_fields if can_hold_secret(case.spec, n))
    row, secret = case.rows[0], secret_for(case.spec, name)
    boss = program(case)
    assert send(boss, "patch", address(case, row.pk), {name: secret}).status_code == 200
    row = case.fresh(row)
    for policy in ("masked", "hidden"):
        rules = [(case.spec.key, name, policy, policy)]
        client = program(case, case.company.person(f"接口{policy}", EVERYTHING, rules=rules))
        for url in (address(case), address(case, row.pk)):
            text = client.get(url).content.decode()
            assert secret not in text, policy
            assert (f'"{name}":"***"' in text) == (policy == "masked"), policy
        assert client.get(address(case), {"q": secret}).json()["items"] == []
        for query in ({"filter": f'["{name}", "filled"]'}, {"order": name}):
            assert client.get(address(case), query).status_code == 400, query
        assert client.get(address(case), {"fields": name}).status_code == (
            200 if policy == "masked" else 400
        )
        answer = send(client, "patch", address(case, row.pk), {name: "新的"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_free")
        assert getattr(case.fresh(row), name) == secret


def test_api_invalidates_and_restores(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client, row = program(case), case.make(42)
    done = send(client, "post", address(case, row.pk, "invalidate"), {"reason": "录错了"})
    assert (done.status_code, done.json()["void_reason"]) == (200, "录错了"), done.content
    refused = send(client, "patch", address(case, row.pk), {case.spec.title: "新名"})
    assert (refused.status_code, refused.json()["code"]) == (409, "void")
    back = send(client, "post", address(case, row.pk, "restore"), {})
    assert (back.status_code, back.json()["voided_at"]) == (200, None)


def test_api_statements_do_not_grow(self: Any, case: Case) -> None:
    """A list of many rows takes what a list of few takes: some for who asks, one or two a link."""
    client = program(case)
    links = [
        n for n in case.spec.form_fields if isinstance(column(case.spec, n).kind, kinds.LinkKind)
    ]
    few = _statements(client, f"{address(case)}?page_size=3")
    many = _statements(client, f"{address(case)}?page_size={len(case.rows)}")
    assert many <= few + 1, "a link that is empty on the few rows may add one"
    assert many <= BASE + 2 * (len(links) + 1), many
    one = _statements(client, address(case, case.rows[0].pk))
    assert one <= BASE + 2 * (len(links) + 1) + 4 * len(case.spec.parts), one


def _statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


def _every_answer(
    case: Case, client: Client, row: Any, *, only_record: bool = False
) -> dict[tuple[str, str], int]:
    """{(method, address): status} of every address the object has; what can't be done is left
    out."""
    title, one = case.spec.title, address(case, row.pk)
    asked: list[tuple[str, str, Any]] = [("get", one, None)]
    needs = {
        Capability.EDIT: ("patch", one, {title: "改"}),
        Capability.DELETE: ("delete", one, {}),
        Capability.INVALIDATE: ("post", f"{one}/invalidate", {}),
        Capability.TRANSFER: ("post", f"{one}/transfer", {"owner": row.pk}),
    }
    asked += [wanted for need, wanted in needs.items() if case.spec.can(need)]
    rules = [rule.info.name for rule in case.spec.actions]  # type: ignore[attr-defined]
    asked += [("post", f"{one}/{name}", {}) for name in rules]
    if not only_record:
        asked.append(("get", address(case), None))
        if case.spec.can(Capability.CREATE):
            asked.append(("post", address(case), {title: "新"}))
    return {
        (method, url): (
            client.get(url) if body is None else send(client, method, url, body)
        ).status_code
        for method, url, body in asked
    }
