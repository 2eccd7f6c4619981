from django.utils.translation import gettext_lazy as _

from guanxi.access.offers import organisation_entry, person_acts, role_acts
from guanxi.access.urls import urlpatterns
from guanxi.kernel.registry import Module

MODULE = Module(
    name="access",
    label=_("Access"),
    pages=tuple(urlpatterns),
    menu=(organisation_entry,),
    record_acts=(person_acts, role_acts),
)
