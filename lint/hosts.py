"""No committed file names a package registry or a folder of somebody's machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pip._internal.models.index import PyPI

from lint.files import ROOT, Finding, project_files, relative

# Put together here, so that this file passes its own check.
HOMES = re.compile("(?<![\\w.])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/[\w.-]+")
HOST = "name the package, never where it comes from; the installer's own settings know"
FOLDER = "count paths from the file's own place or from GUANXI_DATA_DIR"


def check(root: Path = ROOT, hosts: frozenset[str] | None = None) -> Iterator[Finding]:
    banned = registry_hosts() if hosts is None else hosts
    here = str(root) if len(root.parts) > 2 else None
    for path in project_files(root=root):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            yield from _check_line(line, (relative(path, root), number), banned, here)


def _check_line(
    line: str, place: tuple[str, int], banned: frozenset[str], here: str | None
) -> Iterator[Finding]:
    for host in sorted(banned):
        if host in line:
            yield Finding(*place, "names a package registry", HOST)
    if (here and here in line) or HOMES.search(line):
        yield Finding(*place, "names a folder of one machine", FOLDER)


def registry_hosts() -> frozenset[str]:
    """Hosts this machine's pip and npm would ask, and the ones pip knows by itself."""
    addresses = [_told("npm", "config", "get", "registry")]
    addresses += _told("pip", "config", "list").replace("'", " ").split()
    found = {urlsplit(address).hostname for address in addresses if "://" in address}
    return frozenset({PyPI.netloc, PyPI.file_storage_domain} | (found - {None, "", "localhost"}))


def _told(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        return ""
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False
    ).stdout.strip()
