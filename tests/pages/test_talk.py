"""Stars, comments with @ and attachments, beside any record and under its rights."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from guanxi.kernel import outbox
from guanxi.kernel.acts import invalidate_record, share_record, unshare_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import CustomerLevel
from guanxi.search.starred import move_star, pin_star, set_star, starred_rows
from guanxi.talk.entries import write_comment
from guanxi.talk.models import Entry
from guanxi.testing.people import SYSTEM, Company, actor, browser

pytestmark = pytest.mark.django_db
CUSTOMER = spec("customers.customer")
OWN = {("customers.customer", verb): "own" for verb in ("view", "edit", "share")} | {
    ("people", "view"): "all",
    ("terms", "view"): "all",
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def lin(company):
    return company.person("林小满", OWN)


@pytest.fixture
def zhou(company):
    return company.person("周见山", OWN)


@pytest.fixture
def record(lin):
    return _customer(lin, "云起包装")


def _customer(owner, name):
    level = CustomerLevel.rows(SYSTEM).order_by("pk")[0]
    record = create_record(SYSTEM, CUSTOMER, {"name": name, "level": str(level.pk)})
    with change(SYSTEM, record):
        record.owner = owner
    return record


def _share(record, giver, taker, level="read"):
    share_record(actor(giver), record, person_id=taker.pk, level=level)


def _say(person, record, text):
    return browser(person).post(f"/customers/{record.pk}/comments/", {"text": text})


def _attach(person, record, *files):
    return browser(person).post(f"/customers/{record.pk}/attachments/", {"file": list(files)})


def _picture(name="门头.png"):
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue())


def test_a_star_is_one_s_own_and_goes_with_the_reach(company, lin, zhou, record):
    client, url = browser(zhou), f"/customers/{record.pk}/star/"
    assert client.post(url, {"on": "1"}).status_code == 404
    _share(record, lin, zhou)
    assert (
        client.post(url, {"on": "1", "return": "/customers/"}).headers["Location"] == "/customers/"
    )
    assert [one.row.title for one in starred_rows(actor(zhou))] == ["云起包装"]
    assert starred_rows(actor(lin)) == []
    assert 'aria-pressed="true"' in client.get("/customers/").content.decode()
    assert "云起包装" in client.get("/").content.decode()
    assert "云起包装" in client.get("/search/suggest/").content.decode()
    unshare_record(actor(lin), record, person_id=zhou.pk)
    assert starred_rows(actor(zhou)) == []
    assert "云起包装" not in client.get("/starred/").content.decode()


def test_pinned_stars_come_first_in_the_order_given(lin):
    client = browser(lin)
    for name in ("甲", "乙", "丙"):
        client.post(f"/customers/{_customer(lin, name).pk}/star/", {"on": "1"})

    def order():
        return [one.row.title for one in starred_rows(actor(lin))]

    assert order() == ["丙", "乙", "甲"]
    ids = {one.row.title: one.id for one in starred_rows(actor(lin))}
    client.post("/starred/", {"act": f"pin:{ids['甲']}"})
    pin_star(actor(lin), ids["乙"], on=True)
    assert order() == ["甲", "乙", "丙"]
    move_star(actor(lin), ids["乙"], up=True)
    assert order() == ["乙", "甲", "丙"]


def test_a_comment_is_written_filtered_changed_deleted_and_brought_back(lin, record):
    client, base = browser(lin), f"/customers/{record.pk}/"
    answer = _say(lin, record, "周一送样，<b>三种</b>厚度 https://example.com/a")
    assert answer.status_code == 303
    page = client.get(base).content.decode()
    assert "&lt;b&gt;三种&lt;/b&gt;" in page
    assert 'href="https://example.com/a"' in page
    entry = Entry.objects.get()
    assert "周一送样" in client.get(f"{base}timeline/?kind=comments").content.decode()
    assert "周一送样" not in client.get(f"{base}timeline/?kind=changes").content.decode()
    client.post(f"{base}comments/{entry.pk}/", {"text": "周二送样"})
    assert "周二送样" in client.get(base).content.decode()
    client.post(f"{base}talk/{entry.pk}/delete/")
    shown = client.get(base).content.decode()
    assert "周二送样" not in shown
    assert f"{base}talk/{entry.pk}/restore/" in shown
    client.post(f"{base}talk/{entry.pk}/restore/")
    assert "周二送样" in client.get(base).content.decode()


def test_only_the_writer_changes_a_comment_and_only_for_ten_minutes(lin, zhou, record):
    _share(record, lin, zhou, "write")
    _say(lin, record, "报价已发")
    entry = Entry.objects.get()
    base = f"/customers/{record.pk}/"
    assert browser(zhou).post(f"{base}comments/{entry.pk}/", {"text": "x"}).status_code == 403
    assert browser(zhou).post(f"{base}talk/{entry.pk}/delete/").status_code == 403
    Entry.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert browser(lin).post(f"{base}comments/{entry.pk}/", {"text": "x"}).status_code == 409
    assert Entry.objects.get().text == "报价已发"
    assert Entry.objects.get().deleted_at is None


@pytest.mark.parametrize("text", ["   ", "长" * 2001])
def test_a_comment_that_can_t_be_kept_stays_in_the_box(lin, record, text):
    answer = _say(lin, record, text)
    assert answer.status_code == 422
    assert answer.context["timeline"]["composer"]["text"] == text
    assert answer.context["timeline"]["composer"]["error"]
    assert not Entry.objects.exists()


def test_mentions_call_only_those_who_may_see_the_record(lin, zhou, record, monkeypatch):
    told = []
    monkeypatch.setattr("guanxi.talk.entries.publish", lambda *a, **k: told.append((a, k)))
    refused = _say(lin, record, "@周见山 看看？")
    assert refused.status_code == 422
    assert "周见山" in refused.context["timeline"]["composer"]["error"]
    offers = browser(lin).get(f"/customers/{record.pk}/mention/?q=zjs").content.decode()
    assert "周见山" not in offers
    _share(record, lin, zhou)
    offers = browser(lin).get(f"/customers/{record.pk}/mention/?q=zjs").content.decode()
    assert "周见山" in offers
    assert _say(lin, record, "@周见山看看？邮件 hr@周见山.cn 也发了 @没有这人").status_code == 303
    (event, *_rest), more = told[0]
    assert event == "customers.customer.mentioned"
    assert more["diff"]["persons"] == [zhou.pk]
    page = browser(lin).get(f"/customers/{record.pk}/").content.decode()
    assert '<span class="mention">@周见山</span>看看' in page


def test_who_is_mentioned_finds_it_in_the_inbox(lin, zhou, record):
    _share(record, lin, zhou)
    _say(lin, record, "@周见山 麻烦核对一下厚度")
    while outbox.deliver():
        pass
    inbox = browser(zhou).get("/notices/").content.decode()
    assert "麻烦核对一下厚度" in inbox
    assert "云起包装" in inbox
    assert "麻烦核对一下厚度" not in browser(lin).get("/notices/").content.decode()


def test_who_looks_as_somebody_else_writes_nothing(lin, record):
    looking = replace(actor(lin), only_looks=True)
    with pytest.raises(NotAllowed):
        write_comment(looking, record, "不该出现")
    with pytest.raises(NotAllowed):
        set_star(looking, CUSTOMER, record.pk, on=True)
    assert not Entry.objects.exists()


def test_two_of_one_name_are_told_apart_by_their_number(company, lin, zhou, record):
    twin = company.person("周见山二", OWN)
    with change(SYSTEM, twin):
        twin.name, twin.number = "周见山", "A17"
    for person in (zhou, twin):
        _share(record, lin, person)
    refused = _say(lin, record, "@周见山 来一下")
    assert "@周见山(A17)" in refused.context["timeline"]["composer"]["error"]
    assert _say(lin, record, "@周见山(A17) 来一下").status_code == 303
    assert Entry.objects.get().mentions == [[twin.pk, "周见山(A17)"]]


def test_files_are_kept_by_content_shown_and_saved_under_the_record_s_rights(lin, zhou, record):
    odd = SimpleUploadedFile("..\\合同<1>.pdf", PDF, content_type="text/html")
    program = SimpleUploadedFile("报价.pdf", b"MZ\x90\x00" + b"0" * 50)
    _attach(lin, record, _picture(), odd, program)
    base = f"/customers/{record.pk}/"
    client = browser(lin)
    items = client.get(base).context["attachments"]["items"]
    assert [(one["name"], one["kind"]) for one in items] == [
        ("合同1.pdf", "pdf"),
        ("门头.png", "image"),
    ]
    pdf, picture = items
    shown = client.get(pdf["url"])
    assert shown.headers["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert (
        client.get(f"{pdf['url']}?save=1").headers["Content-Disposition"].startswith("attachment")
    )
    assert "<img" in client.get(f"{picture['url']}preview/").content.decode()
    stranger = browser(zhou)
    assert stranger.get(pdf["url"]).status_code == 404
    _share(record, lin, zhou)
    assert stranger.get(pdf["url"]).status_code == 200
    assert _attach(zhou, record, _picture()).status_code == 403
    assert stranger.post(pdf["remove_url"]).status_code == 403
    assert client.post(pdf["remove_url"]).status_code == 303
    assert client.get(pdf["url"]).status_code == 404
    client.post(pdf["remove_url"].replace("delete", "restore"))
    assert client.get(pdf["url"]).status_code == 200


def test_an_invalid_record_is_only_looked_at(lin, record):
    _attach(lin, record, _picture())
    record.refresh_from_db()
    invalidate_record(SYSTEM, record)
    assert _say(lin, record, "还在吗").status_code == 409
    assert _attach(lin, record, _picture()).status_code == 409
    page = browser(lin).get(f"/customers/{record.pk}/")
    assert page.context["timeline"]["composer"] is None
    assert len(page.context["attachments"]["items"]) == 1
    assert Entry.objects.count() == 1


def test_the_timeline_goes_on_without_a_gap_over_both_streams(lin, record):
    for number in range(25):
        _say(lin, record, f"第{number}句")
    seen, query = [], "?kind="
    client = browser(lin)
    for _turn in range(5):
        found = client.get(f"/customers/{record.pk}/timeline/{query}").context["timeline"]
        seen += [str(one.get("text", "")) or one["what"] for one in found["entries"]]
        if "more_part" not in found:
            break
        query = found["more_part"].partition("timeline/")[2]
    assert seen[:25] == [f"第{number}句" for number in reversed(range(25))]
    assert len(seen) == len(set(seen[:25])) + 2
