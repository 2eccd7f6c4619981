from django.utils.translation import gettext_lazy as _

from guanxi.custom.models import CustomField, CustomOption
from guanxi.custom.rules import (
    check_definition,
    check_option,
    disable_field,
    enable_field,
    give_code,
    start_field,
)
from guanxi.kernel.spec import AddTab, Capability, Count, Scope, Section, Spec, Tab

CUSTOM_FIELD = Spec(
    model=CustomField,
    scope=Scope.EVERYONE,
    path="custom-fields",
    icon="adjustments",
    menu="settings",
    columns="name object kind enabled required asked section",
    order="position id",
    search="name name_en",
    filters="object name kind enabled asked",
    form=(
        Section(_("Basics"), "object name name_en kind required"),
        Section(_("What it is used for"), "asked searched alike"),
        Section(_("Place in the form"), "section section_en", folded=True),
        Section(_("More"), "remark", folded=True),
    ),
    figures="object kind enabled",
    fixed="object kind",
    bulk_edit="section section_en",
    statistics=(Count(by="object"), Count(by="kind")),
    derived="options_made",
    checks=(check_definition,),
    defaults=start_field,
    actions=(enable_field, disable_field),
    off={Capability.IMPORT: "A field is a decision, not a list."},
)

CUSTOM_OPTION = Spec(
    model=CustomOption,
    scope=Scope.EVERYONE,
    path="custom-options",
    icon="list",
    columns="name field remark",
    order="position id",
    order_within="field",
    search="name",
    filters="name field",
    form=(Section("", "field name remark"), Section(_("More"), "name_en", folded=True)),
    fixed="field",
    locked="is_locked",
    prepares=(give_code,),
    checks=(check_option,),
    extends=(AddTab("custom.customfield", Tab("custom.customoption", via="field")),),
    off={Capability.IMPORT: "The options of one field are a handful."},
)
