"""Stars: set and taken off on lists and records, ordered on a page of their own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.search.starred import move_star, pin_star, set_star, starred_rows
from guanxi.ui import htmx
from guanxi.ui.icons import icon
from guanxi.ui.markup import esc
from guanxi.ui.web import BY_OBJECT, SIGNED_IN, page


@page(BY_OBJECT)
def star_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """Takes `on` = 1 or 0; the page's script shows the new state itself."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    if request.method != "POST":
        raise Missing
    set_star(actor, spec, record.pk, on=request.POST.get("on") == "1")
    if htmx.is_htmx(request):
        return HttpResponse(status=204)
    back = htmx.own_address(request.POST.get("return", ""))
    return htmx.go(request, back or address(spec, record.pk))


@page(SIGNED_IN)
def starred_page(request: HttpRequest) -> HttpResponse:
    """All stars, the pinned ones on top in the order the person gives them."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        act, _sep, number = request.POST.get("act", "").partition(":")
        star_id = whole_number(number) or 0
        if act in ("pin", "unpin"):
            pin_star(actor, star_id, on=act == "pin")
        elif act in ("up", "down"):
            move_star(actor, star_id, up=act == "up")
        return htmx.go(request, "/starred/")
    found = starred_rows(actor)
    empty = {
        "icon": "star",
        "title": _("Nothing starred yet"),
        "text": _("Tap the star beside a record and it stands here."),
    }
    context = {
        "title": _("Starred"),
        "pinned": [
            (one, star_button(one.spec, one.row.id, on=True)) for one in found if one.pinned
        ],
        "others": [
            (one, star_button(one.spec, one.row.id, on=True)) for one in found if not one.pinned
        ],
        "empty": empty,
    }
    return render(request, "pages/starred.html", context)


def star_button(spec: Spec, record_id: int, *, on: bool, key: str = "") -> SafeString:
    """A button of the page's form `star`; works without a script, too. `key`: pressed by it."""
    return star_buttons(spec, key=key)(record_id, on)


def star_buttons(spec: Spec, *, key: str = "") -> Callable[[int, bool], SafeString]:
    """The button of a record by its id and whether it is starred: lists have fifty of them."""
    off, starred = _shape(spec, on=False, key=key), _shape(spec, on=True, key=key)

    def button(record_id: int, on: bool) -> SafeString:
        return SafeString((starred if on else off).replace("@id", str(record_id), 1))

    return button


def _shape(spec: Spec, *, on: bool, key: str) -> str:
    """The button with `@id` left open."""
    label = esc(_("Take the star off") if on else _("Star this"))
    mark = f' data-key="{key}"' if key else ""
    return (
        f'<button class="star" type="submit" form="star" name="on" value="{0 if on else 1}" '
        f'formaction="/{spec.path}/@id/star/" data-star{mark} aria-pressed="{str(on).lower()}" '
        f'aria-label="{esc(_("Star"))}" title="{label}">{icon("star")}</button>'
    )
