"""Other houses one can sign in with, whose account there is whose here, and what happened. Plain
tables: none of it is anybody's business record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.sealing import SealedText
from guanxi.people.models import Person


class Provider(models.Model):
    """One house as this account set knows it. `name` stands on the button.

    client_id: the client's id, the id of the company (WeCom) or of the app; agent_id: WeCom's app.
    `secret` is sealed. `address`: where the browser is sent (OpenID Connect: the issuer), `service`:
    what this server asks; "" is the house's public one. by_email, by_mobile, by_number: whether an
    account nobody has connected yet may be taken for the person with the same one, as the house
    has verified it; `number_claim` names the claim with the staff number.
    """

    class Kind(models.TextChoices):
        OIDC = "oidc", _("OpenID Connect")
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    book = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=40)
    client_id = models.CharField(max_length=200)
    agent_id = models.CharField(max_length=40, blank=True)
    secret = SealedText(blank=True)
    address = models.CharField(max_length=300, blank=True)
    service = models.CharField(max_length=300, blank=True)
    scopes = models.CharField(max_length=200, blank=True)
    by_email = models.BooleanField(default=False)
    by_mobile = models.BooleanField(default=False)
    by_number = models.BooleanField(default=False)
    number_claim = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Whose account over there is whose here. `uid` never changes over there; `name` is for people."""

    class How(models.TextChoices):
        SELF = "self", _("connected in the profile")
        EMAIL = "email", _("by the same e-mail")
        MOBILE = "mobile", _("by the same mobile")
        NUMBER = "number", _("by the same staff number")

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="accounts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=255)
    name = models.CharField(max_length=100)
    how = models.CharField(max_length=10, choices=How)
    connected_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("provider", "uid"), name="outer_account_once"),
            models.UniqueConstraint(fields=("provider", "person"), name="outer_account_of_person"),
        )

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """own_passwords False: who has connected an account that works signs in with it alone, except
    those who administer roles."""

    book = models.PositiveSmallIntegerField(unique=True)
    own_passwords = models.BooleanField(default=True)


class Happening(models.Model):
    """What happened with outer sign-ins; names stay when houses and persons go."""

    class What(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        FAILED = "failed", _("not signed in")
        CONNECTED = "connected", _("connected an account")
        DISCONNECTED = "disconnected", _("disconnected an account")
        CHANGED = "changed", _("changed the settings")

    book = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=What)
    provider = models.CharField(max_length=40, blank=True)
    person_id = models.BigIntegerField(null=True)
    person = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=100, blank=True)
    #: A code of `words.WHY`, and what the house said.
    why = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("book", "-id"), name="outer_happening_book"),
            models.Index(
                fields=("book", "-id"), condition=Q(what="failed"), name="outer_happening_failed"
            ),
        )
