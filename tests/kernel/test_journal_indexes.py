"""The journal is the largest table: each index on it costs every change."""

import pytest
from django.db import connection

from guanxi.kernel.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_no_index_of_the_journal_repeats_the_beginning_of_another():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Change._meta.db_table)
    # A partial index is another thing, however its columns are called.
    columns = {
        name: one["columns"]
        for name, one in found.items()
        if (one["index"] or one["unique"]) and name != "change_deleted"
    }
    assert ["batch_id", "id"] in columns.values()
    repeated = [
        name
        for name, mine in columns.items()
        for other, theirs in columns.items()
        if name != other and theirs[: len(mine)] == mine
    ]
    assert repeated == []
