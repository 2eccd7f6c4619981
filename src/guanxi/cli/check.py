import argparse
from io import StringIO

from django.apps import apps
from django.core.management import CommandError, call_command

from guanxi.cli.terminal import complain, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deploy", action="store_true", help="also what matters in production")


def run(options: argparse.Namespace) -> int:
    missing = StringIO()
    try:
        call_command("check", deploy=options.deploy, fail_level="WARNING")
        call_command("makemigrations", *_labels(), check=True, dry_run=True, stdout=missing)
    except CommandError as fault:
        complain(str(fault))
        return 1
    except SystemExit:
        say(missing.getvalue())
        complain("a model has changed without a migration, see above")
        return 1
    say("All is well.")
    return 0


def _labels() -> list[str]:
    """Named one by one: of an app without any migrations Django says nothing by itself."""
    return [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("guanxi.") and any(config.get_models())
    ]
