from django.utils.translation import gettext_lazy as _

from guanxi.access.offers import (
    access_acts,
    organisation_entry,
    person_access_acts,
    person_acts,
    role_acts,
    security_entry,
    view_as_act,
    viewings_entry,
)
from guanxi.access.providers import menu_entry
from guanxi.access.urls import urlpatterns
from guanxi.kernel.registry import Module

MODULE = Module(
    name="access",
    label=_("Access"),
    pages=tuple(urlpatterns),
    menu=(organisation_entry, viewings_entry, security_entry, menu_entry),
    record_acts=(person_acts, view_as_act, person_access_acts, role_acts, access_acts),
)
