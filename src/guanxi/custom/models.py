"""Fields that administrators add to objects. Their values lie in `Record.extra` under `f<id>`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.custom.kinds import KIND_LABELS, ObjectKind
from guanxi.kernel import fields
from guanxi.kernel.record import Record


class CustomField(Record):
    """`enabled`: in force, on forms and lists. Switched off it keeps its values."""

    object = fields.Text(_("object"), max=80, kind=ObjectKind())
    name = fields.Text(_("name of the field"), max=50)
    name_en = fields.Text(_("English name"), max=80, optional=True)
    kind = fields.Choice(pgettext_lazy("custom field", "type"), choices=KIND_LABELS)
    enabled = fields.Boolean(_("switched on"))
    required = fields.Boolean(_("must be filled in"))
    asked = fields.Boolean(_("query condition"))
    searched = fields.Boolean(_("found by the search"), default=True)
    alike = fields.Boolean(_("same value: possible duplicate"))
    section = fields.Text(_("section"), max=50, optional=True)
    section_en = fields.Text(_("English name of the section"), max=80, optional=True)
    remark = fields.LongText(_("remark"), max=500)
    position = fields.Position()
    options_made = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "object", "name"), name="custom_field_name"),
        )

    @property
    def path(self) -> str:
        """The path of the field in its object, and the key of its values."""
        return f"f{self.pk}"

    @property
    def is_choice(self) -> bool:
        return self.kind == "choice"

    @property
    def is_on(self) -> bool:
        return self.enabled

    @property
    def is_off(self) -> bool:
        return not self.enabled


class CustomOption(Record):
    """One answer of a choice; an invalid one is no longer offered.

    The code is stored in the rows, is given once and never again.
    """

    field = fields.Link("custom.CustomField", _("custom field"), lookup="options")
    code = models.CharField(max_length=10, default="", editable=False)
    name = fields.Text(_("name of the option"), max=50)
    name_en = fields.Text(_("English name"), max=80, optional=True)
    remark = fields.LongText(_("remark"), max=500)
    position = fields.Position()

    class Meta(Record.Meta):
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "field", "name"), name="custom_option_name"),
        )

    @property
    def is_locked(self) -> bool:
        """While its field is switched on, an option can only be viewed."""
        return self.field.enabled
