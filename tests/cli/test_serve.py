"""`guanxi serve` as a real process: starts, heals, stops, and leaves nobody behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from guanxi.cli import supervisor

HERE = Path(__file__).parent
PROC = Path("/proc")

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="looks at processes through /proc")


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path, port):
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GUANXI_")}
    kept.pop("DATABASE_URL", None)
    return kept | {
        "GUANXI_PORT": str(port),
        "GUANXI_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "small_settings",
        "PYTHONPATH": os.pathsep.join([supervisor.SOURCE, str(HERE)]),
    }


@pytest.fixture
def serve(environment, port, tmp_path):
    log = (tmp_path / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "guanxi.cli", "serve"], env=environment, stdout=log, stderr=log
    )
    process.log = Path(log.name)
    try:
        wait_until(lambda: answer(port))
        yield process
    finally:
        family = descendants(process.pid)
        process.kill()
        process.wait()
        for pid in family:
            wait_until(lambda pid=pid: not is_alive(pid))


def run(environment, *words, **changes):
    return subprocess.run(
        [sys.executable, "-m", "guanxi.cli", *words],
        env=environment | changes,
        capture_output=True,
        text=True,
        timeout=60,
    )


def answer(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return int(response.read())
    except (OSError, urllib.error.URLError):
        return None


def wait_until(check, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        threading.Event().wait(0.05)
    return found


def stat(pid):
    """State letter and parent of a process, or None."""
    try:
        words = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return words[0], int(words[1])


def is_alive(pid):
    return (stat(pid) or "Z")[0] != "Z"


def arguments(pid):
    try:
        return (PROC / str(pid) / "cmdline").read_text().split("\0")
    except OSError:
        return []


def descendants(pid, deep=True):
    parents = {
        int(entry.name): stat(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()
    }
    found = [child for child, known in parents.items() if known and known[1] == pid]
    if not deep:
        return found
    return found + [grandchild for child in found for grandchild in descendants(child)]


def child(process, *words):
    def find():
        for pid in descendants(process.pid, deep=False):
            if arguments(pid)[3 : 3 + len(words)] == list(words):
                return pid
        return None

    return wait_until(find)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_within_seconds_and_leaves_nobody(serve, port, number):
    family = descendants(serve.pid)
    assert len(family) == 5
    wait_until(lambda: f"http://127.0.0.1:{port}" in serve.log.read_text())
    serve.send_signal(number)
    assert serve.wait(timeout=5) == 0
    assert not any(map(is_alive, family))
    assert "Traceback" not in serve.log.read_text()


def test_children_end_with_a_killed_supervisor(serve, port):
    family = descendants(serve.pid)
    serve.kill()
    serve.wait()
    wait_until(lambda: not any(map(is_alive, family)), seconds=10)
    assert answer(port) is None


def test_killed_web_process_comes_back(serve, port):
    first = answer(port)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: (answer(port) or first) != first)


def test_killed_web_server_comes_back_on_the_same_port(serve, port):
    first, server = answer(port), child(serve, "web")
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: (answer(port) or first) != first)
    assert not is_alive(first)
    assert "web ended (-9)" in serve.log.read_text()


def test_new_worker_is_told_whom_it_replaces(serve):
    first = child(serve, "worker", "--lane", "bulk")
    os.kill(first, signal.SIGKILL)
    child(serve, "worker", "--lane", "bulk", "--replaces", str(first))


def test_killed_worker_goes_on_without_waiting_for_its_lease(serve, environment, tmp_path):
    enqueue = (
        "from guanxi.jobs.queue import enqueue;enqueue('small.count', {'upto': 60}, person_id=None)"
    )
    assert run(environment, "shell", "--command", enqueue).returncode == 0
    file = tmp_path / "data" / "guanxi.sqlite3"
    wait_until(lambda: job_row(file)["done"] > 10)
    os.kill(child(serve, "worker", "--lane", "bulk"), signal.SIGKILL)
    row = wait_until(lambda: job_row(file)["state"] == "done" and job_row(file))
    assert json.loads(row["result"])["began_at"] > 10


def job_row(file):
    with closing(sqlite3.connect(file, timeout=20)) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM jobs_job").fetchone()


def test_held_port_is_named_before_anything_is_done(environment, tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        ended = run(environment, "serve", GUANXI_PORT=str(port))
    assert ended.returncode == 2
    assert f"port {port} on 127.0.0.1 is held" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not list((tmp_path / "data").glob("*.sqlite3"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GUANXI_PORT", "eighty"),
        ("GUANXI_HOST", "no such host"),
        ("GUANXI_WEB_WORKERS", "0"),
        ("GUANXI_SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://crm"),
        ("DATABASE_URL", "sqlite:////no/such/folder/crm.sqlite3"),
        ("DATABASE_URL", "sqlite:///README.md"),
        ("DATABASE_URL", "postgres://nobody:secret@127.0.0.1:1/crm"),
        ("DATABASE_URL", "postgres://nobody:secret@127.0.0.1:1/crm?no_such_option=1"),
    ],
)
def test_wrong_setting_ends_the_start_with_one_line(environment, name, text):
    ended = run(environment, "serve", **{name: text})
    assert ended.returncode == 2
    assert ended.stderr.startswith("guanxi: ")
    assert ended.stderr.count("\n") == 1
    assert "secret@" not in ended.stderr


@pytest.mark.parametrize("words", [("worker",), ("web",), ("schedule",)])
def test_each_part_runs_alone_and_stops(environment, port, words):
    assert run(environment, "migrate").returncode == 0
    process = subprocess.Popen([sys.executable, "-m", "guanxi.cli", *words], env=environment)
    wait_until(lambda: _handles(process.pid, signal.SIGTERM))
    if words == ("web",):
        wait_until(lambda: answer(port))
    process.terminate()
    assert process.wait(timeout=10) == 0


def _handles(pid, number):
    """Whether the process has a handler of its own for the signal."""
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    caught = next(line for line in lines if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (number - 1) & 1
