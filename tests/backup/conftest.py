"""Installations of their own, each a folder and a database, used as people use them: by commands."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from guanxi.cli import supervisor
from guanxi.testing.postgres import no_server, postgres_server

HERE = Path(__file__).parent


@dataclass
class Installation:
    """`database` is empty for SQLite in the folder."""

    folder: Path
    database: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def guanxi(self, *words, typed="", limit=0):
        """Runs a command; `limit`: the largest file in bytes the machine lets it write."""
        arguments = [sys.executable, "-m", "guanxi.cli", *map(str, words)]
        if limit:
            arguments = ["prlimit", f"--fsize={limit}", *arguments]
        return self._run(arguments, typed)

    def script(self, *words):
        return self._run([sys.executable, str(HERE / "scripts.py"), *map(str, words)], "")

    def _run(self, arguments, typed):
        return subprocess.run(
            arguments, env=self.environment(), input=typed, text=True, capture_output=True
        )

    def environment(self):
        kept = {name: text for name, text in os.environ.items() if not name.startswith("GUANXI_")}
        own = {
            "DATABASE_URL": self.database,
            "GUANXI_DATA_DIR": str(self.folder),
            "GUANXI_DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "guanxi.conf.settings",
            "PYTHONPATH": os.pathsep.join([supervisor.SOURCE, str(HERE)]),
        }
        return kept | own | self.more

    def ask(self, sql):
        """The rows of a statement both databases understand."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(self.folder / "guanxi.sqlite3")) as connection:
            return connection.execute(sql).fetchall()

    def write(self, sql):
        """On SQLite only, past every door."""
        with closing(sqlite3.connect(self.folder / "guanxi.sqlite3")) as connection:
            connection.execute(sql)
            connection.commit()


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """A firm with customers, attachments and odd texts, on SQLite. Nobody may change it."""
    made = Installation(tmp_path_factory.mktemp("office"))
    shown = made.guanxi("migrate", "--first-start")
    assert shown.returncode == 0, shown.stderr
    shown = made.script("fill")
    assert shown.returncode == 0, shown.stderr
    return made


@pytest.fixture(scope="session")
def backup(office, tmp_path_factory):
    """The office in one file."""
    target = tmp_path_factory.mktemp("file") / "office.zip"
    shown = office.guanxi("backup", target)
    assert shown.returncode == 0, shown.stderr
    return target


@pytest.fixture
def copy_of(tmp_path):
    """A second installation with the same content."""

    def copy(office):
        shutil.copytree(office.folder, tmp_path / "copy")
        return Installation(tmp_path / "copy")

    return copy


@pytest.fixture
def empty(tmp_path):
    return Installation(tmp_path / "empty")


@pytest.fixture(scope="session")
def server():
    with postgres_server() as url:
        if url is None:
            pytest.skip(no_server())
        yield url


@pytest.fixture
def on_postgres(server, tmp_path):
    """An installation on an empty PostgreSQL database."""
    parts = urlsplit(server)
    name = f"{parts.path[1:]}_backup"
    admin = parts._replace(path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    yield Installation(tmp_path / "postgres", parts._replace(path=f"/{name}").geturl())
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
