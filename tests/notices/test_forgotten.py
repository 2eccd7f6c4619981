"""Forgotten password: offered only with a mail server, one answer for everybody, a link good once."""

import re

import pytest
from django.test import Client

from guanxi.jobs.models import Job
from guanxi.notices import jobs as notice_jobs
from guanxi.notices.models import Message
from guanxi.people.models import User
from tests.notices.conftest import with_mail
from tests.notices.test_outgoing import run_queue

pytestmark = pytest.mark.postgres
GOOD = "Kaixin-2026-tian"


def ask(name):
    answer = Client().post("/forgotten/", {"login": name})
    for job in Job.objects.filter(kind="notices.forgotten", state="queued"):
        notice_jobs.forgotten_job(None, **job.arguments)
        job.delete()
    run_queue()
    return answer


def link_in(outer):
    text = outer.mails[-1].get_body(("plain",)).get_content()
    return re.search(r"https://crm\.example\.com(/forgotten/\S+)", text)[1]


def test_offered_only_with_a_mail_server(company, outer, request):
    assert Client().get("/forgotten/").status_code == 404
    assert "/forgotten/" not in Client().get("/accounts/login/").content.decode()
    request.getfixturevalue("server")
    assert Client().get("/forgotten/").status_code == 200
    assert "/forgotten/" in Client().get("/accounts/login/").content.decode()


def test_the_link_sets_a_password_once(company, outer, server):
    with_mail(company.ben)
    assert ask("ben@example.com").status_code == 200
    link = link_in(outer)
    browser = Client()
    assert browser.get(link)["Referrer-Policy"] == "no-referrer"
    weak = browser.post(link, {"password": "123", "again": "123"})
    assert weak.status_code == 400
    assert browser.post(link, {"password": GOOD, "again": "other"}).status_code == 400
    assert browser.post(link, {"password": GOOD, "again": GOOD}).status_code == 303
    assert User.objects.get(pk=company.ben.user_id).check_password(GOOD)
    assert browser.get(link).status_code == 410


def test_the_answer_is_the_same_for_unknown_names(company, outer, server):
    with_mail(company.ben)
    known, unknown = ask("ben@example.com"), ask("nobody@example.com")
    assert len(outer.mails) == 1

    def plain(answer):
        return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())

    assert plain(known).replace("ben@", "") == plain(unknown).replace("nobody@", "")


def test_the_link_is_in_no_log(company, outer, server):
    with_mail(company.ben)
    ask("ben@example.com")
    link = link_in(outer)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(list(Message.objects.values()))
    assert token not in str(list(Job.objects.values()))
    assert Message.objects.get().content == ""


def test_asking_is_throttled_by_name(company, outer, server):
    with_mail(company.ben)
    answers = [ask("ben@example.com").status_code for _number in range(4)]
    assert answers == [200, 200, 200, 429]
    assert len(outer.mails) == 3


@pytest.mark.parametrize("code", ["x", "%00", "MTIz", "////", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"])
def test_nonsense_links(company, server, code):
    assert Client().get(f"/forgotten/{code}/abc-def/").status_code in (404, 410)
