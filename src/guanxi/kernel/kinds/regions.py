"""A region of China by its GB/T 2260 code."""

from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import regions
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, as_html, empty_operators


def _within_q(path: str, code: str) -> Q:
    # A span of codes instead of LIKE, so that a plain index serves everywhere.
    start = regions.prefix_of(code)
    return Q(**{f"{path}__gte": start.ljust(6, "0"), f"{path}__lte": start.ljust(6, "9")})


def _within(stored: Any, code: str) -> bool:
    return bool(stored) and stored.startswith(regions.prefix_of(code))


class RegionKind(Kind):
    """Province, city or district: stored as its code, read from its name or its code."""

    name = "region"
    widget = "region"
    quick = "within"
    operators = {
        "within": Operator(
            "within",
            _("lies within"),
            "value",
            _within_q,
            _within,
        ),
        "first_within": Operator(
            "first_within", _("first lies within"), "value", _within_q, _within, first=True
        ),
        **empty_operators(blank=True),
    }

    def parse(self, raw: Any) -> str | None:
        text = str(raw or "").strip()
        if not text or regions.region(text) is not None:
            return text or None
        code, rest = regions.read_region(text)
        if code and not rest:
            return code
        found = [] if code else regions.suggest(text, limit=2)
        if len(found) == 1:
            return found[0].code
        if len(found) > 1:
            raise Wrong(
                _("Several regions are called “%(text)s”; write the province or city before it.")
                % {"text": text[:50]}
            )
        raise Wrong(_("There is no region “%(text)s”.") % {"text": (rest or text)[:50]})

    def check(self, value: Any) -> None:
        if value and regions.region(value) is None:
            raise Wrong(_("There is no region “%(text)s”.") % {"text": str(value)[:50]})

    def show(self, value: Any) -> str:
        if not value:
            return ""
        found = regions.region(value)
        text = regions.full_name(value)
        if found is None or found.until is None:
            return text
        if not found.until:
            return _("%(region)s (no longer in use)") % {"region": text}
        return _("%(region)s (until %(year)s)") % {"region": text, "year": found.until}

    def edit_text(self, value: Any) -> str:
        return value or ""

    def cell(self, value: Any) -> SafeString:
        return as_html(self.show(value))

    def sample(self, number: int) -> str:
        return ("110108", "440305", "310115", "330782", "441900", "810202")[number % 6]

    def bad_samples(self) -> list[str]:
        return ["999999", "no such place"]
