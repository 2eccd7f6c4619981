from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.activities.day_one import make_terms
from guanxi.modules.activities.specs import COMMUNICATION, DICTIONARIES, INFORMATION

MODULE = Module(
    name="activities",
    label=_("Communication"),
    needs=("customers", "contacts", "catalog", "sales"),
    specs=(COMMUNICATION, *DICTIONARIES),
    views=(INFORMATION,),
    day_one=make_terms,
)
