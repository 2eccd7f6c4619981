"""Keeps the parts of Guanxi running on one machine. Only the standard library: it stays small."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guanxi.cli.ending import PARENT
from guanxi.cli.terminal import WRONG_USE, complain

SOURCE = str(Path(__file__).resolve().parents[2])
LOOK_EVERY = 0.1
SECONDS_TO_STOP = 8
STEADY_AFTER = 60
LONGEST_PAUSE = 30


@dataclass
class Part:
    """A child process. `replaces` tells a new one the process number of the one that died."""

    name: str
    arguments: Sequence[str]
    replaces: bool = False
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    died: int = 0
    began: float = 0
    due: float = 0

    def start(self) -> None:
        arguments = list(self.arguments)
        if self.replaces and self.died:
            arguments += ["--replaces", str(self.died)]
        self.began = time.monotonic()
        self.process = start(arguments)

    def tend(self) -> int | None:
        """Starts what is due; returns the exit code of a child that has just died."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is not None:
            self._note_end(self.process.pid)
        return code

    def _note_end(self, pid: int) -> None:
        now = time.monotonic()
        if now - self.began > STEADY_AFTER:
            self.failures = 0
        self.due = now + min(0.5 * 2 ** min(self.failures, 10), LONGEST_PAUSE)
        self.died, self.process = pid, None
        self.failures += 1


def start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Starts `guanxi` with `arguments` as a child that ends with this process."""
    path = os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "guanxi.cli", *arguments],
        env=os.environ | {PARENT: str(os.getpid()), "PYTHONPATH": path},
        stdin=subprocess.DEVNULL if sys.platform == "linux" else subprocess.PIPE,
    )


def run_to_end(arguments: Sequence[str], stop: threading.Event) -> int:
    """Runs one command; a set `stop` ends it. Returns its exit code."""
    process = start(arguments)
    while process.poll() is None:
        if stop.wait(LOOK_EVERY):
            end([process])
    return process.returncode


def supervise(parts: Sequence[Part], stop: threading.Event, *, on_look: Callable[[], None]) -> int:
    """Keeps `parts` alive until `stop` is set, then ends them. Calls `on_look()` at every look.

    Returns 0, or 2 when a part refused its settings at its first start.
    """
    try:
        while not stop.is_set():
            for part in parts:
                code = part.tend()
                if code == WRONG_USE and part.failures == 1:
                    return WRONG_USE
                if code is not None:
                    pause = part.due - time.monotonic()
                    complain(f"{part.name} ended ({code}), starting it again in {pause:.1f} s")
            on_look()
            stop.wait(LOOK_EVERY)
    finally:
        end([part.process for part in parts if part.process])
    return 0


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks all to end, waits SECONDS_TO_STOP in all, and kills who is left."""
    for process in processes:
        if process.stdin:
            process.stdin.close()
        else:
            process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
