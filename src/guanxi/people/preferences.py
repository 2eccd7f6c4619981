"""What a person can choose for themselves: value -> label, in the order of the list."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_lazy as _

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def languages() -> Mapping[str, Any]:
    return dict(settings.LANGUAGES)


def themes() -> Mapping[str, Any]:
    return {"auto": _("as this device"), "light": _("light"), "dark": _("dark")}


def densities() -> Mapping[str, Any]:
    return {"comfortable": _("comfortable"), "compact": _("compact")}


@lru_cache(maxsize=1)
def time_zones() -> Mapping[str, Any]:
    """ "" is the time zone of the installation."""
    places = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    own = str(settings.LOCAL_TIME_ZONE)
    return {"": own, **{zone: zone for zone in places}}


PREFERENCES: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "language": languages,
    "theme": themes,
    "density": densities,
    "time_zone": time_zones,
}
