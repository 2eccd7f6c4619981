import argparse
import threading

from guanxi.cli import listening
from guanxi.cli.ending import stop_on_signals
from guanxi.cli.supervisor import Part, run_to_end, supervise
from guanxi.cli.terminal import say
from guanxi.conf.env import Environment, read_environment

PARTS = (
    ("web", ["web"]),
    ("quick worker", ["worker", "--lane", "quick"]),
    ("bulk worker", ["worker", "--lane", "bulk"]),
    ("schedule", ["schedule"]),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none: what differs between installations comes from the environment."""


def run(_options: argparse.Namespace) -> int:
    environment = read_environment()
    listening.ensure_free(environment.host, environment.port)
    stop = threading.Event()
    stop_on_signals(stop)
    code = run_to_end(["migrate", "--first-start"], stop)
    if code or stop.is_set():
        return 0 if stop.is_set() else code
    parts = [Part(name, words, replaces=words[0] == "worker") for name, words in PARTS]
    return supervise(parts, stop, on_look=_announcement(environment))


def _announcement(environment: Environment):
    announced = threading.Event()

    def look() -> None:
        if not announced.is_set() and listening.answers(environment.host, environment.port):
            announced.set()
            say(f"Guanxi 关系: {listening.address(environment.host, environment.port)}")

    return look
