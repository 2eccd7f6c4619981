"""An installation of its own for the bench: database, staff, two who sign in, a running server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guanxi.cli.supervisor import SOURCE

PASSWORD = "bench-of-guanxi-1"
SALES = "bench-sales"
CHIEF = "bench-chief"


def environment(folder: Path, database: str) -> dict[str, str]:
    """What the processes of the bench are given; `database` is "" for SQLite in the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "GUANXI_DATA_DIR": str(folder),
        "GUANXI_HOST": "127.0.0.1",
        "GUANXI_PORT": str(port),
        "GUANXI_WEB_WORKERS": "1",
        "GUANXI_TIMING": "1",
        "GUANXI_DEMO": "0",
        "DATABASE_URL": database,
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "guanxi.cli", *words]


def process_environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path}


@contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`guanxi web` with one worker until the block ends."""
    process = subprocess.Popen(command("web"), env=process_environment())
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)
