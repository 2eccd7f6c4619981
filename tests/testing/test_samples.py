"""Samples come from nothing: without day-one data every object gets what it needs, and no loop."""

import pytest
from django.db import connection

from guanxi.kernel import registry
from guanxi.kernel.spec import Capability
from guanxi.testing.people import SYSTEM
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db

MADE = [spec for spec in registry.specs() if spec.can(Capability.CREATE) and spec.form]


@pytest.fixture
def nothing_there(db):
    """No row of any object: links are checked at the end of a transaction that never comes."""
    with connection.cursor() as cursor:
        for spec in registry.specs():
            for model in (*(parts.model for parts in spec.parts), spec.model):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.mark.parametrize("spec", MADE, ids=lambda spec: spec.key)
@pytest.mark.parametrize("number", [0, 3])
def test_a_first_row_of_every_object(nothing_there, spec, number):
    record = make(spec, SYSTEM, number)
    assert spec.model.rows(SYSTEM).filter(pk=record.pk).exists()
