"""What stands beside a record, as a partner's program uses it: comments, files, shares, undo."""

import pytest

from guanxi.kernel.models import Change, StoredFile
from guanxi.testing.people import SELL
from guanxi.testing.samples import DOT

pytestmark = pytest.mark.django_db(transaction=True)
SEES = {("customers.customer", "view"): "all"}


@pytest.fixture
def anna(partner, company):
    return partner(company.anna)


@pytest.fixture
def url(anna):
    kind = anna.get("/customer-classes", params={"page_size": 1}).json()["items"][0]["id"]
    made = anna.post("/customers", json={"name": "远山精密", "main_class": kind})
    assert made.status_code == 201, made.text
    return made.headers["Location"]


def codes(answer):
    return {error["field"]: error["code"] for error in answer.json().get("errors", ())}


def notes(url):
    found = Change.objects.filter(
        object="customers.customer", record_id=int(url.rpartition("/")[2])
    ).order_by("pk")
    return [(one.verb, one.surface, one.payload.diff) for one in found][1:]


def test_comments_are_written_read_changed_and_taken_back(anna, url):
    key = {"Idempotency-Key": "note-1"}
    made = anna.post(f"{url}/comments", json={"text": "  首付已到\n请跟进 "}, headers=key)
    assert (made.status_code, made.json()["text"]) == (201, "首付已到\n请跟进")
    again = anna.post(f"{url}/comments", json={"text": "  首付已到\n请跟进 "}, headers=key)
    assert again.json()["id"] == made.json()["id"]
    one = made.headers["Location"]
    assert anna.patch(one, json={"text": "尾款已到"}).json()["edited_at"]
    assert anna.get(one).json()["text"] == "尾款已到"
    assert anna.get(f"{url}/comments").json()["items"][0]["author"]["title"] == "安娜"
    assert anna.delete(one).status_code == 204
    assert anna.get(one).status_code == 404
    assert anna.get(f"{url}/comments").json() == {"items": [], "next": None}
    assert anna.post(f"{one}/restore").json()["text"] == "尾款已到"
    assert notes(url) == [
        ("comment", "api", {"comment": [None, "首付已到\n请跟进"]}),
        ("comment_edit", "api", {"comment": ["首付已到\n请跟进", "尾款已到"]}),
        ("comment_delete", "api", {"comment": ["尾款已到", None]}),
        ("comment_restore", "api", {"comment": [None, "尾款已到"]}),
    ]


def test_comments_come_page_by_page(anna, url):
    for number in range(5):
        anna.post(f"{url}/comments", json={"text": f"第{number}条"})
    seen, page = [], f"{url}/comments?page_size=2"
    while page:
        answer = anna.get(page).json()
        seen += [one["text"] for one in answer["items"]]
        page = answer["next"]
    assert seen == [f"第{number}条" for number in (4, 3, 2, 1, 0)]


def test_wrong_comments_are_refused_at_their_field(anna, url):
    assert codes(anna.post(f"{url}/comments", json={})) == {"text": "wrong"}
    assert codes(anna.post(f"{url}/comments", json={"text": "a" * 2001})) == {"text": "too_long"}
    assert codes(anna.post(f"{url}/comments", json={"text": 7})) == {"text": "wrong_type"}
    sent = {"text": "好", "author": "老板"}
    assert codes(anna.post(f"{url}/comments", json=sent)) == {"author": "unknown_field"}
    assert anna.get(f"{url}/comments?page_size=0").json()["code"] == "out_of_range"
    assert anna.get(f"{url}/comments/99999999999999").status_code == 404


def test_who_may_not_see_the_record_sees_nothing_beside_it(partner, company, anna, url):
    entry = anna.post(f"{url}/comments", json={"text": "内部"}).headers["Location"]
    file = anna.post(f"{url}/attachments", files={"file": ("a.png", DOT)}).headers["Location"]
    change = anna.get(f"{url}/changes").json()["items"][-1]["id"]
    stranger = partner(company.person("卡尔", SELL))
    for path in ("comments", "attachments", "shares", "changes"):
        assert stranger.get(f"{url}/{path}").status_code == 404, path
    for path in (entry, file):
        assert stranger.get(path).status_code == 404, path
        assert stranger.delete(path).status_code == 404, path
    assert stranger.post(f"{url}/comments", json={"text": "我也说"}).status_code == 404
    assert stranger.post(f"{url}/attachments", files={"file": ("a.png", DOT)}).status_code == 404
    assert stranger.post(f"{url}/shares", json={"person": company.ben.pk}).status_code == 404
    assert stranger.post(f"{url}/changes/{change}/undo").status_code == 404


