"""What was said with a customer: communications and the dictionaries that describe them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields
from guanxi.kernel.record import Dictionary, Part, Record
from guanxi.modules.activities.plan_models import Plan, PlanSetting, PlanType

__all__ = ("Plan", "PlanSetting", "PlanType")


class CommunicationType(Dictionary):
    """By which channel: call, visit, WeChat."""

    class Meta(Dictionary.Meta):
        verbose_name = _("communication type")
        verbose_name_plural = _("communication types")


class RelationType(Dictionary):
    """What the communication was for: first contact, needs, after-sales."""

    class Meta(Dictionary.Meta):
        verbose_name = _("relation type")
        verbose_name_plural = _("relation types")


class HotTopic(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("hot topic category")
        verbose_name_plural = _("hot topic categories")


class CommunicationResult(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("communication result")
        verbose_name_plural = _("communication results")


class Communication(Record):
    """One exchange with a customer. `owner` is who had it; they see it as long as it stands."""

    customer = fields.Link("customers.Customer", _("customer"), lookup="communications")
    contact = fields.Link("contacts.Contact", _("contact"), lookup="communications", optional=True)
    opportunity = fields.Link(
        "sales.Opportunity", _("opportunity"), lookup="communications", optional=True
    )
    plan = fields.Link("activities.Plan", _("plan"), lookup="communications", optional=True)
    type = fields.Link(
        "activities.CommunicationType", _("communication type"), lookup="communications"
    )
    relation = fields.Link(
        "activities.RelationType", _("relation type"), lookup="communications", optional=True
    )
    held_at = fields.Instant(_("time of communication"))
    text = fields.LongText(_("content"), max=5000, optional=False)
    result = fields.Link(
        "activities.CommunicationResult", _("result"), lookup="communications", optional=True
    )
    intention = fields.Link(
        "customers.CustomerIntention",
        _("customer intention"),
        lookup="communications",
        optional=True,
    )
    status = fields.Link(
        "customers.CustomerStatus", _("customer status"), lookup="communications", optional=True
    )
    updates_customer = fields.Boolean(_("change the customer likewise"))
    next_on = fields.Date(_("next contact on"), optional=True)
    next_step = fields.Text(_("next step"), max=200, optional=True)
    owner = fields.Person(_("communicated by"), lookup="communications")

    class Meta(Record.Meta):
        verbose_name = _("communication")
        verbose_name_plural = _("communications")
        indexes = (
            models.Index(fields=("book", "-held_at", "-id"), name="communication_newest"),
            models.Index(fields=("owner", "-held_at", "-id"), name="communication_of_owner"),
            models.Index(fields=("customer", "-held_at", "-id"), name="communication_of_cust"),
            models.Index(fields=("opportunity", "-held_at", "-id"), name="communication_of_opp"),
            models.Index(fields=("owner", "next_on"), name="communication_next"),
        )


class CommunicationTopic(Part):
    communication = fields.Link(
        "activities.Communication", _("communication"), lookup="topics", owns=True
    )
    topic = fields.Link("activities.HotTopic", _("hot topic"), lookup="communications")

    class Meta(Part.Meta):
        verbose_name = _("hot topic")
        verbose_name_plural = _("hot topics")


class CommunicationProduct(Part):
    communication = fields.Link(
        "activities.Communication", _("communication"), lookup="products", owns=True
    )
    product = fields.Link("catalog.Product", _("product"), lookup="communications")

    class Meta(Part.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class CommunicationFile(Part):
    communication = fields.Link(
        "activities.Communication", _("communication"), lookup="files", owns=True
    )
    file = fields.Attachment(_("file"))
    note = fields.Text(_("note"), max=100, optional=True)

    class Meta(Part.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")


class QuickPhrases(models.Model):
    """The sentences one person writes again and again, in their order; nobody else's business."""

    person_id = models.BigIntegerField(unique=True)
    lines = models.JSONField(default=list)
