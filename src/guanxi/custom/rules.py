"""What a definition may become: its values must stay readable."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.columns import column
from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.kinds import TextKind
from guanxi.kernel.rule import rule
from guanxi.kernel.spec import CustomLimits, Spec
from guanxi.kernel.sweep import rows_with_extra, unscoped

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

MAX_FIELDS, MAX_OPTIONS = 100, 200
#: Values that can single out a customer; half of all rows share a yes.
TELLING = frozenset({"text", "integer"})
LANGUAGES = ("zh-hans", "en")


def start_field(actor: Actor, record: Any) -> dict[str, Any]:
    """A choice needs its options first; other fields are in force at once, unless the object
    says otherwise."""
    spec = registry.find(record.object)
    switched = spec is not None and limits_of(spec).starts_off
    found = {"enabled": not (record.is_choice or switched)}
    # The screen of such an object asks for little; what is switched on can be queried by.
    return found | {"asked": True} if switched else found


def limits_of(spec: Spec) -> CustomLimits:
    return spec.custom or CustomLimits()


@rule(
    gettext_lazy("Switch on"),
    when="is_off",
    icon="player-play",
    done=gettext_lazy("Switched on: it stands on forms and lists now."),
    in_list=True,
)
def enable_field(actor: Actor, field: Any) -> None:
    """开启: on the form, as column and condition; a choice needs an option to choose."""
    options: Any = registry.spec("custom.customoption").model
    if field.is_choice and not options.rows(actor).live().filter(field=field).exists():
        raise Refused(_("Give it at least one option first."))
    with change(actor, field, event="custom.customfield.enabled"):
        field.enabled = True


@rule(
    gettext_lazy("Switch off"),
    when="is_on",
    icon="player-stop",
    done=gettext_lazy("Switched off: values are kept."),
    in_list=True,
)
def disable_field(actor: Actor, field: Any) -> None:
    """关闭: leaves forms and lists; the values stay."""
    with change(actor, field, event="custom.customfield.disabled"):
        field.enabled = False


def check_definition(actor: Actor, edit: "Edit") -> None:
    if edit.verb == "delete":
        _check_unused(edit)
        return
    _check_alike(edit)
    _check_limits(edit)
    if edit.is_new:
        _check_number(actor, edit)
    record: Any = edit.record
    if edit.before is None or edit.before.get("name") != record.name:
        _check_name(edit)


def _check_limits(edit: "Edit") -> None:
    record: Any = edit.record
    limits = limits_of(registry.spec(record.object))
    if limits.kinds and record.kind not in limits.kinds:
        raise Invalid({"kind": [_("This object does not take this type.")]})
    if edit.before is None or edit.before.get("name") != record.name:
        try:
            TextKind(max=limits.max_name).check(record.name)
        except Wrong as wrong:
            raise Invalid({"name": [wrong.message]}) from None


def give_code(actor: Actor, edit: "Edit") -> None:
    """A new option gets the next code of its field."""
    option: Any = edit.record
    if not option.code and option.field_id:
        spec = registry.spec("custom.customfield")
        made = unscoped(spec, actor).values_list("options_made", flat=True)
        number = made.get(pk=option.field_id) + 1
        put_derived(spec, {option.field_id: {"options_made": number}})
        option.code = f"o{number:03d}"


def check_option(actor: Actor, edit: "Edit") -> None:
    option: Any = edit.record
    if edit.verb == "delete":
        _check_option_unused(option)
    elif edit.is_new:
        if not option.field.is_choice:
            raise Invalid({"field": [_("Only a drop-down list has options.")]})
        if option.is_locked:
            raise Invalid({"field": [_("Switch the field off before you change its options.")]})
        if type(option).rows(actor).filter(field=option.field_id).count() >= MAX_OPTIONS:
            raise Invalid({"field": [_("At most 200 options.")]})


def _check_unused(edit: "Edit") -> None:
    record: Any = edit.record
    count = rows_with_extra(registry.spec(record.object), record.path)
    if count:
        text = ngettext(
            "%(count)s row holds a value of this field. Invalidate it instead: values are kept.",
            "%(count)s rows hold a value of this field. Invalidate it instead: values are kept.",
            count,
        )
        raise Wrong(text % {"count": f"{count:,}"})


def _check_alike(edit: "Edit") -> None:
    record: Any = edit.record
    if record.alike and record.kind not in TELLING:
        text = _("Only texts and whole numbers can tell possible duplicates.")
        raise Invalid({"alike": [text]})


def _check_option_unused(option: Any) -> None:
    field = option.field
    count = rows_with_extra(registry.spec(field.object), field.path, option.code)
    if count:
        text = ngettext(
            "%(count)s row holds “%(option)s”. Invalidate it instead.",
            "%(count)s rows hold “%(option)s”. Invalidate it instead.",
            count,
        )
        raise Wrong(text % {"count": f"{count:,}", "option": option.name})


def _check_number(actor: Actor, edit: "Edit") -> None:
    record: Any = edit.record
    if type(record).rows(actor).filter(object=record.object).count() >= MAX_FIELDS:
        raise Invalid({"object": [_("An object has at most 100 custom fields.")]})


def _check_name(edit: "Edit") -> None:
    """Two fields of one name could not be told apart in lists, files and queries."""
    record: Any = edit.record
    spec = registry.spec(record.object)
    for language in LANGUAGES:
        with override(language):
            taken = {str(column(spec, name).label).casefold() for name in spec.form_fields}
        if record.name.casefold() in taken:
            raise Invalid({"name": [_("This object has a field of this name already.")]})