def test_who_only_sees_a_record_may_speak_but_not_attach_share_or_undo(partner, company, anna, url):
    anna.post(f"{url}/shares", json={"person": company.ben.pk})
    anna.post(f"{url}/comments", json={"text": "安娜说的"})
    file = anna.post(f"{url}/attachments", files={"file": ("a.png", DOT)}).headers["Location"]
    entry = anna.get(f"{url}/comments").json()["items"][0]["id"]
    change = anna.get(f"{url}/changes").json()["items"][-1]["id"]
    ben = partner(company.ben)
    assert ben.post(f"{url}/comments", json={"text": "收到"}).status_code == 201
    assert ben.get(file).content == DOT
    refused = {
        "theirs": ben.patch(f"{url}/comments/{entry}", json={"text": "改掉"}),
        "gone": ben.delete(f"{url}/comments/{entry}"),
        "file": ben.post(f"{url}/attachments", files={"file": ("b.png", DOT)}),
        "detach": ben.delete(file),
        "shares": ben.get(f"{url}/shares"),
        "share": ben.post(f"{url}/shares", json={"person": company.boss.pk}),
        "undo": ben.post(f"{url}/changes/{change}/undo"),
    }
    assert {name: one.status_code for name, one in refused.items()} == dict.fromkeys(refused, 403)
    assert ben.get(f"{url}/changes").json()["items"][0]["may_undo"] is False


def test_a_token_that_only_reads_writes_nothing_beside_either(partner, company, url):
    reader = partner(company.anna, scope="read")
    assert reader.get(f"{url}/comments").status_code == 200
    assert reader.post(f"{url}/comments", json={"text": "x"}).json()["code"] == "read_only_token"
    assert reader.post(f"{url}/attachments", files={"file": ("a.png", DOT)}).status_code == 403


def test_files_come_back_as_they_went(anna, url):
    key = {"Idempotency-Key": "scan-1"}
    sent = {"file": ("../合同 扫描.png", DOT, "text/html")}
    made = anna.post(f"{url}/attachments", files=sent, headers=key)
    assert made.status_code == 201, made.text
    one = made.json()
    assert (one["name"], one["content_type"], one["size"]) == (
        "合同 扫描.png",
        "image/png",
        len(DOT),
    )
    assert anna.post(f"{url}/attachments", files=sent, headers=key).json() == one
    other = {"file": ("别的.png", DOT + b"x")}
    assert anna.post(f"{url}/attachments", files=other, headers=key).status_code == 422
    assert StoredFile.objects.count() == 1
    answer = anna.get(made.headers["Location"])
    assert answer.content == DOT
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert [item["url"] for item in anna.get(f"{url}/attachments").json()["items"]] == [one["url"]]
    assert anna.delete(made.headers["Location"]).status_code == 204
    assert anna.get(made.headers["Location"]).status_code == 404
    assert anna.post(f"{made.headers['Location']}/restore").json() == one
    assert [verb for verb, _surface, _diff in notes(url)] == ["attach", "detach", "reattach"]
    assert notes(url)[0][2]["file"][1]["name"] == "合同 扫描.png"


def test_wrong_files_are_refused(anna, url):
    program = {"file": ("a.txt", b"MZ" + b"0" * 50)}
    assert codes(anna.post(f"{url}/attachments", files=program)) == {"file": "wrong"}
    assert codes(anna.post(f"{url}/attachments", files={"file": ("a.txt", b"")})) == {
        "file": "wrong"
    }
    assert codes(anna.post(f"{url}/attachments", files={"doc": ("a.txt", b"a")})) == {
        "file": "wrong"
    }
    assert anna.post(f"{url}/attachments", json={"file": 1}).json()["code"] == "not_multipart"


def test_a_record_is_shared_until_a_day_and_taken_back(partner, company, anna, url):
    ben = partner(company.ben)
    assert ben.get(url).status_code == 404
    sent = {"person": company.ben.pk, "level": "write", "until": "2099-12-31"}
    shared = anna.post(f"{url}/shares", json=sent)
    assert shared.json() == {
        "person": {"id": company.ben.pk, "title": company.ben.name},
        "level": "write",
        "until": "2099-12-31",
    }
    assert ben.patch(url, json={"headcount": 12}).status_code == 200
    # Again means anew: now only to look.
    anna.post(f"{url}/shares", json={"person": {"id": company.ben.pk}})
    assert ben.patch(url, json={"headcount": 13}).status_code == 403
    assert [one["level"] for one in anna.get(f"{url}/shares").json()["items"]] == ["read"]
    assert anna.delete(f"{url}/shares/{company.ben.pk}").status_code == 204
    assert anna.delete(f"{url}/shares/{company.ben.pk}").status_code == 404
    assert ben.get(url).status_code == 404
    told = [line for one in anna.get(f"{url}/changes").json()["items"] for line in one["fields"]]
    assert [line["new"] for line in told if line["field"] == "share"] == [
        "",
        f"{company.ben.name}, may view",
        f"{company.ben.name}, may view and edit, 2099-12-31",
    ]


