"""What the search box does besides finding: acts of the open record, new records, places to go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.text import fold, syllables
from guanxi.pages.frame import menu
from guanxi.pages.offers import may_create
from guanxi.pages.records import record_acts

SHOWN = 5
#: Typed before the name of a place, in either language; "" as the place may be named alone.
GOING = ("去", "到", "打开", "进入", "前往", "goto", "open", "go", "")
NEW = ("新建", "追加", "新增", "添加", "create", "add")


@dataclass(frozen=True)
class Command:
    """Something to run. `names`: what it is called in every language, and other words for it."""

    label: str
    url: str
    icon: str
    names: tuple[str, ...]
    dialog: bool = False
    shortcut: str = ""

    def shown(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "url": self.url,
            "icon": self.icon,
            "dialog": self.dialog,
            "shortcut": self.shortcut,
        }


def acts_here(actor: Actor, address: str, text: str = "") -> list[dict[str, Any]]:
    """What can be done to the record whose page is open at `address`, as far as it fits."""
    return [one.shown() for one in _acts(actor, address) if not text or _fits(one, text)][:SHOWN]


def commands(actor: Actor, text: str, *, most: int = SHOWN) -> list[dict[str, Any]]:
    """New records and places of the menu whose name holds what was typed: Chinese, pinyin,
    initials or English. Those that begin with it come first."""
    found = [(rank, one) for one in _known(actor) if (rank := _rank(one, text)) is not None]
    found.sort(key=lambda pair: pair[0])
    return [one.shown() for _rank_of, one in found[:most]]


def _acts(actor: Actor, address: str) -> Iterator[Command]:
    path, _sep, rest = address.strip("/").partition("/")
    number = rest.partition("/")[0].partition("?")[0]
    spec = registry.by_path(path)
    if spec is None or not number.isascii() or not number.isdecimal():
        return
    try:
        record = get_record(actor, spec, number)
    except Missing:
        return
    acts = _in_each_language(lambda: record_acts(actor, spec, record))
    now = acts[translation.get_language() or settings.LANGUAGE_CODE]
    for place in ("main", "more"):
        for at, act in enumerate(now[place]):
            if act.get("post"):
                continue
            names = tuple(str(one[place][at]["label"]) for one in acts.values())
            key = act.get("key", "").upper()
            yield Command(
                str(act["label"]), act["url"], act["icon"], names, act.get("dialog", False), key
            )


def _known(actor: Actor) -> list[Command]:
    found = _in_each_language(lambda: [*_new(actor), *_places(actor)])
    now = found[translation.get_language() or settings.LANGUAGE_CODE]
    return [
        replace(one, names=tuple(name for same in found.values() for name in same[at].names))
        for at, one in enumerate(now)
    ]


def _in_each_language(make: Any) -> Mapping[str, Any]:
    """{language: make()}; what is offered is the same, only its words differ."""
    found = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found[language] = make()
    return found


def _new(actor: Actor) -> Iterator[Command]:
    for module in registry.modules():
        for offer in module.quick:
            act = offer(actor)
            if act:
                name = str(act["label"])
                yield Command(name, act["url"], act["icon"], (name,), act.get("dialog", False))
    for spec in registry.specs():
        if spec.menu and not spec.small and may_create(actor, spec):
            label = _("New %(name)s") % {"name": spec.name}
            also = _("Create %(name)s") % {"name": spec.name}
            more = tuple(f"{word}{spec.name}" for word in NEW)
            yield Command(label, f"/{spec.path}/new/", "plus", (label, also, *more))


def _places(actor: Actor) -> Iterator[Command]:
    before = ""
    for group in menu(actor, ""):
        for item in group["items"]:
            label = str(item["label"])
            # A board stands in the menu below its object and is called by it.
            name = f"{before} {label}" if item["url"].endswith("/board/") else label
            before = label
            key = f"G {item['key'].upper()}" if item["key"] else ""
            yield Command(name, item["url"], item["icon"], (name, label), shortcut=key)
    own = ((_("Starred"), "/starred/", "star"), (_("My profile"), "/profile/", "user"))
    for name, url, icon in own:
        yield Command(name, url, icon, (name,))


def _fits(command: Command, text: str) -> bool:
    return _rank(command, text) is not None


def _rank(command: Command, text: str) -> int | None:
    """0 for a name that begins with the text, 1 for one that holds it; None for no match."""
    typed = _packed(text)
    wanted = dict.fromkeys(typed.removeprefix(going) for going in GOING if typed.startswith(going))
    ranks = [
        rank
        for name in command.names
        for one in wanted
        if (rank := _rank_of(name, one)) is not None
    ]
    return min(ranks, default=None)


def _rank_of(name: str, wanted: str) -> int | None:
    is_latin = wanted.isascii()
    if not wanted or (is_latin and len(wanted) < 2):
        return None
    packed = _packed(name)
    if packed.startswith(wanted):
        return 0
    if wanted in packed and not (is_latin and len(wanted) < 3):
        return 1
    if not is_latin or not wanted.isalnum() or name.isascii():
        return None
    parts = syllables(name)
    for at in range(len(parts)):
        whole, first = "".join(parts[at:]), "".join(one[0] for one in parts[at:])
        if whole.startswith(wanted) or first.startswith(wanted):
            return 0 if at == 0 else 1
    return None


def _packed(text: str) -> str:
    return "".join(fold(text).split())
