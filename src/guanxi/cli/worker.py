import argparse
import threading

from guanxi.cli.ending import follow_parent, stop_on_signals
from guanxi.jobs.worker import LANES, continue_for, run_worker

SECONDS_TO_STOP = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lane", choices=LANES, action="append", help="only this one")
    parser.add_argument(
        "--replaces", type=int, metavar="PID", help="a dead worker of this machine to continue"
    )


def run(options: argparse.Namespace) -> int:
    stop = threading.Event()
    stop_on_signals(stop, grace=SECONDS_TO_STOP)
    follow_parent()
    if options.replaces:
        continue_for(options.replaces)
    run_worker(options.lane or LANES, stop)
    return 0
