from django.utils.translation import gettext_lazy as _

from guanxi.custom.definitions import custom_fields
from guanxi.custom.jobs import check_indexes, forget_definitions, note_definitions
from guanxi.custom.specs import CUSTOM_FIELD
from guanxi.kernel.registry import Module

MODULE = Module(
    name="custom",
    label=_("Custom fields"),
    specs=(CUSTOM_FIELD,),
    custom_fields=custom_fields,
    writers=(note_definitions,),
    removers=(forget_definitions,),
    after_migrate=(check_indexes,),
)
