"""Every address registers its right, or the start refuses."""

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

#: Packages whose views are guarded by themselves: sign-in pages, static files.
TRUSTED = ("allauth.", "django.contrib.staticfiles.", "django.views.static")


@checks.register("guanxi")
def check_rights(**_options: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"/{address} ({view.__module__}.{getattr(view, '__name__', '?')}) registers no right; "
            "wrap it in ui.web.page(right)",
            id="guanxi.E010",
        )
        for address, view in _views(get_resolver().url_patterns, "")
        if not hasattr(view, "right") and not view.__module__.startswith(TRUSTED)
    ]


def _views(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback
