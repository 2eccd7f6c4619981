from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.catalog.day_one import day_one
from guanxi.modules.catalog.specs import DICTIONARIES, PRODUCT

MODULE = Module(
    name="catalog",
    label=_("Products"),
    specs=(PRODUCT, *DICTIONARIES),
    day_one=day_one,
)
