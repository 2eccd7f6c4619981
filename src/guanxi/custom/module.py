from django.utils.translation import gettext_lazy as _

from guanxi.custom.definitions import custom_fields
from guanxi.custom.jobs import check_indexes, forget_definitions, note_definitions
from guanxi.custom.offers import options_act, options_row_act
from guanxi.custom.specs import CUSTOM_FIELD, CUSTOM_OPTION
from guanxi.kernel.registry import Module

MODULE = Module(
    name="custom",
    label=_("Custom fields"),
    specs=(CUSTOM_FIELD, CUSTOM_OPTION),
    record_acts=(options_act,),
    row_acts=(options_row_act,),
    custom_fields=custom_fields,
    writers=(note_definitions,),
    removers=(forget_definitions,),
    after_migrate=(check_indexes,),
)
