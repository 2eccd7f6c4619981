"""Birthdays, by the common or the lunar calendar."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from guanxi.kernel import birthdays
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, as_html, empty_operators, fill

#: Up to so many days before, a birthday is announced beside itself.
SOON = 30
#: Offered in the query of a list: days from today on.
SPANS = {
    "0": gettext_lazy("today"),
    "7": gettext_lazy("within 7 days"),
    "30": gettext_lazy("within 30 days"),
    "90": gettext_lazy("within 90 days"),
}


def _coming_q(path: str, days: int) -> Q:
    return Q(**{f"{path}_mark__in": birthdays.marks_of(timezone.localdate(), days)})


def _coming(stored: Any, days: int) -> bool:
    return bool(stored) and birthdays.mark(stored) in birthdays.marks_of(timezone.localdate(), days)


class BirthdayKind(Kind):
    name = "birthday"
    sortable = False
    quick = "coming"
    hint = gettext_lazy("Such as 1985-03-12, 03-12 or 农历八月十五")
    operators = {
        "coming": Operator(
            "coming", gettext_lazy("is celebrated within … days"), "days", _coming_q, _coming
        ),
        **empty_operators(blank=True),
    }

    def parse(self, raw: Any) -> str | None:
        if isinstance(raw, (date, datetime)):
            raw = f"{raw:%Y-%m-%d}"
        text = str(raw or "").strip()
        return str(birthdays.read_birthday(text)) if text else None

    def check(self, value: Any) -> None:
        if value:
            birthdays.read_birthday(value)

    def show(self, value: Any) -> str:
        return birthdays.show_birthday(birthdays.read_birthday(value)) if value else ""

    def edit_text(self, value: Any) -> str:
        """What was typed stays as it is where it can't be read."""
        try:
            return self.show(value)
        except Wrong:
            return str(value)

    def cell(self, value: Any) -> SafeString:
        if not value:
            return SafeString("")
        today = timezone.localdate()
        day = birthdays.next_birthday(birthdays.read_birthday(value), today)
        left = (day - today).days
        if left > SOON:
            return as_html(self.show(value))
        soon = birthdays.say_ahead(left)
        return fill('{} <span class="gx-soon" title="{}">{}</span>', self.show(value), day, soon)

    def mask(self, value: Any) -> str:
        return "****" if value else ""

    def sample(self, number: int) -> str:
        if number % 3 == 2:
            return f"L{1960 + number % 40}-{number % 12 + 1:02d}-{number % 29 + 1:02d}"
        return f"{1960 + number % 40}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"

    def bad_samples(self) -> list[str]:
        return ["1985-02-30", "农历1985年闰六月初三", "in spring"]
