"""What people are told, and how they want to be told it. Plain models: a notice is nobody's
business record, it belongs to the one who gets it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.sealing import SealedText


class Notice(models.Model):
    """One thing one person is told.

    `object` and `record_id` say what it is about; without a record `url` leads there. `values` fill
    the sentence of its kind; `count` is about how many records it is. `key`: the same key is told a
    person once ("" = always). `from_person_id` None: nobody in particular.
    """

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    object = models.CharField(max_length=80, blank=True)
    record_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=120, blank=True)
    from_person_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("person_id", "-id"), name="notice_of_person"),
            models.Index(
                fields=("person_id",), condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "key"), condition=~Q(key=""), name="notice_once"
            ),
        )


class Told(models.Model):
    """That a person was told of a row whose day had come (`notices.reminding`), alone or as one of
    many; `occasion` is what would be worth telling again, such as another day."""

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    occasion = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "kind", "object", "record_id", "occasion"), name="told_once"
            ),
        )


class Wishes(models.Model):
    """How one person wants to be told.

    `channels`: kind -> some of "page", "mail", "robot"; a kind not named is told on the page.
    Between `quiet_from` and `quiet_to` (their own clock) nothing is sent. `digest`: a mail in the
    morning with what is unread; `digested_until` is the last notice such a mail has named.
    """

    person_id = models.BigIntegerField(unique=True)
    channels = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest = models.BooleanField(default=True)
    digested_until = models.BigIntegerField(default=0)
    robot = models.ForeignKey("Robot", models.SET_NULL, null=True, related_name="+")


class MailServer(models.Model):
    """One row: the server that takes our mails. `password` is sealed; `site` begins our links."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the first byte (465)")
        STARTTLS = "starttls", _("STARTTLS (587)")
        NONE = "none", _("none: only inside one's own network (25)")

    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=465)
    security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=200, blank=True)
    password = SealedText(blank=True)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=100, blank=True)
    site = models.CharField(max_length=200)


class Robot(models.Model):
    """A robot in a group of WeCom, DingTalk or Feishu. `address` and `secret` are sealed.

    `open_titles`: everybody in the group may read what the notices are about; else the robot only
    says that there is one.
    """

    class Provider(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    name = models.CharField(max_length=60)
    provider = models.CharField(max_length=10, choices=Provider)
    address = SealedText()
    secret = SealedText(blank=True)
    open_titles = models.BooleanField(default=False)
    active = models.BooleanField(default=True)


class Message(models.Model):
    """One mail or one message of a robot on its way out, and what became of it.

    `content` is sealed JSON {"text", "html", "url"}; of a `secret` one (a link to a new password)
    it is erased once sent. `error` is a code of `words.WHY`, `detail` what the server said.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")
        UNSENT = "unsent", pgettext_lazy("message", "not sent")
        WITHDRAWN = "withdrawn", pgettext_lazy("message", "withdrawn")

    person_id = models.BigIntegerField(null=True)
    robot = models.ForeignKey(Robot, models.SET_NULL, null=True, related_name="+")
    to = models.CharField(max_length=254)
    kind = models.CharField(max_length=80, blank=True)
    object = models.CharField(max_length=80, blank=True)
    record_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=200)
    content = SealedText(blank=True)
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("robot", "sent_at"), name="message_of_robot"),)
