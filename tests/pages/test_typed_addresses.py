"""Whatever is typed into an address or sent by a script is answered in words, never by a fault."""

import json
from urllib.parse import quote

import pytest

from guanxi.kernel.models import Change
from guanxi.kernel.registry import spec, specs
from guanxi.testing.people import Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")
ODD = ["", "0", "-1", "²", "１", "9" * 30, "9" * 5000, "abc", "%", "'\"<b>", "a\x00b", "[" * 3000]


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def boss(company):
    return browser(company.boss)


@pytest.fixture
def row(company):
    return make(OPPORTUNITY, actor(company.boss), 4)


@pytest.mark.parametrize(
    "name", ["page", "per_page", "sort", "q", "void", "batch", "owner", "where"]
)
def test_lists_take_anything(boss, row, name):
    for text in ODD:
        for page in ("", "total/", "statistics/", "board/", "columns/", "pick/", "suggest/"):
            answer = boss.get(f"/opportunities/{page}", {name: text})
            assert answer.status_code == 200, (page, text[:20])


@pytest.mark.parametrize(
    "tree",
    [
        '["title","contains","\\ud800"]',
        '["created_at","period",{}]',
        '["created_at","older_than_days",1e999]',
        '["created_at","older_than_days",NaN]',
        '["amount","between",[Infinity,-Infinity]]',
        '["amount","is",1' + "0" * 400 + "]",
        '{"and":[' * 40 + "]}" * 40,
        '[["title"]]',
        "null",
        "[]",
        '"x"',
        '["customer.name","is","x"]',
        '["customer.bank_account","filled"]',
    ],
)
def test_trees_take_anything(boss, row, tree):
    for page in ("", "total/", "statistics/", "board/"):
        assert boss.get(f"/opportunities/{page}", {"where": tree}).status_code == 200


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyJhIiwxXQ", "W251bGwsbnVsbF0", "8J-YgA", "W1tdLFtdXQ"]
)
def test_cursors_take_anything(boss, row, cursor):
    for order in ("", "amount", "-close_on", "customer"):
        for name in ("after", "before"):
            for page in ("", "pick/"):
                query = {name: cursor, "sort": order, "page": "2"}
                assert boss.get(f"/opportunities/{page}", query).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "no-such-object/",
        "opportunities/999999999999999999999/",
        "opportunities/0/",
        "opportunities/1/no-such-act/",
        "opportunities/1/field/no_such/",
        "opportunities/1/field/version/",
        "opportunities/1/file/1/",
        "opportunities/bulk/x/",
        "undo/change/99999999999999999999/",
        "undo/batch/1/",
        "%00/",
        "..%2f..%2fetc/passwd",
        "static/../settings.py",
    ],
)
def test_what_is_not_there_is_said_calmly(boss, path):
    for answer in (boss.get(f"/{path}"), boss.post(f"/{path}")):
        assert answer.status_code == 404, path
        assert "Traceback" not in answer.content.decode()


def test_posts_take_anything(boss, row):
    one = f"/opportunities/{row.pk}"
    urls = [f"{one}/{act}/" for act in "edit invalidate transfer share stage move win lose".split()]
    urls += [f"{one}/field/{name}/" for name in OPPORTUNITY.form_fields]
    urls += ["/opportunities/new/", "/opportunities/columns/", "/customers/new/"]
    urls += [f"/opportunities/bulk/{act}/" for act in ("edit", "transfer", "invalidate", "restore")]
    for url in urls:
        for text in ODD:
            sent = dict.fromkeys(
                "version tick row to stage owner person end until channels-TOTAL title amount "
                "customer close_on closed_on close_reason column again return form_token".split(),
                text,
            )
            name = url.rstrip("/").rpartition("/")[2]
            answer = boss.post(url, {**sent, name: text, "confirmed": "1"})
            assert answer.status_code in (200, 303, 404, 409, 422), (url, text[:20])
            if answer.status_code == 303:
                assert answer["Location"].startswith("/")
                assert not answer["Location"].startswith("//")


