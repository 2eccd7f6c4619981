"""A PostgreSQL server for the tests: the one that listens here, or one made for this run."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

HERE = "postgres://postgres@127.0.0.1:5432"
DEBIAN = "/usr/lib/postgresql"
# Nothing of a throw-away cluster has to survive a crash.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"


@contextmanager
def postgres_server() -> Iterator[str | None]:
    """Gives the address of a database that does not exist yet, or None without any server.

    GUANXI_TEST_POSTGRES (postgres://user:password@host:port) names another server.
    """
    server = os.environ.get("GUANXI_TEST_POSTGRES", HERE).rstrip("/")
    if _listens(server):
        yield _fresh_name(server)
        return
    programs = _programs()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guanxi-postgres-") as folder:
        port = _start(programs, Path(folder))
        try:
            yield _fresh_name(f"postgres://postgres@127.0.0.1:{port}")
        finally:
            stop = [programs / "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop"]
            _run(stop, Path(folder))


def no_server() -> str:
    return (
        "PostgreSQL left out: no server at 127.0.0.1:5432 for the user postgres and no initdb; "
        "apt install postgresql, or set GUANXI_TEST_POSTGRES=postgres://user:password@host:port"
    )


def _fresh_name(server: str) -> str:
    return f"{server}/guanxi_{os.getpid()}"


def _listens(server: str) -> bool:
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    versions = sorted(Path(DEBIAN).glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    complete = [path for path in folders + versions if (path / "pg_ctl").exists()]
    return complete[0] if complete else None


def _start(programs: Path, folder: Path) -> int:
    data, port = folder / "data", _free_port()
    if _is_root():
        shutil.chown(folder, user="nobody")
    _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], folder)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {QUICK}"
    start = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start"]
    _run(start, folder)
    return port


def _run(command: list[Path | str], folder: Path) -> None:
    # The server refuses to run as root, as which containers and CI machines often run tests.
    prefix = ["setpriv", "--reuid=nobody", "--clear-groups", "--"] if _is_root() else []
    full = [*prefix, *(str(part) for part in command)]
    subprocess.run(full, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
