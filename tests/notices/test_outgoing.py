"""Mail and group robots against the simulator: content, formats, retry, rights, secrets."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from guanxi.jobs.models import Job
from guanxi.kernel import acts
from guanxi.kernel.outbox import deliver
from guanxi.kernel.sealing import Sealed
from guanxi.notices import jobs as notice_jobs
from guanxi.notices.events import HANDED_OVER
from guanxi.notices.letters import send_digests
from guanxi.notices.models import MailServer, Message, Notice, Robot, Wishes
from guanxi.notices.outgoing import queue_message, send
from guanxi.notices.robots import check_address, send_robot
from guanxi.notices.wishes import not_before
from guanxi.notices.words import NotSent
from guanxi.people.models import User
from guanxi.testing.people import actor, browser
from tests.notices.conftest import wish, with_mail
from tests.notices.test_inbox import customer, hand_over, unread

pytestmark = pytest.mark.postgres


def run_queue():
    for job in Job.objects.filter(kind="notices.send", state="queued"):
        notice_jobs.send_job(None, **job.arguments)
        job.delete()


def test_a_mail_goes_out_in_the_receivers_language(company, outer, server):
    ben = with_mail(company.ben)
    User.objects.filter(pk=ben.user_id).update(language="en")
    wish(ben, HANDED_OVER, "page", "mail")
    record = customer(company.anna)
    hand_over(company, record, company.ben)
    run_queue()
    (mail,) = outer.mails
    assert mail["To"] == "ben@example.com"
    assert mail["Subject"] == "宁波海天机械: Handed over to me"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    notice = Notice.objects.get(person_id=ben.pk)
    assert f"https://crm.example.com/notices/{notice.pk}/" in text
    assert "总管 handed this over to you." in text
    assert "宁波海天机械" in mail.get_body(("html",)).get_content()
    assert outer.signed_in == [b"\0crm\0geheim-9"]
    assert Message.objects.get().state == "sent"
    assert Message.objects.get().content == ""


def test_without_a_server_it_stays_in_the_log_and_can_be_sent_later(company, outer):
    ben = with_mail(company.ben)
    wish(ben, HANDED_OVER, "mail")
    hand_over(company, customer(company.anna), company.ben)
    message = Message.objects.get()
    assert (message.state, message.error) == ("unsent", "no_server")
    assert unread(company.ben) == 0
    boss = browser(company.boss)
    assert "没有设置邮件服务器" in boss.get("/notices/log/").content.decode()
    MailServer.objects.create(
        host="127.0.0.1", port=outer.mail_port, security="none", sender="a@b.cn", site="http://x"
    )
    boss.post(f"/notices/log/{message.pk}/again/")
    run_queue()
    assert len(outer.mails) == 1


def test_what_passes_is_tried_again_and_what_does_not_is_not(company, outer, server):
    outer.smtp = "450 greylisted"
    message = queue_message(to="a@example.com", subject="x", content={"text": "y"})
    run_queue()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("waiting", 1, "bad_address")
    assert message.not_before > timezone.now() + timedelta(seconds=50)
    assert Job.objects.get(kind="notices.send").not_before == message.not_before
    outer.smtp = "550 no such user"
    run_queue()
    message.refresh_from_db()
    assert (message.state, message.detail) == ("failed", "550 no such user")
    outer.smtp = "250 OK"
    browser(company.boss).post(f"/notices/log/{message.pk}/again/")
    run_queue()
    assert len(outer.mails) == 1


def test_a_refused_sign_in_is_said_and_the_password_is_nowhere(company, outer, server):
    outer.sign_in = "535 wrong password"
    queue_message(to="a@example.com", subject="x", content={"text": "y"})
    run_queue()
    page = browser(company.boss).get("/notices/log/").content.decode()
    assert "服务器不认用户名或密码" in page
    assert "geheim" not in page
    assert "geheim" not in str(list(MailServer.objects.values()))


def test_who_lost_sight_meanwhile_gets_no_mail(company, outer, server):
    ben = with_mail(company.ben)
    wish(ben, HANDED_OVER, "mail")
    record = customer(company.anna)
    hand_over(company, record, company.ben)
    acts.transfer_record(
        actor(company.boss),
        type(record).rows(actor(company.boss)).get(pk=record.pk),
        owner_id=company.anna.pk,
    )
    run_queue()
    assert outer.mails == []
    assert Message.objects.get().state == "withdrawn"


@pytest.mark.parametrize("provider", ["wecom", "dingtalk", "feishu"])
def test_each_house_accepts_our_message(company, outer, robot, provider):
    made = robot(provider)
    send_robot(
        made, title="本杰明：转交给我", text="[点这里](http://x) @all", url="https://crm.cn/n/1/"
    )
    ((_path, body),) = outer.posts
    assert "本杰明" in str(body)
    assert "https://crm.cn/n/1/" in str(body)


def test_a_wrong_secret_is_said(company, outer, robot):
    made = robot("feishu")
    made.secret = ""
    with pytest.raises(NotSent) as caught:
        send_robot(made, title="a", text="b", url="")
    assert caught.value.code == "signature"


@pytest.mark.parametrize(("titles", "named"), [(False, False), (True, True)])
def test_the_group_reads_titles_only_with_leave(company, outer, robot, server, titles, named):
    made = robot("wecom", open_titles=titles)
    wish(company.ben, HANDED_OVER, "robot", robot=made)
    hand_over(company, customer(company.anna), company.ben)
    run_queue()
    ((_path, body),) = outer.posts
    assert ("宁波海天机械" in str(body)) is named
    assert "本杰明" in str(body)


def test_a_robot_waits_for_its_minute(company, outer, robot):
    made = robot("dingtalk")
    for number in range(21):
        queue_message(to="g", subject=str(number), content={"text": "t", "url": ""}, robot=made)
    run_queue()
    assert len(outer.posts) == 20
    (late,) = Message.objects.filter(state="waiting")
    assert late.not_before > timezone.now() + timedelta(seconds=30)


@pytest.mark.parametrize("text", ["订" * 2000, "😀" * 2000, "[" * 4000, "短"])
def test_wecom_gets_no_more_than_it_takes(company, outer, robot, text):
    send_robot(robot("wecom"), title="*" * 200, text=text, url="https://crm.example.com/notices/7/")
    ((_path, body),) = outer.posts
    said = body["markdown"]["content"]
    assert len(said.encode()) <= 4096
    assert said.endswith("](https://crm.example.com/notices/7/)")
    assert not said.partition("\n\n[")[0].endswith("\\")


@pytest.mark.parametrize(
    ("said", "code", "again"),
    [("Bad Request", "refused", False), ("too many request", "too_fast", True)],
)
def test_feishu_says_two_things_with_one_code(outer, robot, said, code, again):
    outer.answers.append((200, {"code": 9499, "msg": said}, {}))
    with pytest.raises(NotSent) as caught:
        send_robot(robot("feishu"), title="a", text="b", url="")
    assert (caught.value.code, caught.value.again) == (code, again)


def test_too_fast_is_tried_again_and_a_redirect_is_not_followed(company, outer, robot):
    made = robot("wecom")
    for answer in ((200, {"errcode": 45009}, {}), (302, {}, {"Location": outer.address("feishu")})):
        outer.answers.append(answer)
    first, second = (
        queue_message(to="g", subject="s", content={"text": "t", "url": ""}, robot=made)
        for _number in range(2)
    )
    run_queue()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == ("waiting", "too_fast")
    assert (second.state, second.error) == ("failed", "redirect")
    assert len(outer.posts) == 2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.com/x", "not_https"),
        ("https://user:pw@example.com/x", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("http://127.0.0.1:9/x", "not_https"),
        ("https://127.0.0.1/x", "private"),
        ("https://10.1.2.3/x", "private"),
        ("https://169.254.169.254/latest", "private"),
        ("https://[::1]/x", "private"),
        ("https://[::ffff:10.0.0.1]/x", "private"),
        ("https://2130706433/x", "private"),
        ("https://x.invalid/x", "unknown_host"),
        ("https://a:99999/x", "not_https"),
    ],
)
def test_addresses_a_robot_may_not_have(settings, address, code):
    settings.ROBOTS_PRIVATE = False
    with pytest.raises(NotSent) as caught:
        check_address(address)
    assert caught.value.code == code


def test_quiet_hours_over_midnight():
    zone = ZoneInfo("Asia/Shanghai")
    wishes = Wishes(quiet_from=time(22), quiet_to=time(7, 30))

    def at(hour):
        return datetime(2026, 3, 2, hour, tzinfo=zone).astimezone(UTC)

    assert not_before(wishes, zone, at(12)) == at(12)
    assert not_before(wishes, zone, at(23)) == datetime(2026, 3, 3, 7, 30, tzinfo=zone)
    assert not_before(wishes, zone, at(3)) == datetime(2026, 3, 2, 7, 30, tzinfo=zone)


def test_the_digest_names_what_is_unread_and_only_when_something_came(company, outer, server):
    with_mail(company.ben)
    assert send_digests() == 0
    hand_over(company, customer(company.anna), company.ben)
    assert send_digests() == 1
    assert send_digests() == 0
    run_queue()
    (mail,) = outer.mails
    assert mail["Subject"] == "1 条未读通知"
    assert "宁波海天机械" in mail.get_body(("plain",)).get_content()


def test_the_digest_keeps_the_quiet_hours(company, outer, server):
    with_mail(company.ben)
    clock = datetime.now(ZoneInfo("Asia/Shanghai"))
    start, end = (clock + timedelta(hours=hours) for hours in (-2, 2))
    wish(company.ben, HANDED_OVER, "page", quiet_from=start.time(), quiet_to=end.time())
    hand_over(company, customer(company.anna), company.ben)
    assert send_digests() == 1
    assert Message.objects.get().not_before > timezone.now() + timedelta(hours=1)


def test_no_digest_for_who_does_not_want_one(company, server):
    with_mail(company.ben)
    wish(company.ben, HANDED_OVER, "page", digest=False)
    hand_over(company, customer(company.anna), company.ben)
    assert send_digests() == 0


FORM = {
    "host": "127.0.0.1",
    "port": "25",
    "security": "none",
    "user": "",
    "password": "",
    "sender": "crm@example.com",
    "sender_name": "关系",
    "site": "https://crm.example.com",
}


def test_the_mail_server_is_set_tested_and_its_password_sealed(company, outer):
    with_mail(company.boss, "boss@example.com")
    boss = browser(company.boss)
    sent = FORM | {"port": str(outer.mail_port), "user": "crm", "password": "geheim-9"}
    page = boss.post("/notices/mail/", sent | {"test": "1"}).content.decode()
    assert "boss@example.com" in page
    assert len(outer.mails) == 1
    assert not MailServer.objects.exists()
    assert boss.post("/notices/mail/", sent).status_code == 303
    kept = MailServer.objects.get()
    assert Sealed(kept.password).open() == "geheim-9"
    assert "geheim" not in boss.get("/notices/mail/").content.decode()
    boss.post("/notices/mail/", sent | {"password": "", "sender_name": "CRM"})
    assert Sealed(MailServer.objects.get().password).open() == "geheim-9"
    elsewhere = boss.post("/notices/mail/", sent | {"password": "", "host": "evil.example"})
    assert elsewhere.status_code == 400
    assert Sealed(MailServer.objects.get().password).open() == "geheim-9"


def test_bad_settings_are_told_at_their_fields(company):
    bad = {"port": "x", "host": "a b", "sender": "no", "site": "javascript:1"}
    page = browser(company.boss).post("/notices/mail/", FORM | bad)
    assert page.status_code == 400
    for name in bad:
        assert f'id="id_{name}_error"' in page.content.decode()


def test_a_robot_is_added_tried_and_deleted(company, outer):
    boss = browser(company.boss)
    sent = {
        "name": "华东销售群",
        "provider": "wecom",
        "address": outer.address("wecom"),
        "active": "on",
    }
    assert boss.post("/notices/robots/new/", sent).status_code == 303
    made = Robot.objects.get()
    assert "3f2a" not in made.address
    assert "3f2a" not in boss.get(f"/notices/robots/{made.pk}/").content.decode()
    boss.post(f"/notices/robots/{made.pk}/try/")
    assert len(outer.posts) == 1
    boss.post(f"/notices/robots/{made.pk}/delete/")
    assert not Robot.objects.exists()


@pytest.mark.parametrize("path", ["mail/", "robots/", "robots/new/", "log/"])
def test_only_administrators_see_the_settings(company, path):
    assert browser(company.anna).get(f"/notices/{path}").status_code == 404


def test_my_wishes_are_kept_and_checked(company, robot):
    made = robot("wecom")
    anna = browser(company.anna)
    sent = {f"mail:{HANDED_OVER}": "on", "quiet_from": "22:00", "quiet_to": "7:3x"}
    assert anna.post("/notices/settings/", sent).status_code == 400
    sent |= {"quiet_to": "07:30", f"robot:{HANDED_OVER}": "on", "robot": str(made.pk)}
    assert anna.post("/notices/settings/", sent).status_code == 303
    kept = Wishes.objects.get(person_id=company.anna.pk)
    assert kept.channels[HANDED_OVER] == ["mail", "robot"]
    assert (kept.quiet_to, kept.digest, kept.robot) == (time(7, 30), False, made)


def test_a_mail_that_was_sent_is_not_sent_twice(company, outer, server):
    message = queue_message(to="a@example.com", subject="x", content={"text": "y"})
    run_queue()
    message.refresh_from_db()
    send(message)
    assert len(outer.mails) == 1
    deliver()


@pytest.mark.parametrize("typed", ["22:00+08:00", "25:00", "夜里", "22:00:00.5Z", "9" * 400])
def test_an_odd_time_is_refused_at_its_field(company, typed):
    ben = browser(company.ben)
    answer = ben.post("/notices/settings/", {"quiet_from": typed, "quiet_to": "07:30"})
    assert answer.status_code == 400
    assert "请写成 14:30" in answer.content.decode()
    assert not Wishes.objects.exists()


def test_times_are_taken_as_people_type_them(company):
    browser(company.ben).post("/notices/settings/", {"quiet_from": "22：00", "quiet_to": "7点30分"})
    kept = Wishes.objects.get()
    assert (kept.quiet_from, kept.quiet_to) == (time(22), time(7, 30))
