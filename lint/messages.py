"""`make messages`: adds every text without Chinese to the catalog of its package, for you to say
it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from lint.files import ROOT
from lint.msgids import Msgid, all_msgids
from lint.translations import CATALOGS

HEADER = {
    "Project-Id-Version": "guanxi",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def main(arguments: list[str]) -> int:
    """`arguments` names packages such as `kernel` or `modules/sales`; all of them when empty."""
    known = {entry.msgid_with_context for path in ROOT.glob(CATALOGS) for entry in _read(path)}
    for msgid in all_msgids():
        package = package_of(msgid.path)
        if msgid.text is None or (arguments and package not in arguments):
            continue
        entry = _entry(msgid)
        if entry.msgid_with_context not in known:
            known.add(entry.msgid_with_context)
            _append(package, entry)
            sys.stdout.write(f"{package}: {msgid.text}\n")
    empty = sum(not entry.translated() for path in ROOT.glob(CATALOGS) for entry in _read(path))
    sys.stdout.write(f"messages: {empty} wait for their Chinese\n")
    return 0


def package_of(path: str) -> str:
    """ "modules/sales" of "src/guanxi/modules/sales/rules.py"; the package whose catalog says
    it."""
    parts = path.removeprefix("src/guanxi/").split("/")
    return "/".join(parts[: 2 if parts[0] == "modules" else 1])


def _read(path: Path) -> Iterator[polib.POEntry]:
    yield from polib.pofile(str(path), wrapwidth=100)


def _entry(msgid: Msgid) -> polib.POEntry:
    entry = polib.POEntry(msgid=msgid.text, msgctxt=msgid.context)
    if msgid.plural:
        entry.msgid_plural, entry.msgstr_plural = msgid.plural, {0: ""}
    if "%(" in str(msgid.text):
        entry.flags.append("python-format")
    return entry


def _append(package: str, entry: polib.POEntry) -> None:
    path = ROOT / "src/guanxi" / package / "locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = polib.pofile(str(path) if path.exists() else "", wrapwidth=100)
    catalog.metadata = catalog.metadata or HEADER
    catalog.append(entry)
    catalog.save(str(path))
