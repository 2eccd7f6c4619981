"""Writes the locked requirement files anew from the `.in` files; needs `uv`."""

import shutil
import subprocess
import sys

from lint.files import ROOT

COMPILE = ("pip", "compile", "--universal", "--generate-hashes", "--python-version", "3.11")
# Neither an index address nor this machine's folders belong into a locked file.
PLAIN = ("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet")


def main(arguments: list[str]) -> int:
    uv = shutil.which("uv")
    if uv is None:
        sys.stderr.write("uv is missing: pip install uv (only `make requirements` needs it).\n")
        return 2
    for name in ("requirements", "requirements-dev"):
        command = [uv, *COMPILE, *PLAIN, *arguments, f"{name}.in", "-o", f"{name}.txt"]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0
