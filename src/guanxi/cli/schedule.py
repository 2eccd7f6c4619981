import argparse
import threading

from guanxi.cli.ending import follow_parent, stop_on_signals
from guanxi.jobs.schedule import run_schedule

SECONDS_TO_STOP = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_options: argparse.Namespace) -> int:
    stop = threading.Event()
    stop_on_signals(stop, grace=SECONDS_TO_STOP)
    follow_parent()
    run_schedule(stop)
    return 0
