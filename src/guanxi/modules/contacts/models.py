"""Contacts: the people one speaks to, each with a role at one or several companies."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import fields
from guanxi.kernel.addresses import Address
from guanxi.kernel.channels import Channel
from guanxi.kernel.errors import Wrong
from guanxi.kernel.idcards import check_id_number, make_id_number
from guanxi.kernel.kinds import SealedKind
from guanxi.kernel.record import Dictionary, Part, Record


class BuyingRole(Dictionary):
    """What part somebody plays in a purchase: decides, influences, uses."""

    class Meta(Dictionary.Meta):
        verbose_name = _("buying role")
        verbose_name_plural = _("buying roles")


class Attitude(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("attitude")
        verbose_name_plural = _("attitudes")


class Salutation(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("salutation")
        verbose_name_plural = _("salutations")


class Gender(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")
    UNKNOWN = "unknown", _("unknown")


def id_number(text: str) -> str:
    try:
        return check_id_number(text)
    except ValueError as fault:
        raise Wrong(str(fault)) from None


class Contact(Record):
    name = fields.Text(pgettext_lazy("of a person", "name"), max=50, by_pinyin=True, surname=True)
    salutation = fields.Link(
        "contacts.Salutation", _("salutation"), lookup="contacts", optional=True
    )
    gender = fields.Choice(_("gender"), choices=Gender, default=Gender.UNKNOWN)
    birthday = fields.Birthday(_("birthday"))
    id_number = fields.Encrypted(
        _("ID number"), kind=SealedKind(max=18, check=id_number, sample=make_id_number)
    )
    photo = fields.Image(_("photo"))
    tags = fields.Tags(_("tags"))
    owner = fields.Person(_("owner"), lookup="contacts", db_index=False)
    remark = fields.LongText(_("remarks"), max=2000)

    class Meta(Record.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (
            models.Index(fields=("book", "-updated_at", "-id"), name="contact_newest"),
            models.Index(fields=("owner", "-updated_at", "-id"), name="contact_of_owner"),
            models.Index(fields=("book", "name_key", "id"), name="contact_by_name"),
        )


class ContactCompany(Part):
    """A contact's place at one customer: an organisation, or the individual it belongs to."""

    contact = fields.Link("contacts.Contact", _("contact"), lookup="companies", owns=True)
    customer = fields.Link("customers.Customer", _("customer"), lookup="contact_places")
    job = fields.Text(_("job title"), max=50, optional=True)
    department = fields.Text(_("department"), max=50, optional=True)
    role = fields.Link(
        "contacts.BuyingRole", _("buying role"), lookup="contact_places", optional=True
    )
    attitude = fields.Link(
        "contacts.Attitude", _("attitude"), lookup="contact_places", optional=True
    )
    has_left = fields.Boolean(_("has left"))
    is_main = fields.Boolean(_("main"))

    class Meta(Part.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")


class ContactChannel(Channel):
    contact = fields.Link("contacts.Contact", _("contact"), lookup="channels", owns=True)


class ContactAddress(Address):
    contact = fields.Link("contacts.Contact", _("contact"), lookup="addresses", owns=True)

    class Meta(Address.Meta):
        indexes = (models.Index(fields=("region",), name="contact_region"),)
