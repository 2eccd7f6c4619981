from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.pages.listing import listed_rows
from guanxi.pages.offers import recycle_entry

MODULE = Module(
    name="pages",
    label=_("Lists, records and forms"),
    lister=listed_rows,
    menu=(recycle_entry,),
)
