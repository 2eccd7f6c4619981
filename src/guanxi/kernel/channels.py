"""Ways to reach somebody: child rows that customers, contacts and others share.

A subclass adds the link to its owner and nothing else. Numbers are found by duplicate keys and
search documents, so that none of them needs an index.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds import AccountKind, EmailKind
from guanxi.kernel.kinds.contacts import PHONES
from guanxi.kernel.phones import read_phone
from guanxi.kernel.record import Part

#: What a Spec says of its channels.
FIELDS = "kind value remark is_main"
EMAIL = EmailKind()


class ChannelKind(models.TextChoices):
    MOBILE = "mobile", _("mobile")
    LANDLINE = "landline", _("landline")
    SERVICE = "service", _("400 number")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    QQ = "qq", "QQ"
    EMAIL = "email", _("e-mail")
    DINGTALK = "dingtalk", _("DingTalk")
    OTHER = "other", _("other")


class Channel(Part):
    """One way to reach somebody; phones keep digits and E.164 beside what was typed."""

    kind = fields.Choice(_("kind"), choices=ChannelKind, default=ChannelKind.MOBILE)
    value = fields.Text(_("phone or account"), max=120, kind=AccountKind(beside="kind"))
    remark = fields.Text(_("note"), max=50, optional=True)
    is_main = fields.Boolean(_("main"))
    digits = models.CharField(max_length=30, blank=True, default="", editable=False)
    e164 = models.CharField(max_length=20, blank=True, default="", editable=False)

    class Meta(Part.Meta):
        abstract = True
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def derive(self) -> None:
        phone = read_phone(self.value) if self.kind in PHONES and self.value else None
        self.digits = phone.digits[:30] if phone else ""
        self.e164 = (phone.e164 or "") if phone else ""

    def check_row(self) -> None:
        """Raises Wrong where the value does not fit the kind."""
        if self.kind in PHONES and read_phone(self.value).kind == "invalid":
            raise Wrong(_("This is not a phone number."))
        if self.kind == ChannelKind.EMAIL:
            EMAIL.check(self.value)
