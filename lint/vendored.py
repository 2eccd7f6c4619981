"""Vendored browser files are exactly the released ones: their digests stand in `vendor.json`."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lint.files import ROOT, VENDORED, Finding, relative

REFRESH = "never edit a vendored file; take the released one with `make vendor ARGS=--write`"


def check(root: Path = ROOT) -> Iterator[Finding]:
    versions = wanted_versions(root)
    for folder in vendor_folders(root):
        manifest = read_manifest(folder)
        if manifest["version"] != versions.get(manifest["name"]):
            yield Finding(relative(folder, root), 0, "not the version of package.json", REFRESH)
        yield from _check_files(folder, manifest, root)


def _check_files(folder: Path, manifest: dict[str, Any], root: Path) -> Iterator[Finding]:
    present = {path.name for path in folder.iterdir()} - {"vendor.json"}
    listed = manifest["files"]
    for name in sorted(present - listed.keys()):
        yield Finding(relative(folder / name, root), 0, "not listed in vendor.json", REFRESH)
    for name in sorted(listed.keys() - present):
        yield Finding(relative(folder / name, root), 0, "listed but missing", REFRESH)
    for name in sorted(present & listed.keys()):
        if digest((folder / name).read_bytes()) != listed[name]["sha256"]:
            yield Finding(relative(folder / name, root), 0, "digest differs", REFRESH)


def wanted_versions(root: Path = ROOT) -> dict[str, str]:
    text = (root / "frontend" / "package.json").read_text(encoding="utf-8")
    return json.loads(text)["dependencies"]


def vendor_folders(root: Path = ROOT) -> list[Path]:
    return sorted(path.parent for base in VENDORED for path in (root / base).rglob("vendor.json"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """`{"name", "version", "licence", "files": {name: {"source", "sha256"}}}`."""
    return json.loads((folder / "vendor.json").read_text(encoding="utf-8"))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
