"""Who finds the database locked asks again soon, for as long as is set and no longer."""

import sqlite3
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from guanxi.conf.sqlite import base
from guanxi.jobs.run import Timing

pytestmark = pytest.mark.django_db
PATIENCE = 20


@pytest.fixture
def held(tmp_path):
    """A connection that holds the lock of writing."""
    holder = sqlite3.connect(tmp_path / "shared.sqlite3", isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("CREATE TABLE pets (name text)")
    holder.execute("BEGIN IMMEDIATE")
    yield holder
    holder.close()


@pytest.fixture
def waiting(tmp_path, held):
    options = {"timeout": PATIENCE, "transaction_mode": "IMMEDIATE"}
    name = str(tmp_path / "shared.sqlite3")
    settings = {"ENGINE": "guanxi.conf.sqlite", "NAME": name, "OPTIONS": options}
    connection = ConnectionHandler({"default": settings})["default"]
    yield connection
    connection.close()


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made; `pauses.then` is called after each, the clock goes by them."""
    found = SimpleNamespace(all=[], then=lambda: None)

    def sleep(seconds):
        found.all.append(seconds)
        found.then()

    clock = SimpleNamespace(sleep=sleep, monotonic=lambda: sum(found.all))
    monkeypatch.setattr(base, "time", clock)
    return found


def test_a_statement_waits_until_the_lock_is_free(waiting, held, pauses):
    pauses.then = lambda: held.execute("COMMIT") if len(pauses.all) == 5 else None
    with waiting.cursor() as cursor:
        cursor.execute("INSERT INTO pets VALUES (%s)", ["小虎"])
        cursor.execute("SELECT name FROM pets")
        assert cursor.fetchall() == [("小虎",)]
    assert len(pauses.all) == 5


def test_patience_ends(waiting, pauses):
    with waiting.cursor() as cursor, pytest.raises(OperationalError, match="locked"):
        cursor.execute("BEGIN IMMEDIATE")
    assert PATIENCE <= sum(pauses.all) < PATIENCE + 1


def test_a_job_that_lets_others_in_pauses_for_longer_than_they_do(waiting, pauses):
    with waiting.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("DELETE FROM pets")
    assert max(pauses.all) * 2 < Timing().breath


def test_within_a_transaction_nothing_is_tried_twice(waiting, pauses):
    with waiting.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT count(*) FROM pets")
        with pytest.raises(OperationalError, match="locked"):
            cursor.execute("INSERT INTO pets VALUES ('小虎')")
    assert pauses.all == []
