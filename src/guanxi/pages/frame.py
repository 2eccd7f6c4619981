"""What stands around every page: the menu a person may use, who they are, languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.company import company
from guanxi.kernel.spec import Spec
from guanxi.pages.offers import may_create

#: menu word of a Spec -> label of the group; the order of the menu
GROUPS = {
    "customers": _("Customers"),
    "communications": _("Communication"),
    "sales": _("Sales"),
    "catalog": _("Products"),
    "organisation": _("Organisation"),
    "settings": _("Master data"),
}
#: What the operation manual calls screens that elsewhere go by a shorter name.
WORDS = {
    "customers.customer": pgettext_lazy("in the menu", "Customers"),
    "catalog.product": pgettext_lazy("in the menu", "Products"),
}
KEYS = {
    "customers.customer": "c",
    "sales.opportunity": "o",
    "catalog.product": "p",
    "people.person": "s",
}
ON_PHONE = ("customers.customer", "sales.opportunity")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; empty for people who have not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    actor = request.actor  # type: ignore[attr-defined]
    language, groups = get_language(), menu(actor, request.path)
    return {
        "frame": {
            "menu": groups,
            "keys": [item for group in groups for item in group["items"] if item["key"]],
            "company": company(actor.book),
            "person_name": actor.name,
            "person_note": "",
            "viewing": _viewing(request, actor),
            "theme": user.theme,
            "density": user.density,
            "waiting": user.unread,
            "waiting_url": "/notices/",
            "languages": [
                {"code": code, "label": label, "active": code == language}
                for code, label in settings.LANGUAGES
            ],
            "language_url": "/profile/language/",
            "targets": _targets(actor, request.path),
            "create": _create(actor),
        }
    }


def _create(actor: Actor) -> list[dict[str, Any]]:
    """What can be begun from everywhere: acts of modules first."""
    quick = [
        entry for module in registry.modules() for offer in module.quick if (entry := offer(actor))
    ]
    return quick + [
        {"label": spec.name, "url": f"/{spec.path}/new/", "icon": spec.icon}
        for spec in _shown(actor)
        if spec.key in ON_PHONE and may_create(actor, spec)
    ]


def _viewing(request: HttpRequest, actor: Actor) -> dict[str, Any] | None:
    """The banner while somebody looks as this person."""
    look = getattr(request, "viewing", None)
    if not actor.only_looks or look is None:
        return None
    until = timezone.localtime(look.viewing.until).strftime("%H:%M")
    return {"name": actor.name, "until": until, "end_url": "/viewing/end/"}


def _shown(actor: Actor) -> list[Spec]:
    return [spec for spec in registry.shown() if spec.menu and actor.may(spec.key, "view")]


def menu(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Groups of the tree menu; a group without a page this person may open is not there."""
    shown = _shown(actor)
    offers = [offer(actor) for module in registry.modules() for offer in module.menu]
    offered = [act for act in offers if act]
    found = [{"label": "", "items": [_item(_("Home"), "/", "home", path == "/", key="h")]}]
    for word, label in GROUPS.items():
        items = []
        for spec in shown:
            if spec.menu != word or (_is_setting(spec) and not actor.may(spec.key, "edit")):
                continue
            here = path.startswith(f"/{spec.path}/")
            board = here and path.startswith(f"/{spec.path}/board/")
            items.append(
                _item(
                    spec.plural if spec.only else WORDS.get(spec.key, spec.plural),
                    f"/{spec.path}/",
                    spec.icon,
                    here and not board,
                    key=KEYS.get(spec.key, ""),
                )
            )
            if spec.board:
                items.append(
                    _item(_("Board"), f"/{spec.path}/board/", "layout-kanban", board, key="b")
                )
        items += [
            _item(act["label"], act["url"], act["icon"], path.startswith(act["url"]))
            for act in offered
            if act["group"] == word
        ]
        if items:
            found.append({"label": label, "items": items})
    return found


def _is_setting(spec: Spec) -> bool:
    """Master data and the like stand in the menu of those who look after them."""
    return spec.small or spec.menu == "settings" or bool(spec.only)


def _item(label: Any, url: str, icon: str, active: bool, *, key: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "active": active, "key": key}


def _targets(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The bottom bar of a phone: home and the two objects worked with most."""
    found = [_item(_("Home"), "/", "home", path == "/")]
    for key in ON_PHONE:
        spec = registry.find(key)
        if spec and actor.may(key, "view"):
            here = path.startswith(f"/{spec.path}/") and not path.startswith(f"/{spec.path}/board/")
            found.append(_item(spec.plural, f"/{spec.path}/", spec.icon, here))
    board = registry.find("sales.opportunity")
    if board and actor.may(board.key, "view"):
        url = f"/{board.path}/board/"
        found.append(_item(_("Board"), url, "layout-kanban", path.startswith(url)))
    return found
