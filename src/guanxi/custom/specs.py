from django.utils.translation import gettext_lazy as _

from guanxi.custom.models import CustomField, CustomOption
from guanxi.custom.rules import check_definition, give_codes
from guanxi.kernel.spec import Capability, Count, Parts, Scope, Section, Spec

CUSTOM_FIELD = Spec(
    model=CustomField,
    scope=Scope.EVERYONE,
    path="custom-fields",
    icon="adjustments",
    menu="settings",
    columns="name object kind required asked section",
    order="position id",
    search="name name_en",
    filters="object name kind asked",
    form=(
        Section(_("Basics"), "object name name_en kind required"),
        Section(_("What it is used for"), "asked searched alike"),
        Section(_("Place in the form"), "section section_en", folded=True),
    ),
    parts=(
        Parts(
            "options",
            CustomOption,
            _("options (of a choice)"),
            "label label_en closed",
            unique="label",
        ),
    ),
    figures="object kind",
    fixed="object kind",
    bulk_edit="section section_en",
    statistics=(Count(by="object"), Count(by="kind")),
    checks=(give_codes, check_definition),
    off={Capability.IMPORT: "A field is a decision, not a list."},
)
