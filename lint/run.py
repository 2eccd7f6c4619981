"""Everything `make lint` looks at: ruff, layers, types, and the project's own checks."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from lint import (
    doors,
    hosts,
    inheritance,
    inner_imports,
    migrations,
    modules,
    sizes,
    templates,
    translations,
    vendored,
)
from lint.files import ROOT, Finding

CHECKS: dict[str, Callable[[], Iterable[Finding]]] = {
    "sizes": sizes.check,
    "inheritance": inheritance.check,
    "modules": modules.check,
    "doors": doors.check,
    "inner imports": inner_imports.check,
    "hosts and paths": hosts.check,
    "templates": templates.check,
    "vendored files": vendored.check,
    "translations": translations.check,
    "migrations": migrations.check,
}
PROGRAMS: dict[str, tuple[str, ...]] = {
    "ruff": ("-m", "ruff", "check", "--quiet", "--output-format=concise", "."),
    "format": ("-m", "ruff", "format", "--check", "--output-format=concise", "."),
    "layers": ("-m", "lint.layers"),
    "types": ("-m", "mypy", "--no-error-summary", "-p", "guanxi.kernel", "-p", "guanxi.conf"),
}


def main(arguments: list[str]) -> int:
    """`arguments` names the checks to run, all of them when empty."""
    known = [*PROGRAMS, *CHECKS]
    wanted = arguments or known
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        _say(f"no such check: {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    failed = [name for name in known if name in wanted and not _passes(name)]
    _say(f"lint: {len(wanted) - len(failed)} passed, {len(failed)} failed {', '.join(failed)}")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    started = time.monotonic()
    passes = _run_program(PROGRAMS[name]) if name in PROGRAMS else _run_check(CHECKS[name])
    _say(f"{'ok  ' if passes else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)")
    return passes


def _run_program(arguments: tuple[str, ...]) -> bool:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    command = [sys.executable, *arguments]
    env = os.environ | {"PYTHONPATH": paths}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


def _run_check(check: Callable[[], Iterable[Finding]]) -> bool:
    findings = sorted(set(check()), key=lambda finding: (finding.instead, finding))
    for instead, group in groupby(findings, key=lambda finding: finding.instead):
        for finding in group:
            _say(f"  {finding}")
        _say(f"    do this instead: {instead}")
    return not findings


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main(sys.argv[1:]))
