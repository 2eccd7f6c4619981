"""What a definition may become: its values must stay readable."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Wrong
from guanxi.kernel.sweep import rows_with_extra

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

MAX_FIELDS, MAX_OPTIONS = 100, 200
#: Values that can single out a customer; half of all rows share a yes.
TELLING = frozenset({"text", "integer"})
LANGUAGES = ("zh-hans", "en")


def give_codes(actor: Actor, edit: "Edit") -> None:
    """New options get the next code of their field; known ones keep theirs."""
    record: Any = edit.record
    before: Any = edit.parts_before.get("options", ())
    known = {row.pk: row.code for row in before}
    rows: Any = edit.parts.get("options", ())
    for option in rows:
        option.code = known.get(option.pk, option.code) if option.pk else option.code
        if not option.code:
            record.options_made += 1
            option.code = f"o{record.options_made:03d}"


def check_definition(actor: Actor, edit: "Edit") -> None:
    if edit.verb == "delete":
        _check_unused(edit)
        return
    _check_options(edit)
    _check_alike(edit)
    if edit.is_new:
        _check_number(actor, edit)
    record: Any = edit.record
    if edit.before is None or edit.before.get("name") != record.name:
        _check_name(edit)


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


def _check_options(edit: "Edit") -> None:
    record: Any = edit.record
    if "options" not in edit.parts and not edit.is_new:
        return
    rows: Any = edit.parts.get("options", [])
    if record.kind != "choice":
        if rows:
            raise Invalid({"options": [_("Only a choice has options.")]})
        return
    if not rows:
        raise Invalid({"options": [_("A choice needs at least one option.")]})
    if len(rows) > MAX_OPTIONS:
        raise Invalid({"options": [_("At most 200 options.")]})
    kept = {row.code for row in rows}
    for gone in edit.parts_before.get("options", ()):
        option: Any = gone
        if option.code not in kept:
            _check_option_unused(record, option)


def _check_alike(edit: "Edit") -> None:
    record: Any = edit.record
    if record.alike and record.kind not in TELLING:
        text = _("Only texts and whole numbers can tell possible duplicates.")
        raise Invalid({"alike": [text]})


def _check_option_unused(record: Any, option: Any) -> None:
    count = rows_with_extra(registry.spec(record.object), record.path, option.code)
    if count:
        text = ngettext(
            "%(count)s row holds “%(option)s”. Mark it as no longer offered instead.",
            "%(count)s rows hold “%(option)s”. Mark it as no longer offered instead.",
            count,
        )
        raise Invalid({"options": [text % {"count": f"{count:,}", "option": option.label}]})


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
