from importlib import import_module

from django.apps import AppConfig


class ConfConfig(AppConfig):
    """Registers the check that every address has its right, before anything is served."""

    name = "guanxi.conf"
    label = "conf"

    def ready(self) -> None:
        import_module("guanxi.conf.startup")
