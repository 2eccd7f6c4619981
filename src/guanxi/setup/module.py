from django.urls import path
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.setup import departments, firm, guide, holidays, numbering, staff

MODULE = Module(
    name="setup",
    label=_("Set-up"),
    pages=(
        path("setup/", guide.guide_page),
        path("setup/company/", firm.firm_page),
        path("setup/departments/", departments.departments_page),
        path("setup/staff/", staff.staff_page),
        path("setup/holidays/", holidays.holidays_page),
        path("setup/holidays/<int:year>/official/", holidays.official_page),
        path("setup/<slug:key>/<slug:act>/", guide.mark_page),
        path("company/logo/", firm.logo_page),
        path("numbering/", numbering.numbering_page),
        path("numbering/<slug:path>/", numbering.rule_page),
        path("numbering/<slug:path>/preview/", numbering.preview_page),
    ),
    menu=(guide.menu_entry, holidays.menu_entry, numbering.menu_entry),
    home=(guide.home_card,),
)
