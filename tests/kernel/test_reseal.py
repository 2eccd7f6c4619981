"""A new key before the old one, everything sealed again, the old one thrown away."""

import pytest
from django.test import override_settings
from django.utils import timezone

from guanxi.api.models import KeptAnswer
from guanxi.cli.program import main
from guanxi.kernel.acts import delete_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Wrong
from guanxi.kernel.idcards import make_id_number
from guanxi.kernel.journal import changes_of
from guanxi.kernel.query import compile_q, read
from guanxi.kernel.reseal import reseal
from guanxi.kernel.sealing import Sealed, seal
from guanxi.kernel.undo import undo_change
from guanxi.kernel.values import create_record
from guanxi.modules.contacts.models import Contact
from guanxi.modules.contacts.specs import CONTACT
from guanxi.notices.mail import opened
from guanxi.notices.models import MailServer, Message, Robot
from guanxi.testing.people import Company, actor

pytestmark = pytest.mark.django_db
OLD, NEW = "a" * 40, "b" * 40
NUMBER, LATER = make_id_number(4711), make_id_number(4712)


@pytest.fixture
def company():
    return Company()


def test_after_resealing_the_old_key_is_needed_for_no_record(company):
    boss = actor(company.boss)
    with override_settings(FIELD_KEYS=(OLD,)):
        contact = create_record(boss, CONTACT, {"name": "王小二", "id_number": NUMBER})
        with change(boss, contact):
            contact.id_number = LATER
        gone = create_record(boss, CONTACT, {"name": "李四", "id_number": NUMBER})
        delete_record(boss, gone)
    with override_settings(FIELD_KEYS=(NEW, OLD)):
        assert main(["reseal"]) == 0
    with override_settings(FIELD_KEYS=(NEW,)):
        tree = read(CONTACT, ["id_number", "is", LATER], actor=boss)
        found = Contact.rows(boss).filter(compile_q(tree)).get()
        assert found.id_number.open() == LATER
        first = changes_of(CONTACT, contact).last()
        assert Sealed(first.payload.diff["id_number"][1]).open() == NUMBER
        undo_change(boss, changes_of(CONTACT, gone).first())
        assert Contact.rows(boss).get(name="李四").id_number.open() == NUMBER


def test_settings_and_letters_are_sealed_again_too(company):
    with override_settings(FIELD_KEYS=(OLD,)):
        MailServer.objects.create(host="a", sender="a@b.cn", site="", password=seal("mail-pass"))
        Robot.objects.create(name="r", provider="feishu", address=seal("https://x"), secret="")
        robot = Robot.objects.get()
        kept = KeptAnswer.objects.create(person_id=1, key="k", request="r", body=seal("{}"))
        wanted = {"to": "", "subject": "s", "made_at": timezone.now(), "not_before": timezone.now()}
        letter = Message.objects.create(content=seal('{"text": "t"}'), **wanted)
    with override_settings(FIELD_KEYS=(NEW, OLD)):
        told = {one.label: (one.done, one.left) for one in reseal()}
    assert told["notices.mailserver"] == (1, 0)
    assert told["notices.robot"] == (1, 0)
    assert told["notices.message"] == (1, 0)
    assert told["api.keptanswer"] == (1, 0)
    with override_settings(FIELD_KEYS=(NEW,)):
        assert opened(MailServer.objects.get().password) == "mail-pass"
        assert opened(Robot.objects.get(pk=robot.pk).address) == "https://x"
        assert Sealed(KeptAnswer.objects.get(pk=kept.pk).body).open() == "{}"
        assert opened(Message.objects.get(pk=letter.pk).content) == '{"text": "t"}'


def test_what_no_key_opens_is_told_and_left_alone(company):
    with override_settings(FIELD_KEYS=("c" * 40,)):
        MailServer.objects.create(host="a", sender="a@b.cn", site="", password=seal("lost"))
    before = MailServer.objects.get().password
    with override_settings(FIELD_KEYS=(NEW,)):
        assert main(["reseal"]) == 1
        assert MailServer.objects.get().password == before
        with pytest.raises(Wrong):
            Sealed(before).open()
