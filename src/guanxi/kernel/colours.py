"""The colours a term may have. The word beside it always says what is meant."""

from django.utils.translation import gettext_lazy as _

COLOURS = {
    "grey": _("Grey"),
    "blue": _("Blue"),
    "teal": _("Teal"),
    "green": _("Green"),
    "orange": _("Orange"),
    "red": _("Red"),
    "purple": _("Purple"),
}
