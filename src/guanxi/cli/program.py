"""From words to a command."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django

from guanxi.cli.commands import COMMANDS
from guanxi.cli.terminal import WRONG_USE, Halt, complain, say
from guanxi.conf.env import EnvironmentFault, read_environment
from guanxi.conf.messages import compile_catalogs

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 well, 1 failed, 2 wrong use or settings."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        say(help_text())
        return 0 if words else WRONG_USE
    if words[0] not in COMMANDS:
        complain(f"there is no command {words[0]!r}. 没有这个命令。\n\n{help_text()}")
        return WRONG_USE
    try:
        return _run(words[0], words[1:])
    except Halt as halt:
        complain(halt.line)
        return halt.code
    except EnvironmentFault as fault:
        complain(str(fault))
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED


def help_text() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        ["usage: guanxi COMMAND [options]", "", *lines, "", "guanxi COMMAND --help tells more."]
    )


def _run(name: str, words: Sequence[str]) -> int:
    command = COMMANDS[name]
    if command.django:
        prepare_django()
    module = importlib.import_module(f"guanxi.cli.{command.module or name}")
    parser = argparse.ArgumentParser(prog=f"guanxi {name}", description=command.help)
    module.add_arguments(parser)
    try:
        options = parser.parse_args(words)
    except SystemExit as end:
        return WRONG_USE if end.code else 0
    if command.database:
        importlib.import_module("guanxi.cli.database").ensure_database()
    return module.run(options)


def prepare_django() -> None:
    """Raises EnvironmentFault for a setting that can't be used."""
    read_environment()
    compile_catalogs()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.conf.settings")
    django.setup()
