"""Every text has its Chinese, with the same placeholders, and one Chinese only."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

from lint.files import ROOT, Finding, relative
from lint.msgids import Msgid, all_msgids

CATALOGS = "src/guanxi/**/locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

ADD = "add the Chinese to the django.po of the package, as a colleague would say it"
LITERAL = "give the call a literal text and fill in values afterwards (%(name)s)"
SAME = "keep the placeholders of the English text in the Chinese"
CONTEXT = "tell the meanings apart with pgettext: all catalogs are merged into one"

Key = tuple[str | None, str | None]


def check(root: Path = ROOT) -> Iterator[Finding]:
    catalog, faults = _read_catalogs(root)
    yield from faults
    for msgid in all_msgids(root):
        yield from _check_msgid(msgid, catalog)


def _check_msgid(msgid: Msgid, catalog: dict[Key, str]) -> Iterator[Finding]:
    if msgid.text is None:
        yield Finding(msgid.path, msgid.line, "translates a computed text", LITERAL)
    elif msgid.key not in catalog:
        context = f" in the context {msgid.context!r}" if msgid.context else ""
        text = f"no Chinese for {msgid.text!r}{context}"
        yield Finding(msgid.path, msgid.line, text, ADD)


def _read_catalogs(root: Path) -> tuple[dict[Key, str], list[Finding]]:
    spoken: dict[Key, dict[str, str]] = defaultdict(dict)
    faults = []
    for path in sorted(root.glob(CATALOGS)):
        place = relative(path, root)
        for entry in polib.pofile(str(path)):
            if not entry.translated():
                continue
            chinese = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
            english = entry.msgid_plural or entry.msgid
            if _placeholders(english) != _placeholders(chinese):
                text = f"other placeholders than {english!r}"
                faults.append(Finding(place, entry.linenum, text, SAME))
            spoken[entry.msgctxt, entry.msgid].setdefault(chinese, f"{place}:{entry.linenum}")
    for (_context, english), versions in spoken.items():
        if len(versions) > 1:
            said = ", ".join(f"{chinese!r} ({place})" for chinese, place in versions.items())
            first = next(iter(versions.values()))
            place, line = first.rsplit(":", 1)
            faults.append(Finding(place, int(line), f"{english!r} is both {said}", CONTEXT))
    return {key: next(iter(versions)) for key, versions in spoken.items()}, faults


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))
