"""Compares the vendored browser files with the packages on npm, or takes them from there."""

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from lint.files import relative
from lint.vendored import digest, read_manifest, vendor_folders, wanted_versions


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="guanxi vendor", description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace files that differ")
    write = parser.parse_args(arguments).write
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is missing; it comes with Node.js and only `make vendor` needs it.\n")
        return 2
    different = [line for folder in vendor_folders() for line in _compare(npm, folder, write)]
    for line in different:
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{len(different)} vendored files differ from the released packages\n")
    return 1 if different and not write else 0


def _compare(npm: str, folder: Path, write: bool) -> list[str]:
    manifest = read_manifest(folder)
    name, version = manifest["name"], wanted_versions()[manifest["name"]]
    with (
        tempfile.TemporaryDirectory() as scratch,
        _download(npm, name, version, scratch) as package,
    ):
        # A package that ships no licence text gets one from us, without a source.
        sources = {file: entry["source"] for file, entry in manifest["files"].items()}
        released = {file: _content(package, name) for file, name in sources.items() if name}
    changed = [
        file
        for file, content in released.items()
        if digest(content) != manifest["files"][file]["sha256"]
    ]
    if write:
        _write(folder, manifest | {"version": version}, released)
    return [f"{relative(folder / file)} is not that of {name} {version}" for file in changed]


def _download(npm: str, name: str, version: str, scratch: str) -> tarfile.TarFile:
    command = [npm, "pack", "--silent", "--pack-destination", scratch, f"{name}@{version}"]
    subprocess.run(command, check=True, cwd=scratch, stdout=subprocess.DEVNULL)
    return tarfile.open(next(Path(scratch).glob("*.tgz")))


def _content(package: tarfile.TarFile, source: str) -> bytes:
    stream = package.extractfile(f"package/{source}")
    if stream is None:
        raise FileNotFoundError(source)
    return stream.read()


def _write(folder: Path, manifest: dict[str, Any], released: dict[str, bytes]) -> None:
    for file, content in released.items():
        (folder / file).write_bytes(content)
        manifest["files"][file]["sha256"] = digest(content)
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "vendor.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
