"""Places: child rows that customers, contacts and others share. A subclass adds its owner.

In China the region's code decides and the texts of province and city follow it; elsewhere people
write them. An address written in one piece is taken apart where it begins with a region.
"""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields, regions
from guanxi.kernel.countries import COUNTRIES
from guanxi.kernel.record import Part

CHINESE = frozenset({"CN", "HK", "MO", "TW"})
#: What a Spec says of its addresses.
FIELDS = "kind country region province city district detail postcode is_main"
KINDS = {
    "office": _("office"),
    "delivery": _("delivery"),
    "billing": _("billing"),
    "other": _("other"),
}


class Address(Part):
    kind = fields.Choice(_("kind"), choices=KINDS, default="office")
    country = fields.Choice(_("country"), choices=COUNTRIES, default="CN")
    region = fields.Region(_("region"))
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

    def derive(self) -> None:
        if not self.region and self.country in CHINESE:
            self._find_region()
        if self.region and regions.region(self.region) is not None:
            self.country = regions.country_of(self.region)
            self.province, self.city, district = regions.texts_of(self.region)
            # Where the code ends at the city, people may still name a town.
            if district or regions.lies_elsewhere(self.district, self.region):
                self.district = district

    def _find_region(self) -> None:
        """From the three texts of older rows and files, or from the beginning of the street."""
        written = "".join((self.province, self.city, self.district))
        code, rest = regions.read_region(written) if written else ("", "")
        if code and rest in ("", self.district):
            self.region = code
        elif not written and self.detail:
            code, rest = regions.read_region(self.detail)
            if code and rest and regions.level_of(code) > 1:
                self.region, self.detail = code, rest
