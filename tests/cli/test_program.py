import importlib

import pytest
from django.db import OperationalError, connection

from guanxi.cli import main
from guanxi.cli.commands import COMMANDS


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_unknown_command_shows_the_help(capsys):
    assert main(["dance"]) == 2
    shown = capsys.readouterr().err
    assert "'dance'" in shown
    assert "usage: guanxi COMMAND" in shown


def test_without_a_command_help_is_shown(capsys):
    assert main([]) == 2
    assert "usage: guanxi COMMAND" in capsys.readouterr().out


def test_wrong_option_is_wrong_use(capsys):
    assert main(["web", "--colour"]) == 2
    assert "--colour" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    module = COMMANDS[name].module or name
    assert callable(importlib.import_module(f"guanxi.cli.{module}").run)
    assert main([name, "--help"]) == 0
    assert COMMANDS[name].help in " ".join(capsys.readouterr().out.split())


def test_wrong_setting_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("GUANXI_PORT", "x")
    assert main(["worker"]) == 2
    assert capsys.readouterr().err.startswith("guanxi: GUANXI_PORT")


@pytest.mark.parametrize(
    "words",
    ["user list", "token list", "explain customers", "demo", "search rebuild", "reseal", "migrate",
     "import --as 1 --object customers x.csv", "backup x.zip"],
)  # fmt: skip
def test_a_database_that_does_not_answer_is_one_line(monkeypatch, capsys, words):
    def refuse():
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    assert main(words.split()) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("guanxi: the database can't be used: connection refused Is the")
    assert shown.count("\n") == 1


@pytest.mark.django_db
def test_a_database_that_was_never_filled_is_named(monkeypatch, capsys):
    monkeypatch.setattr("guanxi.cli.database.MigrationRecorder.has_table", lambda recorder: False)
    assert main(["user", "list"]) == 2
    assert "guanxi migrate" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["access", "access somebody", "access somebody customers/1 more"])
def test_explain_says_how_it_is_used(capsys, words):
    assert main(["explain", *words.split()]) == 2
    assert "explain access PERSON RECORD" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_module_without_migrations_does_not_pass(monkeypatch, capsys, settings):
    settings.MIGRATION_MODULES = {"backup": "guanxi.backup.not_there"}
    assert main(["check"]) == 1
    assert "without a migration" in capsys.readouterr().err
