from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.activities.day_one import make_terms
from guanxi.modules.activities.home import home
from guanxi.modules.activities.offers import (
    phrases_entry,
    quick_act,
    quick_entry,
    quick_row_act,
)
from guanxi.modules.activities.pages import inline_form, urlpatterns
from guanxi.modules.activities.plan_specs import PLAN, PLAN_SETTING, PLAN_TYPE
from guanxi.modules.activities.reminders import NOTICES
from guanxi.modules.activities.specs import COMMUNICATION, DICTIONARIES, INFORMATION

MODULE = Module(
    name="activities",
    label=_("Communication"),
    needs=("customers", "contacts", "catalog", "sales"),
    specs=(COMMUNICATION, PLAN, PLAN_SETTING, PLAN_TYPE, *DICTIONARIES),
    views=(INFORMATION,),
    pages=urlpatterns,
    menu=(phrases_entry,),
    quick=(quick_entry,),
    record_acts=(quick_act,),
    row_acts=(quick_row_act,),
    inline=(inline_form,),
    home=(home,),
    notices=NOTICES,
    day_one=make_terms,
)
