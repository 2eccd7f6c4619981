import importlib

import pytest

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
