"""Fields one searches by get their index in a job, and lose it when nobody searches any more."""

import pytest
from django.db import connection

from guanxi.custom import indexes
from guanxi.custom.jobs import JOB, bring_up_to_date, check_indexes
from guanxi.jobs.models import Job
from guanxi.jobs.run import Run
from guanxi.kernel import acts, query
from guanxi.kernel.actor import system_actor
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.values import edit_record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")


def run_jobs():
    """What the worker would do, within this test's transaction."""
    jobs = Job.objects.filter(kind=JOB)
    assert jobs.exists()
    done = bring_up_to_date(Run(jobs.first()))
    jobs.delete()
    return done


def test_built_when_asked_and_dropped_when_not(define):
    field = define("integer", asked="")
    assert not Job.objects.filter(kind=JOB).exists()
    edit_record(SYSTEM, field, {"asked": "1"})
    name = f"gx_customers_customer_{field.path}"
    assert run_jobs() == {"dropped": [], "built": [name]}
    assert indexes.missing() == indexes.needless() == []
    acts.invalidate_record(SYSTEM, field)
    assert run_jobs() == {"dropped": [name], "built": []}


def test_every_type_can_be_indexed_and_the_query_uses_it(fields, customers, add):
    held = {kind: path for kind, path in vars(fields).items() if kind in indexes.INDEXED}
    assert len(held) == 5
    # A text has two: its value, and its pinyin for the order.
    assert len(run_jobs()["built"]) == 6
    leaf = [fields.integer, "is", 5]
    node = query.read(customers, leaf, actor=SYSTEM)
    rows = unscoped(customers, SYSTEM).filter(query.compile_q(node))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"gx_customers_customer_{fields.integer}" in rows.explain()
    add("甲公司", **{fields.text: "字" * 200})


def test_what_a_migration_lost_is_built_again(define):
    name = f"gx_customers_customer_{define('date').path}"
    run_jobs()
    check_indexes()
    assert not Job.objects.filter(kind=JOB).exists()
    indexes.drop(name)
    check_indexes()
    assert run_jobs()["built"] == [name]
