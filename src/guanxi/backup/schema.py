"""The tables as an older version had them, and the way from there to this one."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from guanxi.backup.archive import Manifest, newer_message
from guanxi.kernel.errors import Refused


def check_known(manifest: Manifest) -> None:
    """Raises Refused for a backup of a newer version, or of modules that are not installed."""
    graph = MigrationExecutor(None).loader.graph
    unknown = {app for app, name in manifest.migrations if (app, name) not in graph.nodes}
    missing = sorted(unknown - {app for app, _name in graph.nodes})
    if missing:
        text = _("This backup holds parts that are not installed here: %(names)s.")
        raise Refused(text % {"names": ", ".join(missing)}, code="newer")
    if unknown:
        raise Refused(newer_message(), code="newer")


def migrate_to(manifest: Manifest) -> None:
    """Makes the empty tables of exactly the migrations the backup had. The transaction is the
    caller's."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in manifest.migrations}
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    steps = [(step, back) for step, back in plan if (step.app_label, step.name) in wanted]
    executor.recorder.ensure_schema()
    executor.migrate(None, plan=steps)


def migrate_up() -> None:
    """Everything that has come since."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
