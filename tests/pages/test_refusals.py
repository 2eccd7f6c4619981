"""The headline of a refusal says which kind it is, and there is a way back."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guanxi.kernel.acts import invalidate_record
from guanxi.kernel.change import change
from guanxi.kernel.files import keep_file
from guanxi.kernel.registry import spec
from guanxi.testing.html import read
from guanxi.testing.people import LOOK, Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db

HEADLINE = re.compile("<h1>(.*?)</h1>")
STALE, RULE, RIGHT = "有人先改了", "不能这样操作", "您没有这项权限"


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def customer(company):
    return make(spec("customers.customer"), actor(company.boss), 4)


def headline(answer):
    return HEADLINE.search(answer.content.decode())[1]


def test_somebody_was_faster(company, customer):
    sent = {"headcount": "7", "version": customer.version + 1}
    answer = browser(company.boss).post(f"/customers/{customer.pk}/field/headcount/", sent)
    assert (answer.status_code, headline(answer)) == (409, STALE)


def test_a_rule_says_no(company, customer):
    invalidate_record(actor(company.boss), customer)
    answer = browser(company.boss).get(f"/customers/{customer.pk}/edit/")
    assert (answer.status_code, headline(answer)) == (409, RULE)


def test_a_right_is_missing(company, customer):
    reader = company.person("只看", LOOK)
    sent = {"headcount": "7", "version": customer.version}
    answer = browser(reader).post(f"/customers/{customer.pk}/field/headcount/", sent)
    assert (answer.status_code, headline(answer)) == (403, RIGHT)


def test_the_way_back_leads_to_the_record(company, customer):
    invalidate_record(actor(company.boss), customer)
    answer = browser(company.boss).get(f"/customers/{customer.pk}/edit/")
    assert f"/customers/{customer.pk}/" in read(answer).links


@pytest.mark.parametrize("reason", ["字" * 201, "看不见\x07的"])
def test_a_reason_that_can_t_be_kept_is_named_and_stays_in_the_box(company, customer, reason):
    answer = browser(company.boss).post(f"/customers/{customer.pk}/invalidate/", {"reason": reason})
    assert answer.status_code == 422
    words = next(one for one in answer.context["fields"] if one["name"] == "reason")
    assert words["value"] == reason
    assert words["error"]
    assert not type(customer).rows(actor(company.boss)).get(pk=customer.pk).is_void


def test_a_chosen_reason_stays_chosen_beside_the_one_that_is_too_long(company, customer):
    term = make(spec("customers.invalidreason"), actor(company.boss), 3)
    sent = {"reason_term": term.name, "reason": "字" * 200}
    answer = browser(company.boss).post(f"/customers/{customer.pk}/invalidate/", sent)
    offered = next(one for one in answer.context["fields"] if one["name"] == "reason_term")
    assert f'value="{term.name}" selected' in offered["options_html"]


def test_a_file_that_was_lost_is_said_calmly(company, customer, settings, tmp_path):
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    upload = SimpleUploadedFile("门头.png", picture.getvalue())
    with change(actor(company.boss), customer):
        customer.photo = keep_file(actor(company.boss), upload, max_bytes=9999, picture=True)
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    url = f"/customers/{customer.pk}/file/{customer.photo_id}/"
    answer = browser(company.boss).get(url)
    assert (answer.status_code, headline(answer)) == (409, RULE)


def test_what_is_too_much_to_be_sent_is_told_so(company, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = browser(company.boss).post("/units/new/", {"name": "字" * 600_000})
    assert answer.status_code == 400
    assert "超过 1 MB" in answer.content.decode()


def test_a_name_nobody_can_see_is_no_name(company):
    client = browser(company.boss)
    answer = client.post("/units/new/", {"name": "\u200b\u200b"})
    assert answer.status_code == 422
    client.post("/units/new/", {"name": "\u202e托盘\u200b"})
    assert spec("catalog.unit").model.rows(actor(company.boss)).filter(name="托盘").exists()
