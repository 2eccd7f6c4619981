"""How a process of Guanxi is asked to end, by a person, a service manager or its parent's end."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

PARENT = "GUANXI_PARENT"
PR_SET_PDEATHSIG = 1
ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def stop_on_signals(stop: threading.Event, *, grace: float | None = None) -> None:
    """Sets `stop` at the first signal; `grace` seconds later the process ends, ready or not."""

    def on_signal(_number: int, _frame: object) -> None:
        if grace and not stop.is_set():
            timer = threading.Timer(grace, os._exit, args=(1,))
            timer.daemon = True
            timer.start()
        stop.set()

    for number in ENDINGS:
        signal.signal(number, on_signal)


def follow_parent() -> bool:
    """Asks this process to end when the supervisor that started it has. False when run alone."""
    parent = os.environ.pop(PARENT, "")
    if not parent:
        return False
    if sys.platform == "linux":
        end_with_parent(int(parent))
    else:
        # The supervisor holds the other end of this pipe and never writes.
        _watch(sys.stdin.buffer.read)
    return True


def end_with_parent(parent: int) -> None:
    """On Linux the kernel sends SIGTERM when `parent`, this process's parent, has ended."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(wait: Callable[[], object]) -> None:
    def watch() -> None:
        wait()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()
