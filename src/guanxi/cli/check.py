import argparse

from django.core.management import CommandError, call_command

from guanxi.cli.terminal import complain, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deploy", action="store_true", help="also what matters in production")


def run(options: argparse.Namespace) -> int:
    try:
        call_command("check", deploy=options.deploy, fail_level="WARNING")
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except CommandError as fault:
        complain(str(fault))
        return 1
    except SystemExit:
        complain("a model has changed without a migration, see above")
        return 1
    say("All is well.")
    return 0
