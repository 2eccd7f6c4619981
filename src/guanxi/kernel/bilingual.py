"""A name that is data in two languages, such as a country's."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Bilingual:
    english: str
    chinese: str

    def __str__(self) -> str:
        return self.english if (get_language() or "").startswith("en") else self.chinese
