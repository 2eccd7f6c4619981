"""When something happened, as the timeline says it."""

from datetime import datetime

from django.utils import timezone


def moment(at: datetime) -> dict[str, str]:
    """{"when": short, without the year of today, "iso": exact}, in the reader's time zone."""
    local = timezone.localtime(at)
    this_year = local.year == timezone.localdate().year
    when = f"{local:%m-%d %H:%M}" if this_year else f"{local:%Y-%m-%d}"
    return {"when": when, "iso": f"{local:%Y-%m-%d %H:%M:%S}"}