def test_ten_megabytes_in_a_field(boss, row):
    huge = "字" * 3_500_000
    url = f"/opportunities/{row.pk}/edit/"
    answer = boss.post(url, {"title": huge, "version": row.version})
    assert answer.status_code in (400, 413, 422)
    assert OPPORTUNITY.model._all.get(pk=row.pk).title == row.title


def test_nothing_leads_to_other_hosts(boss, row):
    for back in (
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        page = boss.get("/customers/pick/", {"field": "customer", "return": back})
        assert "evil.example" not in page.content.decode().replace(quote(back, safe=""), "")
        sent = {"title": "新标题", "version": row.version, "return": back}
        answer = boss.post(f"/opportunities/{row.pk}/edit/", sent)
        row.refresh_from_db()
        assert answer["Location"] == f"/opportunities/{row.pk}/"


def test_what_was_typed_is_shown_as_text(boss, row):
    script = "<script>alert(1)</script>"
    url = f"/opportunities/{row.pk}/field/title/"
    boss.post(url, {"title": f"{script}\" onload='x", "version": row.version})
    for page in (f"/opportunities/{row.pk}/", "/opportunities/", "/opportunities/board/"):
        assert script not in boss.get(page).content.decode(), page
    for page in (
        "/opportunities/?title=",
        "/opportunities/?q=",
        "/search/?q=",
        "/customers/pick/?q=",
    ):
        assert script not in boss.get(page + quote(script)).content.decode(), page
    numbers = boss.get("/opportunities/statistics/", {"by": "stage", "q": script})
    assert script not in numbers.content.decode()


def test_only_posts_change_anything(boss, row):
    """Every address of a record, opened as a link, leaves it as it was."""
    before = Change.objects.count()
    acts = (
        "edit timeline invalidate restore delete stage move transfer share win lose reopen".split()
    )
    for act in [*acts, "field/title"]:
        assert boss.get(f"/opportunities/{row.pk}/{act}/").status_code in (200, 404, 409), act
    assert Change.objects.count() == before
    assert OPPORTUNITY.model._all.get(pk=row.pk).version == row.version


def test_nobody_gets_in_without_signing_in(client, row):
    for known in specs():
        for url in (f"/{known.path}/", f"/{known.path}/new/", f"/{known.path}/{row.pk}/"):
            answer = client.get(url)
            assert answer.status_code == 303, url
            assert answer["Location"].startswith("/accounts/login/?next="), url
    assert client.post(f"/opportunities/{row.pk}/edit/").status_code == 303


def test_a_post_needs_its_token(company, row):
    strict = browser(company.boss)
    strict.handler.enforce_csrf_checks = True
    for url in (
        f"/opportunities/{row.pk}/delete/",
        "/opportunities/bulk/delete/",
        "/customers/new/",
    ):
        assert strict.post(url, {"tick": row.pk}).status_code == 403
    assert OPPORTUNITY.model._all.filter(pk=row.pk).exists()


def test_the_board_answers_in_its_own_words(boss, row):
    url = f"/opportunities/{row.pk}/move/"
    lost = type(row.stage)._all.get(pipeline=row.pipeline, kind="lost")
    asked = json.loads(boss.post(url, {"stage": lost.pk, "version": row.version}).content)
    assert asked["dialog"].startswith(f"/opportunities/{row.pk}/lose/")
    won = type(row.stage)._all.get(pipeline=row.pipeline, kind="won")
    moved = json.loads(boss.post(url, {"stage": won.pk, "version": row.version}).content)
    assert moved["version"] == row.version + 1
    assert moved["columns"][str(won.pk)]["count"] == 1
    stored = OPPORTUNITY.model._all.get(pk=row.pk)
    assert (stored.stage_id, stored.closed_on is not None) == (won.pk, True)
    again = boss.post(url, {"stage": won.pk, "version": row.version})
    assert again.status_code == 409
    assert json.loads(again.content)["error"]
