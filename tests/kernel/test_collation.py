"""Sort keys compare by code point on every database."""

import pytest
from django.db import connection

from guanxi.kernel.collation import sort_by_code_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compares by code point anyway")


def collation_of(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns "
            "WHERE table_name = %s AND column_name = %s AND table_schema = current_schema()",
            [table, column],
        )
        return cursor.fetchone()[0]


def test_migrated_key_columns_have_the_collation(on_postgres):
    assert collation_of("people_person", "name_key") == "C"
    assert collation_of("people_person", "name") != "C"


def test_a_key_column_that_was_altered_gets_it_back(on_postgres):
    with connection.cursor() as cursor:
        cursor.execute(
            'ALTER TABLE people_person ALTER name_key TYPE varchar(80) COLLATE "und-x-icu"'
        )
    sort_by_code_point()
    assert collation_of("people_person", "name_key") == "C"


def test_sqlite_needs_nothing(django_assert_num_queries):
    if connection.vendor == "postgresql":
        pytest.skip("for SQLite")
    with django_assert_num_queries(0):
        sort_by_code_point()
