import argparse
import importlib
import importlib.util

from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError

from guanxi.cli.database import ensure_database
from guanxi.cli.ending import follow_parent
from guanxi.cli.terminal import say, unusable
from guanxi.conf.env import read_environment
from guanxi.kernel import registry

FIRST_ACCOUNT = "guanxi.people.first"
DEMO = "guanxi.demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--first-start", action="store_true", help="also make the first account if there is none"
    )


def run(options: argparse.Namespace) -> int:
    follow_parent()
    ensure_database(filled=False)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except OperationalError as fault:
        raise unusable(fault) from fault
    _make_day_one_data()
    if options.first_start:
        _make_first_account()
    return 0


def _make_day_one_data() -> None:
    """Roles, dictionaries, pipelines a new installation begins with; what exists stays as it is."""
    for module in registry.modules():
        if module.day_one is not None:
            module.day_one()


def _make_first_account() -> None:
    """`ensure_first_account()` returns name and password of the account it made, else None."""
    if not apps.is_installed("guanxi.people") or not importlib.util.find_spec(FIRST_ACCOUNT):
        return
    account = importlib.import_module(FIRST_ACCOUNT).ensure_first_account()
    if account:
        name, password = account
        say(f"First account 首个账号: {name} / {password}")
        _make_demo()


def _make_demo() -> None:
    if apps.is_installed(DEMO) and read_environment().demo:
        say("Making the demo, a moment 正在生成演示数据...")
        importlib.import_module("guanxi.cli.demo").make()
