from django.utils.translation import gettext_lazy as _

from guanxi.exchange.offers import export_act, import_act, import_menu
from guanxi.exchange.urls import PAGES
from guanxi.kernel.registry import Module

MODULE = Module(
    name="exchange",
    label=_("Import and export"),
    pages=PAGES,
    list_acts=(import_act, export_act),
    menu=(import_menu,),
)
