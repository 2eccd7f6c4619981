"""Places: child rows that customers, contacts and others share. A subclass adds its owner."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields
from guanxi.kernel.countries import COUNTRIES
from guanxi.kernel.record import Part

#: What a Spec says of its addresses.
FIELDS = "kind country province city district detail postcode is_main"
KINDS = {
    "office": _("office"),
    "delivery": _("delivery"),
    "billing": _("billing"),
    "other": _("other"),
}


class Address(Part):
    kind = fields.Choice(_("kind"), choices=KINDS, default="office")
    country = fields.Choice(_("country"), choices=COUNTRIES, default="CN")
    province = fields.Text(_("province"), max=40, optional=True)
    city = fields.Text(_("city"), max=40, optional=True)
    district = fields.Text(_("district"), max=40, optional=True)
    detail = fields.Text(_("street and number"), max=200, optional=True)
    postcode = fields.Text(_("postcode"), max=12, optional=True)
    is_main = fields.Boolean(_("main"))

    class Meta(Part.Meta):
        abstract = True
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
