from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    """Reads every installed package's `module.py`; what objects exist is known from here on."""

    name = "guanxi.kernel"
    label = "kernel"

    def ready(self) -> None:
        lookups = import_module("guanxi.kernel.lookups")
        lookups.register()
        import_module("guanxi.kernel.extra_paths").register()
        registry = import_module("guanxi.kernel.registry")
        for config in apps.get_app_configs():
            if config.name.startswith("guanxi.") and find_spec(f"{config.name}.module"):
                registry.register(import_module(f"{config.name}.module").MODULE)
        import_module("guanxi.kernel.startup")
        collation = import_module("guanxi.kernel.collation")
        post_migrate.connect(collation.sort_by_code_point, sender=self)
        post_migrate.connect(registry.after_migrate, sender=self)
