import argparse
import importlib
import os
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from guanxi.cli import listening
from guanxi.cli.ending import end_with_parent, follow_parent
from guanxi.cli.terminal import say
from guanxi.conf.env import read_environment

APPLICATION = "guanxi.conf.wsgi:application"
SECONDS_TO_STOP = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none: address and number of processes come from the environment."""


def run(_options: argparse.Namespace) -> int:
    environment = read_environment()
    listening.ensure_free(environment.host, environment.port)
    if not follow_parent():
        say(f"Guanxi answers at {listening.address(environment.host, environment.port)}")
    server = Granian(
        APPLICATION,
        address=environment.host,
        port=environment.port,
        interface=Interfaces.WSGI,
        workers=environment.web_workers,
        blocking_threads=_threads(),
        blocking_threads_idle_timeout=600,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    server.serve(target_loader=load)
    return 0


def load(target: str) -> Any:
    """Runs in each web process: left behind by a killed server it would go on holding the port."""
    end_with_parent(os.getppid())
    module, name = target.split(":")
    return getattr(importlib.import_module(module), name)


def _threads() -> int:
    return min(2 * (os.cpu_count() or 1) + 1, 8)
