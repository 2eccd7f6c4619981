import argparse

from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--command", help="Python to run instead of a prompt")


def run(options: argparse.Namespace) -> int:
    call_command("shell", command=options.command)
    return 0
