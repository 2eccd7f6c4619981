from importlib import import_module

from django.apps import AppConfig

from guanxi.conf.catalogs import merge_catalogs

# Before any model: the first word that is said loads the catalogs.
merge_catalogs()


class ConfConfig(AppConfig):
    """Registers the check that every address has its right, before anything is served."""

    name = "guanxi.conf"
    label = "conf"

    def ready(self) -> None:
        import_module("guanxi.conf.startup")
