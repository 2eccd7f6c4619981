"""The beginning of an import's second process, before Django is ready there."""

import importlib
import signal
from multiprocessing.connection import Connection

import django

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")


def main(connection: Connection, begin: str) -> None:
    """Calls `begin`, a "module:function", with the connection; the first message is for it.

    It ends when the first process closes the connection or is gone, and not by signals: those reach
    the first, which leaves at its next safe point.
    """
    for name in ENDINGS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    django.setup()
    module, _colon, function = begin.partition(":")
    getattr(importlib.import_module(module), function)(connection)
