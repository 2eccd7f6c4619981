from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.search.documents import (
    draft_documents,
    forget_documents,
    prepare_tables,
    write_documents,
)
from guanxi.search.recent import recent_card
from guanxi.search.starred import starred_card

MODULE = Module(
    name="search",
    label=_("Search"),
    writers=(write_documents,),
    drafters=(draft_documents,),
    removers=(forget_documents,),
    after_migrate=(prepare_tables,),
    home=(starred_card, recent_card),
)
