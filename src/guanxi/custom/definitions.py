"""The custom fields in force, as the kernel asks for them; read once per state of the stamp."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.custom.kinds import make_kind
from guanxi.custom.models import CustomField, CustomOption
from guanxi.custom.specs import CUSTOM_FIELD, CUSTOM_OPTION
from guanxi.kernel import stamps
from guanxi.kernel.extra import Extra
from guanxi.kernel.sweep import every_row

ByPath = Mapping[str, Extra]
SECTION = _("More information")


@dataclass(frozen=True)
class Bilingual:
    """A name that is data in two languages; the English one may be missing."""

    chinese: str
    english: str

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.english) or self.chinese


def custom_fields(key: str) -> ByPath:
    """{path: field} of the object `key`, in order, as far as they are switched on."""
    return _load().get(key, {})


@stamps.remembered(4)
def _load() -> dict[str, dict[str, Extra]]:
    rows = list(every_row(CUSTOM_FIELD).live().filter(enabled=True).order_by("position", "id"))
    choices = [row.pk for row in rows if row.is_choice]
    options: dict[int, list[CustomOption]] = {}
    if choices:
        for option in every_row(CUSTOM_OPTION).filter(field__in=choices).order_by("position", "id"):
            options.setdefault(option.field_id, []).append(option)
    found: dict[str, dict[str, Extra]] = {}
    for row in rows:
        found.setdefault(row.object, {})[row.path] = _extra(row, options.get(row.pk, []))
    return found


def _extra(row: CustomField, options: Sequence[CustomOption]) -> Extra:
    kind = make_kind(
        row.kind,
        choices={one.code: Bilingual(one.name, one.name_en) for one in options},
        closed=[one.code for one in options if one.is_void],
    )
    return Extra(
        path=row.path,
        label=Bilingual(row.name, row.name_en),
        kind=kind,
        book=row.book,
        section=Bilingual(row.section, row.section_en) if row.section else SECTION,
        required=row.required,
        asked=row.asked,
        searched=row.searched,
        alike=row.alike,
    )
