"""The write-ahead log finds its way back into the database beside who writes."""

import sqlite3
from threading import Event

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.utils.connection import ConnectionProxy

from guanxi.jobs import checkpoints, worker
from guanxi.jobs.checkpoints import copy_back, copying_back

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has this log"),
]
MARK = "一句只写一次的话".encode()


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A file of its own, whose log nobody else copies back, instead of the tests' database."""
    file = tmp_path / "log.sqlite3"
    held = sqlite3.connect(file, isolation_level=None)
    held.execute("PRAGMA journal_mode=WAL")
    held.execute("PRAGMA wal_autocheckpoint=0")
    held.execute("CREATE TABLE pets (name text)")
    held.execute("INSERT INTO pets VALUES (?)", [MARK.decode()])
    handler = ConnectionHandler({"default": {"ENGINE": "guanxi.conf.sqlite", "NAME": str(file)}})
    monkeypatch.setattr(checkpoints, "connection", ConnectionProxy(handler, "default"))
    yield file
    handler["default"].close()
    held.close()


def test_the_log_is_copied_back(database):
    assert MARK not in database.read_bytes()
    assert copy_back() is False
    assert MARK in database.read_bytes()


def test_bulk_work_has_a_thread_that_does_it(database, monkeypatch):
    done = Event()
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(checkpoints, "copy_back", lambda: copy_back() or done.set())
    with copying_back():
        assert done.wait(20)
    assert MARK in database.read_bytes()


def test_workers_do_it_beside_their_jobs():
    assert copy_back in worker._tickers