def test_wrong_shares_are_refused_at_their_field(anna, company, url):
    assert codes(anna.post(f"{url}/shares", json={})) == {"person": "wrong"}
    wrong = {"person": company.ben.pk, "level": "all", "until": "2026-02-30", "note": 1}
    found = codes(anna.post(f"{url}/shares", json=wrong))
    assert set(found) == {"level", "until", "note"}
    assert anna.post(f"{url}/shares", json={"person": 99999999}).status_code == 409
    over = {"person": company.ben.pk, "until": "2020-01-01"}
    assert codes(anna.post(f"{url}/shares", json=over)) == {"until": "wrong"}
    assert anna.post(f"{url}/shares", json={"person": company.anna.pk}).status_code == 409
    assert anna.get(f"{url}/shares").json()["items"] == []
    kind = anna.get("/customer-classes", params={"page_size": 1}).json()["items"][0]["id"]
    assert anna.get(f"/customer-classes/{kind}/shares").status_code == 404


def test_changes_are_read_and_taken_back(anna, url):
    anna.patch(url, json={"headcount": 12})
    anna.patch(url, json={"headcount": 15})
    anna.post(f"{url}/comments", json={"text": "改过人数"})
    said, last, before, made = anna.get(f"{url}/changes").json()["items"]
    assert (said["verb"], said["may_undo"], said["fields"]) == ("comment", False, [])
    assert [(one["field"], one["old"], one["new"]) for one in last["fields"]] == [
        ("headcount", "12", "15")
    ]
    assert (last["surface"], last["may_undo"], made["verb"]) == ("api", True, "create")
    early = anna.post(f"{url}/changes/{before['id']}/undo")
    assert (early.status_code, early.json()["detail"]) == (409, "The row has been changed since.")
    assert anna.post(f"{url}/changes/{said['id']}/undo").status_code == 409
    undone = anna.post(f"{url}/changes/{last['id']}/undo")
    assert (undone.status_code, undone.json()["headcount"]) == (200, 12)
    elsewhere = url.rpartition("/")[0] + "/999999"
    assert anna.post(f"{elsewhere}/changes/{last['id']}/undo").status_code == 404


def test_a_deletion_names_the_address_that_takes_it_back(anna, url):
    gone = anna.delete(url)
    assert gone.status_code == 204, gone.text
    assert anna.get(url).status_code == 404
    back = anna.post(gone.headers["Undo"])
    assert (back.status_code, back.json()["name"]) == (200, "远山精密")
    made = anna.get(f"{url}/changes").json()["items"][-1]
    assert made["verb"] == "create"


def test_hidden_and_masked_values_stay_so_in_what_was_changed(partner, company, anna, url):
    anna.patch(url, json={"headcount": 12, "revenue": "1200000"})
    rules = [
        ("customers.customer", "headcount", "hidden", "hidden"),
        ("customers.customer", "revenue", "masked", "masked"),
    ]
    reads = company.person("朵拉", SEES, rules=rules)
    fields = partner(reads).get(f"{url}/changes").json()["items"][0]["fields"]
    assert [one["field"] for one in fields] == ["revenue"]
    assert "1200000" not in fields[0]["new"].replace(",", "")


def test_the_description_names_what_this_person_may_do(partner, company, url):
    boss = partner(company.boss).get("/openapi.json").json()["paths"]
    assert set(boss["/api/v1/customers/{id}/comments"]) == {"parameters", "get", "post"}
    assert "post" in boss["/api/v1/customers/{id}/changes/{change}/undo"]
    assert "/api/v1/customer-classes/{id}/shares" not in boss
    reads = partner(company.person("朵拉", SEES))
    paths = reads.get("/openapi.json").json()["paths"]
    assert "post" in paths["/api/v1/customers/{id}/comments"]
    assert "post" not in paths["/api/v1/customers/{id}/attachments"]
    assert "/api/v1/customers/{id}/shares" not in paths
