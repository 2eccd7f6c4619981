from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from guanxi.cli.terminal import Halt, unusable


def ensure_database(*, filled: bool = True) -> None:
    """Ends the command where the database does not answer or, asked for a filled one, is empty."""
    try:
        connection.ensure_connection()
        is_filled = MigrationRecorder(connection).has_table()
    except DatabaseError as fault:
        raise unusable(fault) from fault
    if filled and not is_filled:
        raise Halt(
            "the database is empty; run “guanxi migrate” first. 数据库是空的，请先运行 migrate。"
        )
