"""Attachments and pictures: a link to a stored file, shown by its name."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, as_html, empty_operators, fill
from guanxi.kernel.text import whole_number

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """A stored file as a reader sees it; `url` leads through the record it belongs to."""

    id: int
    name: str
    url: str


class FileKind(Kind):
    name = "file"
    widget = "file"
    sortable = False
    picture = False
    operators: dict[str, Operator] = empty_operators(blank=False)

    def __init__(self, *, megabytes: int = 20) -> None:
        self.max_bytes = megabytes * MEGABYTE

    def parse(self, raw: Any) -> int | None:
        if isinstance(raw, Wrong):
            # An upload that could not be kept arrives as the reason why.
            raise raw
        if raw in (None, ""):
            return None
        number = whole_number(str(raw))
        if number is None:
            raise Wrong(_("Choose the file again, please."), code="not_found")
        return number

    def show(self, value: Any) -> str:
        return value.name if isinstance(value, Shown) else self.edit_text(value)

    def cell(self, value: Any) -> SafeString:
        if not isinstance(value, Shown):
            return as_html(self.edit_text(value))
        return fill('<a href="{}">{}</a>', value.url, value.name)

    def sample(self, number: int) -> Any:
        raise NotImplementedError("Files are sampled by testing.samples, which stores one.")

    def bad_samples(self) -> list[str]:
        return ["no-file", "999999999999"]


class ImageKind(FileKind):
    name = "image"
    widget = "image"
    picture = True

    def __init__(self, *, megabytes: int = 5) -> None:
        super().__init__(megabytes=megabytes)

    def cell(self, value: Any) -> SafeString:
        if not isinstance(value, Shown):
            return super().cell(value)
        return fill(
            '<a href="{0}"><img class="gx-picture" src="{0}" alt="{1}" loading="lazy"></a>',
            value.url,
            value.name,
        )
