from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.customers.day_one import make_terms
from guanxi.modules.customers.home import home
from guanxi.modules.customers.pasting import propose
from guanxi.modules.customers.specs import CUSTOMER, DICTIONARIES

MODULE = Module(
    name="customers",
    label=_("Customers"),
    specs=(CUSTOMER, *DICTIONARIES),
    day_one=make_terms,
    home=(home,),
    pasted={"customers.customer": propose},
)
