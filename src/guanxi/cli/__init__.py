"""The command line. A command is a module of this folder and a line in `commands.py`."""

from guanxi.cli.program import main

__all__ = ["main"]
