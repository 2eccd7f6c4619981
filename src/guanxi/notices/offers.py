"""What the notices put onto the start page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.notices.forgotten import is_offered
from guanxi.notices.inbox import lines
from guanxi.notices.models import Notice

SHOWN = 6
SIGN_IN = "/accounts/login/"


def before_sign_in(request: HttpRequest) -> dict[str, Any]:
    """Context processor: where the sign-in page leads those who forgot their password."""
    if request.path != SIGN_IN or not is_offered():
        return {}
    return {"forgotten_url": "/forgotten/"}


def home(actor: Actor) -> list[dict[str, Any]]:
    """The newest unread ones; no card when there are none."""
    unread = Notice.objects.filter(person_id=actor.person_id or 0, read_at__isnull=True)
    found, _gone = lines(actor, list(unread.order_by("-id")[:SHOWN]))
    if not found:
        return []
    items = [
        {
            "title": line.title,
            "note": line.text,
            "url": f"/notices/{line.id}/",
            "end": line.clock,
        }
        for line in found
    ]
    return [{"label": _("Notices"), "icon": "bell", "items": items, "url": "/notices/", "none": ""}]
