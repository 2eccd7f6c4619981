"""Customers: organisations and individuals, with the dictionaries that describe them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import fields
from guanxi.kernel.addresses import Address
from guanxi.kernel.channels import Channel
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.errors import Wrong
from guanxi.kernel.record import Dictionary, Part, Record


class CustomerSource(Dictionary):
    parent = fields.Link(
        "self",
        pgettext_lazy("customer source", "channel"),
        lookup="details",
        optional=True,
        tree=True,
    )

    class Meta(Dictionary.Meta):
        verbose_name = _("customer source")
        verbose_name_plural = _("customer sources")


class CustomerClass(Dictionary):
    parent = fields.Link("self", _("above"), lookup="children", optional=True, tree=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("customer class")
        verbose_name_plural = _("customer classes")


class CustomerStatus(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("customer status")
        verbose_name_plural = _("customer statuses")


class CustomerIntention(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("customer intention")
        verbose_name_plural = _("customer intentions")


class CustomerLevel(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("customer level")
        verbose_name_plural = _("customer levels")


class Industry(Dictionary):
    parent = fields.Link("self", _("above"), lookup="children", optional=True, tree=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")


class CompanySize(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("company size")
        verbose_name_plural = _("company sizes")


class Ownership(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("ownership")
        verbose_name_plural = _("kinds of ownership")


class Payment(models.TextChoices):
    ON_ACCOUNT = "on_account", _("on account")
    PREPAID = "prepaid", _("before delivery")
    STOPPED = "stopped", _("no further deliveries")


class CreditGrade(Dictionary):
    """How far a customer is trusted; `days` to pay stand only where goods go out on account."""

    payment = fields.Choice(_("terms of payment"), choices=Payment, default=Payment.ON_ACCOUNT)
    days = fields.Integer(_("days to pay"), optional=True, max=3650)

    class Meta(Dictionary.Meta):
        verbose_name = _("credit grade")
        verbose_name_plural = _("credit grades")


class InvalidReason(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("reason of invalidation")
        verbose_name_plural = _("reasons of invalidation")


class DealStatus(models.TextChoices):
    NONE = "none", _("no deal yet")
    DEALT = "dealt", _("deal made")


class Nature(models.TextChoices):
    ORGANISATION = "organisation", _("organisation")
    INDIVIDUAL = "individual", _("individual")


def credit_code(text: str) -> str:
    try:
        return check_credit_code(text)
    except ValueError as fault:
        raise Wrong(str(fault)) from None


class Customer(Record):
    name = fields.Text(_("customer name"), max=120, by_pinyin=True)
    number = fields.Text(_("customer number"), max=40, optional=True)
    nature = fields.Choice(_("nature"), choices=Nature, default=Nature.ORGANISATION)
    salutation = fields.Text(_("salutation"), max=20, optional=True)
    works_at = fields.Text(_("works at"), max=120, optional=True)
    job = fields.Text(_("job title"), max=50, optional=True)
    main_class = fields.Link(
        "customers.CustomerClass", _("main class"), lookup="customers", tree=True
    )
    source = fields.Link(
        "customers.CustomerSource", _("source"), lookup="customers", optional=True, tree=True
    )
    status = fields.Link("customers.CustomerStatus", _("status"), lookup="customers")
    intention = fields.Link(
        "customers.CustomerIntention", _("intention"), lookup="customers", optional=True
    )
    level = fields.Link("customers.CustomerLevel", _("level"), lookup="customers", optional=True)
    industry = fields.Link(
        "customers.Industry", _("industry"), lookup="customers", optional=True, tree=True
    )
    size = fields.Link(
        "customers.CompanySize", _("company size"), lookup="customers", optional=True
    )
    ownership = fields.Link(
        "customers.Ownership", _("ownership"), lookup="customers", optional=True
    )
    credit_grade = fields.Link(
        "customers.CreditGrade", _("credit grade"), lookup="customers", optional=True
    )
    headcount = fields.Integer(_("headcount"), optional=True, max=10_000_000)
    revenue = fields.Money(_("annual revenue"))
    founded = fields.Integer(_("founding year"), optional=True, min=1000, max=2200, plain=True)
    parent = fields.Link("self", _("parent company"), lookup="subsidiaries", optional=True)
    introduction = fields.LongText(_("company profile"), max=2000)
    website = fields.Web(_("website"))
    photo = fields.Image(_("picture"))
    tags = fields.Tags(_("tags"))
    owner = fields.Person(_("owner"), lookup="customers", db_index=False)
    acquirer = fields.Person(_("acquirer"), lookup="acquired_customers")
    credit_code = fields.Text(_("credit code"), max=18, optional=True, check=credit_code)
    legal_person = fields.Text(_("legal representative"), max=50, optional=True)
    registered_capital = fields.Money(_("registered capital"))
    founded_on = fields.Date(_("registered on"), optional=True)
    business_state = fields.Text(_("business state"), max=30, optional=True)
    invoice_title = fields.Text(_("invoice title"), max=120, optional=True)
    tax_number = fields.Text(_("tax number"), max=30, optional=True)
    bank = fields.Text(_("bank"), max=80, optional=True)
    bank_account = fields.Text(_("bank account"), max=40, optional=True)
    registered_address = fields.Text(_("registered address"), max=200, optional=True)
    registered_phone = fields.Phone(_("registered phone"))
    remark = fields.LongText(_("remarks"), max=2000)
    deal_status = fields.Choice(_("deal status"), choices=DealStatus, default=DealStatus.NONE)
    last_contact_on = fields.Date(_("last contact"), optional=True)
    next_contact_on = fields.Date(_("next contact"), optional=True)
    next_by_hand = fields.Date(_("next contact set by hand"), optional=True)

    class Meta(Record.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = (
            models.Index(fields=("book", "-updated_at", "-id"), name="customer_newest"),
            models.Index(fields=("owner", "-updated_at", "-id"), name="customer_of_owner"),
            models.Index(fields=("book", "name_key", "id"), name="customer_by_name"),
            # With the owner in them, they answer for one person without a look at the rows.
            models.Index(
                fields=("book", "created_at", "id", "owner"),
                condition=models.Q(voided_at__isnull=True),
                name="customer_created",
            ),
            models.Index(
                fields=("book", "next_contact_on", "id", "owner"),
                condition=models.Q(voided_at__isnull=True),
                name="customer_next_contact",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("book", "number"), condition=~models.Q(number=""), name="customer_number"
            ),
            models.UniqueConstraint(
                fields=("book", "credit_code"),
                condition=~models.Q(credit_code=""),
                name="customer_credit_code",
            ),
        )


class CustomerChannel(Channel):
    customer = fields.Link("customers.Customer", _("customer"), lookup="channels", owns=True)


class CustomerAddress(Address):
    customer = fields.Link("customers.Customer", _("customer"), lookup="addresses", owns=True)

    class Meta(Address.Meta):
        indexes = (models.Index(fields=("region",), name="customer_region"),)


class CustomerClassing(Part):
    """A further class of a customer, beside its main class."""

    customer = fields.Link("customers.Customer", _("customer"), lookup="classings", owns=True)
    kind = fields.Link("customers.CustomerClass", _("class"), lookup="classings", tree=True)

    class Meta(Part.Meta):
        verbose_name = _("further class")
        verbose_name_plural = _("further classes")
