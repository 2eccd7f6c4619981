from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.sales.day_one import make_terms
from guanxi.modules.sales.home import home
from guanxi.modules.sales.specs import DICTIONARIES, OPPORTUNITY, STAGE

MODULE = Module(
    name="sales",
    label=_("Sales"),
    needs=("customers", "catalog"),
    specs=(OPPORTUNITY, STAGE, *DICTIONARIES),
    day_one=make_terms,
    home=(home,),
)
